-- +goose Up
-- Who answers an account looks at all that is open of it.
CREATE INDEX inbox_account ON inbox (account, received) WHERE payload IS NOT NULL;

-- +goose Down
DROP INDEX inbox_account;
