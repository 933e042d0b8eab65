-- +goose Up
-- What is wrong for everybody: announced by officers, or seen by the bot.
CREATE TABLE disturbances (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    what      TEXT NOT NULL, -- the system; all: everything
    source    TEXT NOT NULL, -- officer or bot
    cause     TEXT NOT NULL, -- the update that announced it; empty: none did
    words     BLOB NOT NULL, -- what officers announced, sealed
    began     INTEGER NOT NULL,
    until     INTEGER NOT NULL, -- the end that is expected; 0: nobody knows
    confirmed INTEGER NOT NULL DEFAULT 0,
    hidden    INTEGER NOT NULL DEFAULT 0,
    ended     INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX disturbances_open ON disturbances (what, source) WHERE ended = 0;
CREATE UNIQUE INDEX disturbances_cause ON disturbances (cause) WHERE cause <> '';

-- Whom a system failed in the last minutes.
CREATE TABLE failures (
    what TEXT NOT NULL,
    who  BLOB NOT NULL, -- a keyed hash
    at   INTEGER NOT NULL,
    PRIMARY KEY (what, who)
);

-- +goose Down
DROP TABLE failures;
DROP TABLE disturbances;
