-- +goose Up
-- What officers on the telephone ask employees: is it really you? Who is meant
-- and the code are sealed.
CREATE TABLE phone_checks (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT    NOT NULL UNIQUE, -- of the update that asked: asked once
    nip_hash    BLOB    NOT NULL,
    nip_sealed  BLOB    NOT NULL,
    officer_platform TEXT NOT NULL,
    officer_account  TEXT NOT NULL,
    room_platform TEXT  NOT NULL,        -- where the officer is told
    room_account  TEXT  NOT NULL,
    subject     TEXT    NOT NULL,        -- of the thread there; empty: none
    code        BLOB    NOT NULL,        -- sealed
    state       TEXT    NOT NULL,        -- asked, yes, no, silent
    asked       INTEGER NOT NULL,
    ended       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX phone_checks_nip ON phone_checks (nip_hash, id);
CREATE INDEX phone_checks_asked ON phone_checks (asked);

-- +goose Down
DROP TABLE phone_checks;
