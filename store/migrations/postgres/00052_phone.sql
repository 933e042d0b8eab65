-- +goose Up
-- What BSrE's portal last told of the phone number: verified, unverified, or
-- nothing.
ALTER TABLE certificates ADD COLUMN phone TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE certificates DROP COLUMN phone;
