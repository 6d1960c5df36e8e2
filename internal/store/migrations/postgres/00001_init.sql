-- +goose Up

CREATE TABLE identity (
    one        BIGINT PRIMARY KEY CHECK (one = 1),
    epoch      TEXT COLLATE "C" NOT NULL,
    cursor_key BYTEA NOT NULL
);

CREATE TABLE markets (
    id    TEXT COLLATE "C" PRIMARY KEY,
    name  TEXT COLLATE "C" NOT NULL,
    south BIGINT NOT NULL,
    west  BIGINT NOT NULL,
    north BIGINT NOT NULL,
    east  BIGINT NOT NULL,
    zone  TEXT COLLATE "C" NOT NULL
);

-- Who writes a market, and where its numbering stands.
CREATE TABLE writers (
    market_id  TEXT COLLATE "C" PRIMARY KEY REFERENCES markets (id),
    holder     TEXT COLLATE "C" NOT NULL,
    epoch      BIGINT NOT NULL,
    event_seq  BIGINT NOT NULL,
    change_seq BIGINT NOT NULL,
    at         BIGINT NOT NULL
);

CREATE TABLE orgs (
    id        TEXT COLLATE "C" PRIMARY KEY,
    market_id TEXT COLLATE "C" NOT NULL REFERENCES markets (id),
    kind      TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    vetted    BIGINT NOT NULL,
    made      BIGINT NOT NULL
);
CREATE INDEX orgs_market ON orgs (market_id, id);

CREATE TABLE users (
    id   TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    made BIGINT NOT NULL
);

CREATE TABLE memberships (
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    org_id  TEXT COLLATE "C" NOT NULL REFERENCES orgs (id),
    role    TEXT COLLATE "C" NOT NULL,
    made    BIGINT NOT NULL,
    actor   TEXT COLLATE "C" NOT NULL,
    ended   BIGINT NOT NULL,
    PRIMARY KEY (org_id, user_id)
);

CREATE TABLE links (
    hash    BYTEA PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL,
    org_id  TEXT COLLATE "C" NOT NULL,
    made    BIGINT NOT NULL,
    actor   TEXT COLLATE "C" NOT NULL,
    expires BIGINT NOT NULL,
    used    BIGINT NOT NULL,
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id)
);

CREATE TABLE sessions (
    id      TEXT COLLATE "C" PRIMARY KEY,
    hash    BYTEA NOT NULL UNIQUE,
    user_id TEXT COLLATE "C" NOT NULL,
    org_id  TEXT COLLATE "C" NOT NULL,
    made    BIGINT NOT NULL,
    seen    BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    until   BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id)
);
CREATE INDEX sessions_member ON sessions (org_id, user_id);

CREATE TABLE tokens (
    id      TEXT COLLATE "C" PRIMARY KEY,
    hash    BYTEA NOT NULL UNIQUE,
    org_id  TEXT COLLATE "C" NOT NULL REFERENCES orgs (id),
    name    TEXT COLLATE "C" NOT NULL,
    made    BIGINT NOT NULL,
    actor   TEXT COLLATE "C" NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT NOT NULL
);
CREATE INDEX tokens_org ON tokens (org_id, id);

CREATE TABLE vehicles (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL,
    org_id       TEXT COLLATE "C" NOT NULL,
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    plate_number TEXT COLLATE "C" NOT NULL,
    plate_colour TEXT COLLATE "C" NOT NULL,
    type         TEXT COLLATE "C" NOT NULL,
    payload      BIGINT NOT NULL,
    length_mm    BIGINT NOT NULL,
    width_mm     BIGINT NOT NULL,
    height_mm    BIGINT NOT NULL,
    has          BIGINT NOT NULL
);
CREATE UNIQUE INDEX vehicles_plate ON vehicles (market_id, plate_number, plate_colour);
CREATE INDEX vehicles_org ON vehicles (org_id, id);

