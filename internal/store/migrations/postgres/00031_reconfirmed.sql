-- +goose Up

-- Before how many trips an organization was asked once more whether it drives, and said so.
ALTER TABLE tallies ADD COLUMN asked_again BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN reconfirmed BIGINT NOT NULL DEFAULT 0;
