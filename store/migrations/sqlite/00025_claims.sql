-- +goose Up
-- What a chat has to do with a NIP that it named, known or not: when it asked
-- for a code, when it got one, and until when it is trusted as that person's.
CREATE TABLE claims (
    platform   TEXT    NOT NULL,
    account    TEXT    NOT NULL,
    nip_hash   BLOB    NOT NULL,
    nip_sealed BLOB    NOT NULL,
    asked      INTEGER NOT NULL,
    issued     INTEGER NOT NULL DEFAULT 0,
    trusted    INTEGER NOT NULL DEFAULT 0,
    wrong      INTEGER NOT NULL DEFAULT 0, -- codes in a row, while it is trusted
    freed      INTEGER NOT NULL DEFAULT 0, -- when an officer let it begin anew
    PRIMARY KEY (platform, account, nip_hash)
) WITHOUT ROWID;
CREATE INDEX claims_nip_hash ON claims (nip_hash, asked);

-- What strangers together did for a NIP.
CREATE TABLE code_guards (
    nip_hash BLOB PRIMARY KEY,
    wrong    INTEGER NOT NULL DEFAULT 0, -- codes in a row
    freed    INTEGER NOT NULL DEFAULT 0, -- when an officer let them begin anew
    told     INTEGER NOT NULL DEFAULT 0, -- when the officers were told
    changed  INTEGER NOT NULL
) WITHOUT ROWID;

-- By whom a code was asked for: 0 a trusted chat, 1 a stranger, 2 a stranger
-- who got one for this NIP for the first time, beyond what strangers get.
ALTER TABLE codes ADD COLUMN stranger INTEGER NOT NULL DEFAULT 1;
CREATE INDEX codes_created ON codes (created);

-- +goose Down
DROP INDEX codes_created;
ALTER TABLE codes DROP COLUMN stranger;
DROP TABLE code_guards;
DROP TABLE claims;
