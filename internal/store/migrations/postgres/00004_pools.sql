-- +goose Up

-- Trucks to hire for loads that no truck passes by.
CREATE TABLE pools (
    id             TEXT COLLATE "C" PRIMARY KEY,
    market_id      TEXT COLLATE "C" NOT NULL,
    org_id         TEXT COLLATE "C" NOT NULL,
    made           BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    changed        BIGINT NOT NULL,
    actor          TEXT COLLATE "C" NOT NULL,
    on_behalf_of   TEXT COLLATE "C" NOT NULL,
    state          TEXT COLLATE "C" NOT NULL,
    reason         TEXT COLLATE "C" NOT NULL,
    type           TEXT COLLATE "C" NOT NULL,
    needs          BIGINT NOT NULL,
    start_open     BIGINT NOT NULL,
    start_close    BIGINT NOT NULL,
    horizon        BIGINT NOT NULL,
    departs        BIGINT NOT NULL,
    deadline       BIGINT NOT NULL,
    quorum         BIGINT NOT NULL,
    metres         BIGINT NOT NULL,
    seconds        BIGINT NOT NULL,
    price          BIGINT NOT NULL,
    matrix_method  TEXT COLLATE "C" NOT NULL,
    matrix_version TEXT COLLATE "C" NOT NULL,
    carrier_id     TEXT COLLATE "C" NOT NULL,
    trip_id        TEXT COLLATE "C" NOT NULL,
    body           TEXT COLLATE "C" NOT NULL
);
CREATE INDEX pools_market ON pools (market_id, id, state);
CREATE INDEX pools_live ON pools (market_id, id) WHERE state IN ('consenting', 'tendered');
CREATE INDEX pools_carrier ON pools (carrier_id, id) WHERE carrier_id <> '';

-- Who is asked to share one.
CREATE TABLE pool_members (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL,
    org_id       TEXT COLLATE "C" NOT NULL,
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    pool_id      TEXT COLLATE "C" NOT NULL,
    load_id      TEXT COLLATE "C" NOT NULL,
    stated       BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    consent      TEXT COLLATE "C" NOT NULL,
    reason       TEXT COLLATE "C" NOT NULL,
    share        BIGINT NOT NULL,
    most         BIGINT NOT NULL,
    alone        BIGINT NOT NULL,
    pickup_eta   BIGINT NOT NULL,
    drop_eta     BIGINT NOT NULL,
    booking_id   TEXT COLLATE "C" NOT NULL
);
CREATE INDEX pool_members_pool ON pool_members (pool_id, id);
CREATE INDEX pool_members_org ON pool_members (org_id, pool_id);
CREATE INDEX pool_members_load ON pool_members (load_id);
CREATE UNIQUE INDEX pool_members_live ON pool_members (load_id) WHERE consent IN ('asked', 'given');
