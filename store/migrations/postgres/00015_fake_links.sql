-- +goose Up
-- False links that people were sent, by the host they lead to, to see how many
-- people are meant by the same.
CREATE TABLE fake_links (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host     TEXT    NOT NULL,
    reporter BYTEA   NOT NULL, -- a keyed hash of the account that showed it
    at       BIGINT  NOT NULL
);
CREATE INDEX fake_links_host ON fake_links (host, at);
CREATE INDEX fake_links_reporter ON fake_links (reporter, at);

-- +goose Down
DROP TABLE fake_links;
