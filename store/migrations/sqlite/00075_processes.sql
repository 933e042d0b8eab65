-- +goose Up
-- One process serves a file: the inbox's column is only there to be moved.
ALTER TABLE inbox ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE resets ADD COLUMN owner TEXT NOT NULL DEFAULT ''; -- who asks BSrE; empty: an older version, or nobody yet

-- +goose Down
ALTER TABLE resets DROP COLUMN owner;
ALTER TABLE inbox DROP COLUMN owner;
