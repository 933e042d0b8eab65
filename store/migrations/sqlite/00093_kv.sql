-- +goose Up
-- It holds all small values under a name, sealed: no secrets alone.
ALTER TABLE secrets RENAME TO kv;

-- +goose Down
ALTER TABLE kv RENAME TO secrets;
