-- +goose Up

-- The latest answer to a trip without loads.
CREATE TABLE trip_explanations (
    trip_id   TEXT COLLATE "C" PRIMARY KEY,
    market_id TEXT COLLATE "C" NOT NULL,
    org_id    TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    judged    BIGINT NOT NULL,
    loads     BIGINT NOT NULL,
    final     BIGINT NOT NULL,
    body      TEXT NOT NULL
);
