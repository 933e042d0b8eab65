-- +goose Up
-- How a person wants pages (1: text alone), and what they wanted when they
-- were asked who they are.
ALTER TABLE accounts ADD COLUMN text_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN errand TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN errand_at INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE accounts DROP COLUMN text_only;
ALTER TABLE accounts DROP COLUMN errand;
ALTER TABLE accounts DROP COLUMN errand_at;
