-- +goose Up
-- Who wants to be told once when BSrE answers again.
CREATE TABLE recovery_waits (
    platform TEXT NOT NULL,
    account  TEXT NOT NULL,
    what     TEXT NOT NULL, -- the command that could not be done
    language TEXT NOT NULL,
    press    TEXT NOT NULL, -- the update that asked for it
    asked    INTEGER NOT NULL,
    PRIMARY KEY (platform, account)
);
CREATE INDEX recovery_waits_what ON recovery_waits (what, asked);

-- +goose Down
DROP TABLE recovery_waits;
