-- +goose Up
-- No person stands in clear: beside what is sealed stands its blind index, a
-- keyed hash to find it by. The next step moves over what is there.
DROP INDEX employees_old_nip;
DROP INDEX employees_email;
ALTER TABLE employees RENAME TO employees_plain;
CREATE TABLE employees (
    id           INTEGER PRIMARY KEY,
    nip_hash     BLOB    NOT NULL,
    person       BLOB NOT NULL, -- sealed: all that the directory says
    email_hash   BLOB NOT NULL,
    old_nip_hash BLOB,
    active       INTEGER NOT NULL,
    fingerprint  BLOB NOT NULL  -- keyed hash of the row, to leave unchanged rows untouched
);
CREATE UNIQUE INDEX employees_nip_hash ON employees (nip_hash);
CREATE INDEX employees_old_nip_hash ON employees (old_nip_hash) WHERE old_nip_hash IS NOT NULL;
CREATE INDEX employees_email_hash ON employees (email_hash);

ALTER TABLE statuses RENAME TO statuses_plain;
CREATE TABLE statuses (
    nip_hash BLOB PRIMARY KEY,
    value    TEXT NOT NULL,
    message  BLOB NOT NULL, -- sealed
    asked    INTEGER NOT NULL,
    end_date INTEGER NOT NULL
);

DROP INDEX accounts_nip;
ALTER TABLE accounts ADD COLUMN nip_hash BLOB;
ALTER TABLE accounts ADD COLUMN nip_sealed BLOB;
CREATE UNIQUE INDEX accounts_nip_hash ON accounts (nip_hash, platform) WHERE nip_hash IS NOT NULL;

DROP INDEX codes_nip;
ALTER TABLE codes ADD COLUMN nip_hash BLOB;
ALTER TABLE codes ADD COLUMN nip_sealed BLOB;
CREATE INDEX codes_nip_hash ON codes (nip_hash, created);

DROP INDEX resets_nip;
ALTER TABLE resets ADD COLUMN nip_hash BLOB;
ALTER TABLE resets ADD COLUMN nip_sealed BLOB;
CREATE INDEX resets_nip_hash ON resets (nip_hash, created);

DROP INDEX walks_owner;
ALTER TABLE walks ADD COLUMN owner_hash BLOB;
ALTER TABLE walks ADD COLUMN owner_sealed BLOB;
CREATE INDEX walks_owner_hash ON walks (owner_hash, id);

ALTER TABLE audit ADD COLUMN nip_hash BLOB;
ALTER TABLE audit ADD COLUMN nip_sealed BLOB;
