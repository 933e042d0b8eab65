-- +goose Up
-- The update that asked for a code: brought again after a crash, it gets no
-- second code, whose mail would undo the first.
ALTER TABLE codes ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE codes DROP COLUMN asked_by;
