-- +goose Up
-- What a person told once: the browser in front of them, and whether the bot
-- may ask unasked (0: yes).
ALTER TABLE accounts ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN quiet BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE accounts DROP COLUMN browser;
ALTER TABLE accounts DROP COLUMN quiet;
