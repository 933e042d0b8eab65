-- +goose Up
DROP TABLE employees_plain;
DROP TABLE statuses_plain;
ALTER TABLE accounts DROP COLUMN nip;
ALTER TABLE codes DROP COLUMN nip;
ALTER TABLE resets DROP COLUMN nip;
ALTER TABLE walks DROP COLUMN owner;
ALTER TABLE audit DROP COLUMN nip;
