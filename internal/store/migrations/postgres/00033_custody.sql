-- +goose Up

-- Who answers for the goods of a booking, as people told it, and when that ended.
ALTER TABLE bookings ADD COLUMN ended BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN body TEXT NOT NULL DEFAULT '{}';

-- Before custody was told, goods counted as handed over when the plan of their trip ended.
UPDATE bookings SET state = 'handed_over', ended = (SELECT t.changed FROM trips AS t WHERE t.id = bookings.trip_id)
WHERE state IN ('firm', 'aboard') AND trip_id IN (SELECT id FROM trips WHERE state = 'completed');
UPDATE loads SET state = 'closed', outcome = 'delivered'
WHERE state = 'committed' AND booking_id IN (SELECT id FROM bookings WHERE state = 'handed_over');

-- A trip that is past its end and not empty is alive, and takes no loads.
DROP INDEX trips_live;
CREATE INDEX trips_live ON trips (market_id, id) WHERE state IN ('announced', 'open', 'underway', 'lapsed', 'overdue', 'stopped');
DROP INDEX trip_records_end;
CREATE INDEX trip_records_end ON trip_records (market_id, at) WHERE state IN ('completed', 'cancelled', 'lapsed', 'overdue', 'stopped');
