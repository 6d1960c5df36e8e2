-- +goose Up

-- Where the trucks of trips were.
CREATE TABLE positions (
    trip_id    TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    lat_e7     BIGINT NOT NULL,
    lng_e7     BIGINT NOT NULL,
    accuracy_m BIGINT NOT NULL,
    got        BIGINT NOT NULL,
    PRIMARY KEY (trip_id, at)
);
-- The oldest leave first.
CREATE INDEX positions_at ON positions (at);
