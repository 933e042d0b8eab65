-- +goose Up
-- The phone number that BSrE's portal last told, masked; sealed.
ALTER TABLE certificates ADD COLUMN number BLOB;

-- +goose Down
ALTER TABLE certificates DROP COLUMN number;
