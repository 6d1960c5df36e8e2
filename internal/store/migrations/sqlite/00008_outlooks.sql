-- +goose Up

-- The latest answer to a trip without loads.
CREATE TABLE trip_explanations (
    trip_id   TEXT PRIMARY KEY,
    market_id TEXT NOT NULL,
    org_id    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    judged    INTEGER NOT NULL,
    loads     INTEGER NOT NULL,
    final     INTEGER NOT NULL,
    body      TEXT NOT NULL
) STRICT;
