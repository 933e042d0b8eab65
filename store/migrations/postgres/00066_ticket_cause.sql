-- +goose Up
-- The update that opened a ticket last, so that it is answered the same when a
-- crash brings it again.
ALTER TABLE tickets ADD COLUMN cause TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE tickets DROP COLUMN cause;