CREATE TABLE loads (
    id             TEXT COLLATE "C" PRIMARY KEY,
    market_id      TEXT COLLATE "C" NOT NULL,
    org_id         TEXT COLLATE "C" NOT NULL,
    made           BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    changed        BIGINT NOT NULL,
    actor          TEXT COLLATE "C" NOT NULL,
    on_behalf_of   TEXT COLLATE "C" NOT NULL,
    ref            TEXT COLLATE "C" NOT NULL,
    state          TEXT COLLATE "C" NOT NULL,
    outcome        TEXT COLLATE "C" NOT NULL,
    stated         BIGINT NOT NULL,
    posted         BIGINT NOT NULL,
    first          BIGINT NOT NULL,
    pickup_open    BIGINT NOT NULL,
    pickup_close   BIGINT NOT NULL,
    delivery_open  BIGINT NOT NULL,
    delivery_close BIGINT NOT NULL,
    grams          BIGINT NOT NULL,
    millilitres    BIGINT NOT NULL,
    floor_mm       BIGINT NOT NULL,
    needs          BIGINT NOT NULL,
    ceiling        BIGINT NOT NULL,
    alone          BIGINT NOT NULL,
    direct_m       BIGINT NOT NULL,
    direct_s       BIGINT NOT NULL,
    matrix_method  TEXT COLLATE "C" NOT NULL,
    matrix_version TEXT COLLATE "C" NOT NULL,
    answer_by      BIGINT NOT NULL,
    answered       BIGINT NOT NULL,
    booking_id     TEXT COLLATE "C" NOT NULL,
    body           TEXT NOT NULL
);
CREATE UNIQUE INDEX loads_ref ON loads (org_id, ref) WHERE ref <> '';
CREATE INDEX loads_org ON loads (org_id, id, state);
CREATE INDEX loads_posted ON loads (market_id, id) WHERE state = 'posted';

CREATE TABLE trips (
    id             TEXT COLLATE "C" PRIMARY KEY,
    market_id      TEXT COLLATE "C" NOT NULL,
    org_id         TEXT COLLATE "C" NOT NULL,
    made           BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    changed        BIGINT NOT NULL,
    actor          TEXT COLLATE "C" NOT NULL,
    on_behalf_of   TEXT COLLATE "C" NOT NULL,
    ref            TEXT COLLATE "C" NOT NULL,
    vehicle_id     TEXT COLLATE "C" NOT NULL,
    state          TEXT COLLATE "C" NOT NULL,
    stated         BIGINT NOT NULL,
    roaming        BIGINT NOT NULL,
    horizon        BIGINT NOT NULL,
    lease          BIGINT NOT NULL,
    least          BIGINT NOT NULL,
    limit_m        BIGINT NOT NULL,
    limit_s        BIGINT NOT NULL,
    limit_stops    BIGINT NOT NULL,
    direct_m       BIGINT NOT NULL,
    direct_s       BIGINT NOT NULL,
    matrix_method  TEXT COLLATE "C" NOT NULL,
    matrix_version TEXT COLLATE "C" NOT NULL,
    body           TEXT NOT NULL
);
CREATE UNIQUE INDEX trips_ref ON trips (org_id, ref) WHERE ref <> '';
CREATE INDEX trips_org ON trips (org_id, id, state);
CREATE INDEX trips_live ON trips (market_id, id) WHERE state IN ('announced', 'open', 'underway', 'lapsed');

