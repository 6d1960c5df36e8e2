-- +goose Up

CREATE TABLE identity (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    epoch      TEXT NOT NULL,
    cursor_key BLOB NOT NULL
) STRICT;

CREATE TABLE markets (
    id    TEXT PRIMARY KEY,
    name  TEXT NOT NULL,
    south INTEGER NOT NULL,
    west  INTEGER NOT NULL,
    north INTEGER NOT NULL,
    east  INTEGER NOT NULL,
    zone  TEXT NOT NULL
) STRICT;

-- Who writes a market, and where its numbering stands.
CREATE TABLE writers (
    market_id  TEXT PRIMARY KEY REFERENCES markets (id),
    holder     TEXT NOT NULL,
    epoch      INTEGER NOT NULL,
    event_seq  INTEGER NOT NULL,
    change_seq INTEGER NOT NULL,
    at         INTEGER NOT NULL
) STRICT;

CREATE TABLE orgs (
    id        TEXT PRIMARY KEY,
    market_id TEXT NOT NULL REFERENCES markets (id),
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    vetted    INTEGER NOT NULL,
    made      INTEGER NOT NULL
) STRICT;
CREATE INDEX orgs_market ON orgs (market_id, id);

CREATE TABLE users (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    made INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
    user_id TEXT NOT NULL REFERENCES users (id),
    org_id  TEXT NOT NULL REFERENCES orgs (id),
    role    TEXT NOT NULL,
    made    INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    ended   INTEGER NOT NULL,
    PRIMARY KEY (org_id, user_id)
) STRICT;

CREATE TABLE links (
    hash    BLOB PRIMARY KEY,
    user_id TEXT NOT NULL,
    org_id  TEXT NOT NULL,
    made    INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    expires INTEGER NOT NULL,
    used    INTEGER NOT NULL,
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id)
) STRICT;

CREATE TABLE sessions (
    id      TEXT PRIMARY KEY,
    hash    BLOB NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    org_id  TEXT NOT NULL,
    made    INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    revoked INTEGER NOT NULL,
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id)
) STRICT;
CREATE INDEX sessions_member ON sessions (org_id, user_id);

