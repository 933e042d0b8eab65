-- +goose Up
-- Whose address in the directory is said to be old, in a ticket of an account
-- that is not linked: the NIP's blind index, until the address was mended.
ALTER TABLE tickets ADD COLUMN claim_hash BYTEA;
CREATE INDEX tickets_claim ON tickets (id) WHERE claim_hash IS NOT NULL;

-- +goose Down
DROP INDEX tickets_claim;
ALTER TABLE tickets DROP COLUMN claim_hash;
