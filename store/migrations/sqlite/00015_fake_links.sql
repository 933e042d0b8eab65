-- +goose Up
-- False links that people were sent, by the host they lead to, to see how many
-- people are meant by the same.
CREATE TABLE fake_links (
    id       INTEGER PRIMARY KEY,
    host     TEXT    NOT NULL,
    reporter BLOB    NOT NULL, -- a keyed hash of the account that showed it
    at       INTEGER NOT NULL
);
CREATE INDEX fake_links_host ON fake_links (host, at);
CREATE INDEX fake_links_reporter ON fake_links (reporter, at);

-- +goose Down
DROP TABLE fake_links;
