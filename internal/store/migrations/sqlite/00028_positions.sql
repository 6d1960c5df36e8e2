-- +goose Up

-- Where the trucks of trips were.
CREATE TABLE positions (
    trip_id    TEXT NOT NULL,
    at         INTEGER NOT NULL,
    lat_e7     INTEGER NOT NULL,
    lng_e7     INTEGER NOT NULL,
    accuracy_m INTEGER NOT NULL,
    got        INTEGER NOT NULL,
    PRIMARY KEY (trip_id, at)
) STRICT, WITHOUT ROWID;
-- The oldest leave first.
CREATE INDEX positions_at ON positions (at);
