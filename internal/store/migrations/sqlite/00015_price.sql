-- +goose Up

-- What a booking costs its shipper now, what it costs at the most, since when that is final,
-- by which cost model it was priced, and what is owed for its release. Bookings of before
-- keep what was agreed.
ALTER TABLE bookings ADD COLUMN share INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN most INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN final INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN costs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN fee INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN fee_by TEXT NOT NULL DEFAULT '';
ALTER TABLE bookings ADD COLUMN short INTEGER NOT NULL DEFAULT 0;
UPDATE bookings SET share = price, most = price, final = made;

-- The cost model that priced an offer.
ALTER TABLE offers ADD COLUMN costs INTEGER NOT NULL DEFAULT 0;

-- What the carrier of a trip gets, what of it the fees of those who left make up for, and
-- what it was asked to do without.
ALTER TABLE trips ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trips ADD COLUMN cover INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trips ADD COLUMN short INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trip_records ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trip_records ADD COLUMN cover INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trip_records ADD COLUMN short INTEGER NOT NULL DEFAULT 0;
UPDATE trips SET due = COALESCE((SELECT SUM(price) FROM bookings
    WHERE bookings.trip_id = trips.id AND bookings.state NOT IN ('released', 'returned')), 0);
UPDATE trip_records SET due = COALESCE((SELECT SUM(price) FROM bookings
    WHERE bookings.trip_id = trip_records.id AND bookings.state NOT IN ('released', 'returned')), 0);

-- The cost models that the desk has set, in order: none is ever changed.
CREATE TABLE cost_models (
    id           TEXT PRIMARY KEY,
    market_id    TEXT NOT NULL,
    org_id       TEXT NOT NULL,
    made         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    number       INTEGER NOT NULL,
    body         TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX cost_models_number ON cost_models (market_id, number);
