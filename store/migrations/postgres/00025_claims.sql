-- +goose Up
-- What a chat has to do with a NIP that it named, known or not: when it asked
-- for a code, when it got one, and until when it is trusted as that person's.
CREATE TABLE claims (
    platform   TEXT    NOT NULL,
    account    TEXT    NOT NULL,
    nip_hash   BYTEA NOT NULL,
    nip_sealed BYTEA NOT NULL,
    asked      BIGINT NOT NULL,
    issued     BIGINT NOT NULL DEFAULT 0,
    trusted    BIGINT NOT NULL DEFAULT 0,
    wrong      BIGINT NOT NULL DEFAULT 0, -- codes in a row, while it is trusted
    freed      BIGINT NOT NULL DEFAULT 0, -- when an officer let it begin anew
    PRIMARY KEY (platform, account, nip_hash)
);
CREATE INDEX claims_nip_hash ON claims (nip_hash, asked);

-- What strangers together did for a NIP.
CREATE TABLE code_guards (
    nip_hash BYTEA PRIMARY KEY,
    wrong    BIGINT NOT NULL DEFAULT 0, -- codes in a row
    freed    BIGINT NOT NULL DEFAULT 0, -- when an officer let them begin anew
    told     BIGINT NOT NULL DEFAULT 0, -- when the officers were told
    changed  BIGINT NOT NULL
);

-- By whom a code was asked for: 0 a trusted chat, 1 a stranger, 2 a stranger
-- who got one for this NIP for the first time, beyond what strangers get.
ALTER TABLE codes ADD COLUMN stranger BIGINT NOT NULL DEFAULT 1;
CREATE INDEX codes_created ON codes (created);

-- +goose Down
DROP INDEX codes_created;
ALTER TABLE codes DROP COLUMN stranger;
DROP TABLE code_guards;
DROP TABLE claims;
