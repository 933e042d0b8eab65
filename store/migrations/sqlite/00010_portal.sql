-- +goose Up
-- What BSrE's portal last told of an employee's certificate, whenever it was asked.
CREATE TABLE certificates (
    nip_hash BLOB   PRIMARY KEY,
    looked   INTEGER NOT NULL,
    end_date INTEGER NOT NULL, -- 0: not told
    product  TEXT    NOT NULL,
    link     TEXT    NOT NULL  -- the portal's linkAktif
) WITHOUT ROWID;

-- What only one of several processes may do at a time. Times are the
-- database's own clock: those of two machines differ.
CREATE TABLE leases (
    name         TEXT    PRIMARY KEY,
    holder       TEXT    NOT NULL,
    free_at      INTEGER NOT NULL,
    urgent_until INTEGER NOT NULL -- until then it is for those who are in a hurry
) WITHOUT ROWID;

-- Effects on third parties that an employee caused, for their limits.
CREATE TABLE spent (
    id       INTEGER PRIMARY KEY,
    nip_hash BLOB    NOT NULL,
    what     TEXT    NOT NULL,
    at       INTEGER NOT NULL
);
CREATE INDEX spent_nip ON spent (nip_hash, what, at);

-- Values of BSrE that could not be read, by their shape: digits are 9 and
-- letters a.
CREATE TABLE oddities (
    field TEXT    NOT NULL,
    shape TEXT    NOT NULL,
    times INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    PRIMARY KEY (field, shape)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE oddities;
DROP TABLE spent;
DROP TABLE leases;
DROP TABLE certificates;
