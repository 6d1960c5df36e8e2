-- +goose Up

-- Until when a held booking waits for its shipper, and which side released it.
ALTER TABLE bookings ADD COLUMN until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';

-- The price that a side named last, which side, how often they did, and whether nobody
-- else is asked meanwhile.
ALTER TABLE offers ADD COLUMN counter BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN countered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE offers ADD COLUMN rounds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN exclusive BIGINT NOT NULL DEFAULT 0;

-- A countered offer can be answered as well.
DROP INDEX offers_open;
CREATE INDEX offers_open ON offers (market_id, id) WHERE state IN ('sent', 'seen', 'countered');