-- Every committed version of a trip.
CREATE TABLE trip_records (
    id             TEXT COLLATE "C" NOT NULL,
    market_id      TEXT COLLATE "C" NOT NULL,
    org_id         TEXT COLLATE "C" NOT NULL,
    made           BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    changed        BIGINT NOT NULL,
    actor          TEXT COLLATE "C" NOT NULL,
    on_behalf_of   TEXT COLLATE "C" NOT NULL,
    ref            TEXT COLLATE "C" NOT NULL,
    vehicle_id     TEXT COLLATE "C" NOT NULL,
    state          TEXT COLLATE "C" NOT NULL,
    stated         BIGINT NOT NULL,
    roaming        BIGINT NOT NULL,
    horizon        BIGINT NOT NULL,
    lease          BIGINT NOT NULL,
    least          BIGINT NOT NULL,
    limit_m        BIGINT NOT NULL,
    limit_s        BIGINT NOT NULL,
    limit_stops    BIGINT NOT NULL,
    direct_m       BIGINT NOT NULL,
    direct_s       BIGINT NOT NULL,
    matrix_method  TEXT COLLATE "C" NOT NULL,
    matrix_version TEXT COLLATE "C" NOT NULL,
    at             BIGINT NOT NULL,
    body           TEXT NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE offers (
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
    shipper_id     TEXT COLLATE "C" NOT NULL,
    load_id        TEXT COLLATE "C" NOT NULL,
    load_version   BIGINT NOT NULL,
    trip_id        TEXT COLLATE "C" NOT NULL,
    trip_version   BIGINT NOT NULL,
    expires        BIGINT NOT NULL,
    price          BIGINT NOT NULL,
    alone          BIGINT NOT NULL,
    detour_m       BIGINT NOT NULL,
    detour_s       BIGINT NOT NULL,
    pickup_at      BIGINT NOT NULL,
    delivery_at    BIGINT NOT NULL,
    pickup_eta     BIGINT NOT NULL,
    drop_eta       BIGINT NOT NULL,
    departure      BIGINT NOT NULL,
    matrix_method  TEXT COLLATE "C" NOT NULL,
    matrix_version TEXT COLLATE "C" NOT NULL
);
CREATE INDEX offers_org ON offers (org_id, id, state);
CREATE INDEX offers_shipper ON offers (shipper_id, id, state);
CREATE INDEX offers_load ON offers (load_id);
CREATE INDEX offers_open ON offers (market_id, id) WHERE state IN ('sent', 'seen');

CREATE TABLE bookings (
    id             TEXT COLLATE "C" PRIMARY KEY,
    market_id      TEXT COLLATE "C" NOT NULL,
    org_id         TEXT COLLATE "C" NOT NULL,
    made           BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    changed        BIGINT NOT NULL,
    actor          TEXT COLLATE "C" NOT NULL,
    on_behalf_of   TEXT COLLATE "C" NOT NULL,
    state          TEXT COLLATE "C" NOT NULL,
    cause          TEXT COLLATE "C" NOT NULL,
    shipper_id     TEXT COLLATE "C" NOT NULL,
    load_id        TEXT COLLATE "C" NOT NULL,
    trip_id        TEXT COLLATE "C" NOT NULL,
    offer_id       TEXT COLLATE "C" NOT NULL,
    grams          BIGINT NOT NULL,
    millilitres    BIGINT NOT NULL,
    floor_mm       BIGINT NOT NULL,
    price          BIGINT NOT NULL,
    alone          BIGINT NOT NULL,
    pickup_by      BIGINT NOT NULL,
    drop_by        BIGINT NOT NULL,
    pickup_eta     BIGINT NOT NULL,
    drop_eta       BIGINT NOT NULL,
    matrix_method  TEXT COLLATE "C" NOT NULL,
    matrix_version TEXT COLLATE "C" NOT NULL
);
CREATE INDEX bookings_org ON bookings (org_id, id, state);
CREATE INDEX bookings_shipper ON bookings (shipper_id, id, state);
CREATE UNIQUE INDEX bookings_offer ON bookings (offer_id) WHERE offer_id <> '';
CREATE UNIQUE INDEX bookings_live ON bookings (load_id) WHERE state IN ('held', 'firm', 'aboard');
CREATE INDEX bookings_trip ON bookings (trip_id) WHERE state IN ('held', 'firm', 'aboard');

-- The latest explanation of a load.
CREATE TABLE explanations (
    load_id   TEXT COLLATE "C" PRIMARY KEY,
    market_id TEXT COLLATE "C" NOT NULL,
    org_id    TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    trips     BIGINT NOT NULL,
    parts     BIGINT NOT NULL,
    final     BIGINT NOT NULL,
    body      TEXT NOT NULL
);

CREATE TABLE events (
    market_id    TEXT COLLATE "C" NOT NULL,
    seq          BIGINT NOT NULL,
    audience     TEXT COLLATE "C" NOT NULL,
    type         TEXT COLLATE "C" NOT NULL,
    schema       BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    subject      TEXT COLLATE "C" NOT NULL,
    version      BIGINT NOT NULL,
    facts        TEXT NOT NULL,
    PRIMARY KEY (market_id, seq)
);
CREATE INDEX events_audience ON events (audience, seq);

CREATE TABLE changes (
    market_id TEXT COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    version   BIGINT NOT NULL,
    PRIMARY KEY (market_id, seq)
);

-- First answers to keyed requests.
CREATE TABLE answers (
    org_id  TEXT COLLATE "C" NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    hash    BYTEA NOT NULL,
    at      BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (org_id, name)
);
CREATE INDEX answers_at ON answers (at);
