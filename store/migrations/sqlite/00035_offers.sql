-- +goose Up
-- Where the bot's last message left the person, so that words answer it: the
-- place, the buttons that stood there, since when, and how often in a row
-- nothing was understood.
ALTER TABLE accounts ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN offered BLOB; -- sealed
ALTER TABLE accounts ADD COLUMN offered_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE accounts DROP COLUMN place;
ALTER TABLE accounts DROP COLUMN offered;
ALTER TABLE accounts DROP COLUMN offered_at;
ALTER TABLE accounts DROP COLUMN missed;
