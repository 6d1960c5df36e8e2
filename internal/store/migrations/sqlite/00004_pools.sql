-- +goose Up

-- Trucks to hire for loads that no truck passes by.
CREATE TABLE pools (
    id             TEXT PRIMARY KEY,
    market_id      TEXT NOT NULL,
    org_id         TEXT NOT NULL,
    made           INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    changed        INTEGER NOT NULL,
    actor          TEXT NOT NULL,
    on_behalf_of   TEXT NOT NULL,
    state          TEXT NOT NULL,
    reason         TEXT NOT NULL,
    type           TEXT NOT NULL,
    needs          INTEGER NOT NULL,
    start_open     INTEGER NOT NULL,
    start_close    INTEGER NOT NULL,
    horizon        INTEGER NOT NULL,
    departs        INTEGER NOT NULL,
    deadline       INTEGER NOT NULL,
    quorum         INTEGER NOT NULL,
    metres         INTEGER NOT NULL,
    seconds        INTEGER NOT NULL,
    price          INTEGER NOT NULL,
    matrix_method  TEXT NOT NULL,
    matrix_version TEXT NOT NULL,
    carrier_id     TEXT NOT NULL,
    trip_id        TEXT NOT NULL,
    body           TEXT NOT NULL
) STRICT;
CREATE INDEX pools_market ON pools (market_id, id, state);
CREATE INDEX pools_live ON pools (market_id, id) WHERE state IN ('consenting', 'tendered');
CREATE INDEX pools_carrier ON pools (carrier_id, id) WHERE carrier_id <> '';

-- Who is asked to share one.
CREATE TABLE pool_members (
    id           TEXT PRIMARY KEY,
    market_id    TEXT NOT NULL,
    org_id       TEXT NOT NULL,
    made         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    pool_id      TEXT NOT NULL,
    load_id      TEXT NOT NULL,
    stated       INTEGER NOT NULL,
    place        INTEGER NOT NULL,
    consent      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    share        INTEGER NOT NULL,
    most         INTEGER NOT NULL,
    alone        INTEGER NOT NULL,
    pickup_eta   INTEGER NOT NULL,
    drop_eta     INTEGER NOT NULL,
    booking_id   TEXT NOT NULL
) STRICT;
CREATE INDEX pool_members_pool ON pool_members (pool_id, id);
CREATE INDEX pool_members_org ON pool_members (org_id, pool_id);
CREATE INDEX pool_members_load ON pool_members (load_id);
CREATE UNIQUE INDEX pool_members_live ON pool_members (load_id) WHERE consent IN ('asked', 'given');
