-- +goose Up

-- What an offer is put before its operator in together with others, and that bundle's
-- version.
ALTER TABLE offers ADD COLUMN bundle_id TEXT NOT NULL DEFAULT '';
ALTER TABLE offers ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
CREATE INDEX offers_of_bundle ON offers (bundle_id) WHERE bundle_id <> '';
