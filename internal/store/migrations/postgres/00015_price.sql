-- +goose Up

-- What a booking costs its shipper now, what it costs at the most, since when that is final,
-- by which cost model it was priced, and what is owed for its release. Bookings of before
-- keep what was agreed.
ALTER TABLE bookings ADD COLUMN share BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN most BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN final BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN costs BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN fee BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN fee_by TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE bookings ADD COLUMN short BIGINT NOT NULL DEFAULT 0;
UPDATE bookings SET share = price, most = price, final = made;

-- The cost model that priced an offer.
ALTER TABLE offers ADD COLUMN costs BIGINT NOT NULL DEFAULT 0;

-- What the carrier of a trip gets, what of it the fees of those who left make up for, and
-- what it was asked to do without.
ALTER TABLE trips ADD COLUMN due BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trips ADD COLUMN cover BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trips ADD COLUMN short BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trip_records ADD COLUMN due BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trip_records ADD COLUMN cover BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trip_records ADD COLUMN short BIGINT NOT NULL DEFAULT 0;
UPDATE trips SET due = COALESCE((SELECT SUM(price) FROM bookings
    WHERE bookings.trip_id = trips.id AND bookings.state NOT IN ('released', 'returned')), 0);
UPDATE trip_records SET due = COALESCE((SELECT SUM(price) FROM bookings
    WHERE bookings.trip_id = trip_records.id AND bookings.state NOT IN ('released', 'returned')), 0);

-- The cost models that the desk has set, in order: none is ever changed.
CREATE TABLE cost_models (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL,
    org_id       TEXT COLLATE "C" NOT NULL,
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    number       BIGINT NOT NULL,
    body         TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX cost_models_number ON cost_models (market_id, number);
