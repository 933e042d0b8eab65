-- +goose Up
-- Times are unix milliseconds; 0 stands for "never". A NIP is its number.
CREATE TABLE employees (
    nip         INTEGER PRIMARY KEY,
    nik         BLOB    NOT NULL, -- sealed
    name        TEXT    NOT NULL,
    email       TEXT    NOT NULL,
    position    TEXT    NOT NULL,
    unit        TEXT    NOT NULL,
    grade       TEXT    NOT NULL,
    old_nip     INTEGER,
    active      INTEGER NOT NULL,
    fingerprint BLOB    NOT NULL  -- keyed hash of the row, to leave unchanged rows untouched
);
CREATE INDEX employees_old_nip ON employees (old_nip) WHERE old_nip IS NOT NULL;
CREATE INDEX employees_email ON employees (lower(email));

CREATE TABLE accounts (
    platform  TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    language  TEXT    NOT NULL DEFAULT '',
    prompt    TEXT    NOT NULL DEFAULT '',
    prompt_at INTEGER NOT NULL DEFAULT 0,
    nip       INTEGER, -- linked
    linked    INTEGER NOT NULL DEFAULT 0,
    verified  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (platform, account)
) WITHOUT ROWID;
CREATE UNIQUE INDEX accounts_nip ON accounts (nip, platform) WHERE nip IS NOT NULL;

CREATE TABLE codes (
    id       INTEGER PRIMARY KEY,
    platform TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    nip      INTEGER NOT NULL, -- as typed; it need not exist
    hash     BLOB    NOT NULL,
    created  INTEGER NOT NULL,
    expires  INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    closed   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX codes_account ON codes (platform, account, created);
CREATE INDEX codes_nip ON codes (nip, created);

CREATE TABLE statuses (
    nip      INTEGER PRIMARY KEY,
    value    TEXT    NOT NULL,
    message  TEXT    NOT NULL,
    asked    INTEGER NOT NULL,
    end_date INTEGER NOT NULL
);

CREATE TABLE resets (
    id       INTEGER PRIMARY KEY,
    key      TEXT    NOT NULL UNIQUE,
    nip      INTEGER NOT NULL,
    platform TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    chat     TEXT    NOT NULL,
    message  TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    language TEXT    NOT NULL,
    created  INTEGER NOT NULL,
    updated  INTEGER NOT NULL
);
CREATE INDEX resets_nip ON resets (nip, created);
CREATE INDEX resets_open ON resets (updated) WHERE state IN ('requested', 'asking');

CREATE TABLE walks (
    id      INTEGER PRIMARY KEY,
    owner   TEXT    NOT NULL,
    guide   TEXT    NOT NULL,
    step    TEXT    NOT NULL,
    version INTEGER NOT NULL,
    state   TEXT    NOT NULL,
    started INTEGER NOT NULL,
    moved   INTEGER NOT NULL
);
CREATE INDEX walks_owner ON walks (owner, id);

CREATE TABLE inbox (
    source   TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    payload  BLOB,             -- sealed; NULL when done
    received INTEGER NOT NULL,
    PRIMARY KEY (source, id)
) WITHOUT ROWID;

CREATE TABLE audit (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    platform TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    nip      INTEGER,
    action   TEXT    NOT NULL,
    outcome  TEXT    NOT NULL,
    detail   TEXT    NOT NULL
);
CREATE INDEX audit_at ON audit (at);

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL -- sealed
) WITHOUT ROWID;

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
