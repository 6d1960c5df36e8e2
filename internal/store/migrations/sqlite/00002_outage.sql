-- +goose Up

-- What a probe writes after the database has refused a write.
CREATE TABLE ballast (
    market_id TEXT PRIMARY KEY REFERENCES markets (id),
    bytes     BLOB NOT NULL
) STRICT;

-- When trips left the market: a server that starts asks since its oldest open load.
CREATE INDEX trip_records_end ON trip_records (market_id, at) WHERE state IN ('completed', 'cancelled', 'lapsed');
