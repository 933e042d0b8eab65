-- +goose Up
-- Proofs of who acts that were used already, until they are too old anyway.
CREATE TABLE spent_triggers (
    id    TEXT   NOT NULL PRIMARY KEY, -- a hash
    until BIGINT NOT NULL
);
CREATE INDEX spent_triggers_until ON spent_triggers (until);

-- +goose Down
DROP TABLE spent_triggers;
