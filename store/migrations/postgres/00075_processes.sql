-- +goose Up
-- The processes that serve. Each holds a session's lock on its name; whoever
-- finds a name unlocked takes over what bears it.
CREATE TABLE processes (
    name  TEXT PRIMARY KEY,
    since BIGINT NOT NULL
);
ALTER TABLE inbox ADD COLUMN owner TEXT NOT NULL DEFAULT '';  -- who answers it; empty: whoever finds it
ALTER TABLE resets ADD COLUMN owner TEXT NOT NULL DEFAULT ''; -- who asks BSrE; empty: an older version, or nobody yet

-- +goose Down
ALTER TABLE resets DROP COLUMN owner;
ALTER TABLE inbox DROP COLUMN owner;
DROP TABLE processes;
