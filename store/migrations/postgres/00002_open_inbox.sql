-- +goose Up
-- Replicas look often for open updates, among the ids of a week.
CREATE INDEX inbox_open ON inbox (received) WHERE payload IS NOT NULL;

-- +goose Down
DROP INDEX inbox_open;
