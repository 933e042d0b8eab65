-- +goose Up
-- The id under which all that an update caused is known.
ALTER TABLE audit ADD COLUMN trace TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE audit DROP COLUMN trace;
