-- +goose Up
-- It holds all small values under a name, sealed: no secrets alone.
ALTER TABLE secrets RENAME TO kv;
ALTER INDEX secrets_pkey RENAME TO kv_pkey;

-- +goose Down
ALTER INDEX kv_pkey RENAME TO secrets_pkey;
ALTER TABLE kv RENAME TO secrets;
