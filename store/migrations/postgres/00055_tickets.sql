-- +goose Up
-- Tickets of people who need a person: one at a time for an account. Who is
-- meant, what was passed on and every word are sealed.
CREATE TABLE tickets (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    platform    TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    nip_hash    BYTEA,
    nip_sealed  BYTEA,
    state       TEXT    NOT NULL, -- waiting, taken, closed
    reason      TEXT    NOT NULL, -- the page or place that led to it
    language    TEXT    NOT NULL,
    facts       BYTEA,             -- sealed; NULL once removed
    holder_platform TEXT NOT NULL DEFAULT '',
    holder_account  TEXT NOT NULL DEFAULT '',
    outcome     TEXT    NOT NULL DEFAULT '', -- why it was closed
    helped      TEXT    NOT NULL DEFAULT '', -- asked, yes, no
    opened      BIGINT  NOT NULL,
    announced   BIGINT  NOT NULL DEFAULT 0,
    taken       BIGINT  NOT NULL DEFAULT 0,
    answered    BIGINT  NOT NULL DEFAULT 0, -- the first word of an officer's
    spoken      BIGINT  NOT NULL,           -- the last word of anybody's
    raised      BIGINT  NOT NULL DEFAULT 0, -- when it was brought up
    closed      BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX tickets_account ON tickets (platform, account, id);
CREATE UNIQUE INDEX tickets_open ON tickets (platform, account) WHERE state <> 'closed';
CREATE INDEX tickets_state ON tickets (id) WHERE state <> 'closed';
CREATE INDEX tickets_closed ON tickets (closed) WHERE state = 'closed';

CREATE TABLE ticket_words (
    id     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket BIGINT  NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    key    TEXT    NOT NULL, -- of the update that said it
    author TEXT    NOT NULL, -- employee, officer, remark
    words  BYTEA    NOT NULL, -- sealed
    at     BIGINT  NOT NULL,
    UNIQUE (ticket, key)
);

-- The threads of officers' rooms, by what they are about.
CREATE TABLE room_threads (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    platform TEXT NOT NULL,
    room     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    thread   TEXT NOT NULL,
    at       BIGINT  NOT NULL
);
CREATE INDEX room_threads_subject ON room_threads (platform, room, subject, id);
CREATE INDEX room_threads_thread ON room_threads (platform, room, thread);

-- +goose Down
DROP TABLE room_threads;
DROP TABLE ticket_words;
DROP TABLE tickets;
