-- +goose Up
-- Times are unix milliseconds; 0 stands for "never". A NIP is its number.
CREATE TABLE employees (
    nip         BIGINT PRIMARY KEY,
    nik         BYTEA    NOT NULL, -- sealed
    name        TEXT    NOT NULL,
    email       TEXT    NOT NULL,
    position    TEXT    NOT NULL,
    unit        TEXT    NOT NULL,
    grade       TEXT    NOT NULL,
    old_nip     BIGINT,
    active      BIGINT NOT NULL,
    fingerprint BYTEA    NOT NULL  -- keyed hash of the row, to leave unchanged rows untouched
);
CREATE INDEX employees_old_nip ON employees (old_nip) WHERE old_nip IS NOT NULL;
CREATE INDEX employees_email ON employees (lower(email));

CREATE TABLE accounts (
    platform  TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    language  TEXT    NOT NULL DEFAULT '',
    prompt    TEXT    NOT NULL DEFAULT '',
    prompt_at BIGINT NOT NULL DEFAULT 0,
    nip       BIGINT, -- linked
    linked    BIGINT NOT NULL DEFAULT 0,
    verified  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (platform, account)
);
CREATE UNIQUE INDEX accounts_nip ON accounts (nip, platform) WHERE nip IS NOT NULL;

CREATE TABLE codes (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    platform TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    nip      BIGINT NOT NULL, -- as typed; it need not exist
    hash     BYTEA    NOT NULL,
    created  BIGINT NOT NULL,
    expires  BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    closed   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX codes_account ON codes (platform, account, created);
CREATE INDEX codes_nip ON codes (nip, created);

CREATE TABLE statuses (
    nip      BIGINT PRIMARY KEY,
    value    TEXT    NOT NULL,
    message  TEXT    NOT NULL,
    asked    BIGINT NOT NULL,
    end_date BIGINT NOT NULL
);

CREATE TABLE resets (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key      TEXT    NOT NULL UNIQUE,
    nip      BIGINT NOT NULL,
    platform TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    chat     TEXT    NOT NULL,
    message  TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    language TEXT    NOT NULL,
    created  BIGINT NOT NULL,
    updated  BIGINT NOT NULL
);
CREATE INDEX resets_nip ON resets (nip, created);
CREATE INDEX resets_open ON resets (updated) WHERE state IN ('requested', 'asking');

CREATE TABLE walks (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner   TEXT    NOT NULL,
    guide   TEXT    NOT NULL,
    step    TEXT    NOT NULL,
    version BIGINT NOT NULL,
    state   TEXT    NOT NULL,
    started BIGINT NOT NULL,
    moved   BIGINT NOT NULL
);
CREATE INDEX walks_owner ON walks (owner, id);

CREATE TABLE inbox (
    source   TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    payload  BYTEA,             -- sealed; NULL when done
    received BIGINT NOT NULL,
    PRIMARY KEY (source, id)
);

CREATE TABLE audit (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       BIGINT NOT NULL,
    platform TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    nip      BIGINT,
    action   TEXT    NOT NULL,
    outcome  TEXT    NOT NULL,
    detail   TEXT    NOT NULL
);
CREATE INDEX audit_at ON audit (at);

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL -- sealed
);

-- +goose Down
DROP TABLE secrets;
DROP TABLE audit;
DROP TABLE inbox;
DROP TABLE walks;
DROP TABLE resets;
DROP TABLE statuses;
DROP TABLE codes;
DROP TABLE accounts;
DROP TABLE employees;
