-- +goose Up

-- The other side of a booking in dispute reads the ticket and adds what it knows.
ALTER TABLE tickets ADD COLUMN other_id TEXT NOT NULL DEFAULT '';
CREATE INDEX tickets_other ON tickets (other_id, id) WHERE other_id <> '';