CREATE TABLE tokens (
    id      TEXT PRIMARY KEY,
    hash    BLOB NOT NULL UNIQUE,
    org_id  TEXT NOT NULL REFERENCES orgs (id),
    name    TEXT NOT NULL,
    made    INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    expires INTEGER NOT NULL,
    revoked INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_org ON tokens (org_id, id);

CREATE TABLE vehicles (
    id           TEXT PRIMARY KEY,
    market_id    TEXT NOT NULL,
    org_id       TEXT NOT NULL,
    made         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    plate_number TEXT NOT NULL,
    plate_colour TEXT NOT NULL,
    type         TEXT NOT NULL,
    payload      INTEGER NOT NULL,
    length_mm    INTEGER NOT NULL,
    width_mm     INTEGER NOT NULL,
    height_mm    INTEGER NOT NULL,
    has          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX vehicles_plate ON vehicles (market_id, plate_number, plate_colour);
CREATE INDEX vehicles_org ON vehicles (org_id, id);

CREATE TABLE loads (
    id             TEXT PRIMARY KEY,
    market_id      TEXT NOT NULL,
    org_id         TEXT NOT NULL,
    made           INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    changed        INTEGER NOT NULL,
    actor          TEXT NOT NULL,
    on_behalf_of   TEXT NOT NULL,
    ref            TEXT NOT NULL,
    state          TEXT NOT NULL,
    outcome        TEXT NOT NULL,
    stated         INTEGER NOT NULL,
    posted         INTEGER NOT NULL,
    first          INTEGER NOT NULL,
    pickup_open    INTEGER NOT NULL,
    pickup_close   INTEGER NOT NULL,
    delivery_open  INTEGER NOT NULL,
    delivery_close INTEGER NOT NULL,
    grams          INTEGER NOT NULL,
    millilitres    INTEGER NOT NULL,
    floor_mm       INTEGER NOT NULL,
    needs          INTEGER NOT NULL,
    ceiling        INTEGER NOT NULL,
    alone          INTEGER NOT NULL,
    direct_m       INTEGER NOT NULL,
    direct_s       INTEGER NOT NULL,
    matrix_method  TEXT NOT NULL,
    matrix_version TEXT NOT NULL,
    answer_by      INTEGER NOT NULL,
    answered       INTEGER NOT NULL,
    booking_id     TEXT NOT NULL,
    body           TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX loads_ref ON loads (org_id, ref) WHERE ref <> '';
CREATE INDEX loads_org ON loads (org_id, id, state);
CREATE INDEX loads_posted ON loads (market_id, id) WHERE state = 'posted';

CREATE TABLE trips (
    id             TEXT PRIMARY KEY,
    market_id      TEXT NOT NULL,
    org_id         TEXT NOT NULL,
    made           INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    changed        INTEGER NOT NULL,
    actor          TEXT NOT NULL,
    on_behalf_of   TEXT NOT NULL,
    ref            TEXT NOT NULL,
    vehicle_id     TEXT NOT NULL,
    state          TEXT NOT NULL,
    stated         INTEGER NOT NULL,
    roaming        INTEGER NOT NULL,
    horizon        INTEGER NOT NULL,
    lease          INTEGER NOT NULL,
    least          INTEGER NOT NULL,
    limit_m        INTEGER NOT NULL,
    limit_s        INTEGER NOT NULL,
    limit_stops    INTEGER NOT NULL,
    direct_m       INTEGER NOT NULL,
    direct_s       INTEGER NOT NULL,
    matrix_method  TEXT NOT NULL,
    matrix_version TEXT NOT NULL,
    body           TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX trips_ref ON trips (org_id, ref) WHERE ref <> '';
CREATE INDEX trips_org ON trips (org_id, id, state);
CREATE INDEX trips_live ON trips (market_id, id) WHERE state IN ('announced', 'open', 'underway', 'lapsed');

-- Every committed version of a trip.
CREATE TABLE trip_records (
    id             TEXT NOT NULL,
    market_id      TEXT NOT NULL,
    org_id         TEXT NOT NULL,
    made           INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    changed        INTEGER NOT NULL,
    actor          TEXT NOT NULL,
    on_behalf_of   TEXT NOT NULL,
    ref            TEXT NOT NULL,
    vehicle_id     TEXT NOT NULL,
    state          TEXT NOT NULL,
    stated         INTEGER NOT NULL,
    roaming        INTEGER NOT NULL,
    horizon        INTEGER NOT NULL,
    lease          INTEGER NOT NULL,
    least          INTEGER NOT NULL,
    limit_m        INTEGER NOT NULL,
    limit_s        INTEGER NOT NULL,
    limit_stops    INTEGER NOT NULL,
    direct_m       INTEGER NOT NULL,
    direct_s       INTEGER NOT NULL,
    matrix_method  TEXT NOT NULL,
    matrix_version TEXT NOT NULL,
    at             INTEGER NOT NULL,
    body           TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE offers (
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
    shipper_id     TEXT NOT NULL,
    load_id        TEXT NOT NULL,
    load_version   INTEGER NOT NULL,
    trip_id        TEXT NOT NULL,
    trip_version   INTEGER NOT NULL,
    expires        INTEGER NOT NULL,
    price          INTEGER NOT NULL,
    alone          INTEGER NOT NULL,
    detour_m       INTEGER NOT NULL,
    detour_s       INTEGER NOT NULL,
    pickup_at      INTEGER NOT NULL,
    delivery_at    INTEGER NOT NULL,
    pickup_eta     INTEGER NOT NULL,
    drop_eta       INTEGER NOT NULL,
    departure      INTEGER NOT NULL,
    matrix_method  TEXT NOT NULL,
    matrix_version TEXT NOT NULL
) STRICT;
CREATE INDEX offers_org ON offers (org_id, id, state);
CREATE INDEX offers_shipper ON offers (shipper_id, id, state);
CREATE INDEX offers_load ON offers (load_id);
CREATE INDEX offers_open ON offers (market_id, id) WHERE state IN ('sent', 'seen');

CREATE TABLE bookings (
    id             TEXT PRIMARY KEY,
    market_id      TEXT NOT NULL,
    org_id         TEXT NOT NULL,
    made           INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    changed        INTEGER NOT NULL,
    actor          TEXT NOT NULL,
    on_behalf_of   TEXT NOT NULL,
    state          TEXT NOT NULL,
    cause          TEXT NOT NULL,
    shipper_id     TEXT NOT NULL,
    load_id        TEXT NOT NULL,
    trip_id        TEXT NOT NULL,
    offer_id       TEXT NOT NULL,
    grams          INTEGER NOT NULL,
    millilitres    INTEGER NOT NULL,
    floor_mm       INTEGER NOT NULL,
    price          INTEGER NOT NULL,
    alone          INTEGER NOT NULL,
    pickup_by      INTEGER NOT NULL,
    drop_by        INTEGER NOT NULL,
    pickup_eta     INTEGER NOT NULL,
    drop_eta       INTEGER NOT NULL,
    matrix_method  TEXT NOT NULL,
    matrix_version TEXT NOT NULL
) STRICT;
CREATE INDEX bookings_org ON bookings (org_id, id, state);
CREATE INDEX bookings_shipper ON bookings (shipper_id, id, state);
CREATE UNIQUE INDEX bookings_offer ON bookings (offer_id) WHERE offer_id <> '';
CREATE UNIQUE INDEX bookings_live ON bookings (load_id) WHERE state IN ('held', 'firm', 'aboard');
CREATE INDEX bookings_trip ON bookings (trip_id) WHERE state IN ('held', 'firm', 'aboard');

-- The latest explanation of a load.
CREATE TABLE explanations (
    load_id   TEXT PRIMARY KEY,
    market_id TEXT NOT NULL,
    org_id    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    trips     INTEGER NOT NULL,
    parts     INTEGER NOT NULL,
    final     INTEGER NOT NULL,
    body      TEXT NOT NULL
) STRICT;

CREATE TABLE events (
    market_id    TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    audience     TEXT NOT NULL,
    type         TEXT NOT NULL,
    schema       INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    subject      TEXT NOT NULL,
    version      INTEGER NOT NULL,
    facts        TEXT NOT NULL,
    PRIMARY KEY (market_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_audience ON events (audience, seq);

CREATE TABLE changes (
    market_id TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    id        TEXT NOT NULL,
    version   INTEGER NOT NULL,
    PRIMARY KEY (market_id, seq)
) STRICT, WITHOUT ROWID;

-- First answers to keyed requests.
CREATE TABLE answers (
    org_id  TEXT NOT NULL,
    name    TEXT NOT NULL,
    hash    BLOB NOT NULL,
    at      INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (org_id, name)
) STRICT;
CREATE INDEX answers_at ON answers (at);
