-- +goose Up
-- The phone number that BSrE's portal last told, masked; sealed.
ALTER TABLE certificates ADD COLUMN number BYTEA;

-- +goose Down
ALTER TABLE certificates DROP COLUMN number;
