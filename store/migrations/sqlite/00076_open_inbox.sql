-- +goose Up
-- The bot looks for open updates every few seconds, among the ids of a week.
CREATE INDEX inbox_open ON inbox (received) WHERE payload IS NOT NULL;

-- +goose Down
DROP INDEX inbox_open;
