-- +goose Up
-- Which update led to where an account is, and where it was before: a crash
-- that brings the update again finds it there.
ALTER TABLE accounts ADD COLUMN offered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN before_place TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN before_offered BYTEA;
ALTER TABLE accounts ADD COLUMN before_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN before_missed BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE accounts DROP COLUMN before_missed;
ALTER TABLE accounts DROP COLUMN before_at;
ALTER TABLE accounts DROP COLUMN before_offered;
ALTER TABLE accounts DROP COLUMN before_place;
ALTER TABLE accounts DROP COLUMN offered_by;
