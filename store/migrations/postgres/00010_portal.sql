-- +goose Up
-- What BSrE's portal last told of an employee's certificate, whenever it was asked.
CREATE TABLE certificates (
    nip_hash BYTEA   PRIMARY KEY,
    looked   BIGINT NOT NULL,
    end_date BIGINT NOT NULL, -- 0: not told
    product  TEXT    NOT NULL,
    link     TEXT    NOT NULL  -- the portal's linkAktif
);

-- What only one of several processes may do at a time. Times are the
-- database's own clock: those of two machines differ.
CREATE TABLE leases (
    name         TEXT    PRIMARY KEY,
    holder       TEXT    NOT NULL,
    free_at      BIGINT NOT NULL,
    urgent_until BIGINT NOT NULL -- until then it is for those who are in a hurry
);

-- Effects on third parties that an employee caused, for their limits.
CREATE TABLE spent (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nip_hash BYTEA    NOT NULL,
    what     TEXT    NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX spent_nip ON spent (nip_hash, what, at);

-- Values of BSrE that could not be read, by their shape: digits are 9 and
-- letters a.
CREATE TABLE oddities (
    field TEXT    NOT NULL,
    shape TEXT    NOT NULL,
    times BIGINT NOT NULL,
    first BIGINT NOT NULL,
    last  BIGINT NOT NULL,
    PRIMARY KEY (field, shape)
);

-- +goose Down
DROP TABLE oddities;
DROP TABLE spent;
DROP TABLE leases;
DROP TABLE certificates;
