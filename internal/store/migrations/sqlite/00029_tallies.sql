-- +goose Up

-- How organizations keep their word: counts a day.
CREATE TABLE tallies (
    org_id    TEXT NOT NULL,
    day       INTEGER NOT NULL,
    market_id TEXT NOT NULL,
    asked     INTEGER NOT NULL,
    answered  INTEGER NOT NULL,
    owed      INTEGER NOT NULL,
    kept      INTEGER NOT NULL,
    lapsed    INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    PRIMARY KEY (org_id, day)
) STRICT;
-- What a writer remembers.
CREATE INDEX tallies_of_day ON tallies (market_id, day);

-- What was counted so far.
INSERT INTO tallies (org_id, day, market_id, asked, answered, owed, kept, lapsed, cancelled)
SELECT org_id, day, market_id, sum(asked), sum(answered), sum(owed), sum(kept), 0, sum(cancelled) FROM (
    SELECT org_id, changed - changed % 86400000 AS day, market_id, 1 AS asked,
        CASE WHEN state <> 'expired' OR counter <> 0 AND countered_by = 'carrier' THEN 1 ELSE 0 END AS answered, 0 AS owed, 0 AS kept, 0 AS cancelled
    FROM offers WHERE state IN ('accepted', 'declined') OR state = 'expired' AND (latest = 0 OR received <> 0 OR counter <> 0 AND countered_by = 'carrier')
    UNION ALL
    SELECT CASE WHEN ended_by = 'carrier' THEN org_id ELSE shipper_id END, changed - changed % 86400000, market_id, 0, 0, 1, 0, 0
    FROM bookings WHERE state = 'released' AND (ended_by = 'carrier' OR ended_by = 'shipper' AND cause = 'withdrawn')
    UNION ALL
    SELECT b.org_id, t.changed - t.changed % 86400000, b.market_id, 0, 0, 1, 1, 0
    FROM bookings AS b JOIN trips AS t ON t.id = b.trip_id WHERE t.state = 'completed' AND b.state NOT IN ('released', 'returned')
    UNION ALL
    SELECT b.shipper_id, t.changed - t.changed % 86400000, b.market_id, 0, 0, 1, 1, 0
    FROM bookings AS b JOIN trips AS t ON t.id = b.trip_id WHERE t.state = 'completed' AND b.state NOT IN ('released', 'returned')
    UNION ALL
    SELECT audience, at - at % 86400000, market_id, 0, 0, 0, 0, 1 FROM events WHERE type = 'pinhuo.trip.cancelled'
) AS counted GROUP BY org_id, day, market_id;
