-- +goose Up

-- What a named officer of a desk must close.
CREATE TABLE tickets (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL,
    org_id       TEXT COLLATE "C" NOT NULL,
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    class        TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    load_id      TEXT COLLATE "C" NOT NULL,
    booking_id   TEXT COLLATE "C" NOT NULL,
    desk_id      TEXT COLLATE "C" NOT NULL,
    owner_id     TEXT COLLATE "C" NOT NULL,
    rung         TEXT COLLATE "C" NOT NULL,
    due          BIGINT NOT NULL,
    late         BIGINT NOT NULL,
    body         TEXT COLLATE "C" NOT NULL
);
CREATE INDEX tickets_org ON tickets (org_id, id, state);
CREATE INDEX tickets_market ON tickets (market_id, id, state);
CREATE INDEX tickets_changed ON tickets (market_id, changed);
CREATE INDEX tickets_load ON tickets (load_id) WHERE load_id <> '';
CREATE INDEX tickets_live ON tickets (market_id, id) WHERE state <> 'closed';
CREATE UNIQUE INDEX tickets_minded ON tickets (load_id) WHERE kind = 'unanswered' AND state <> 'closed';

-- Who of a desk answers for which firms.
CREATE TABLE officers (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL,
    org_id       TEXT COLLATE "C" NOT NULL,
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    user_id      TEXT COLLATE "C" NOT NULL,
    away         BIGINT NOT NULL,
    off          BIGINT NOT NULL,
    body         TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX officers_user ON officers (market_id, user_id) WHERE off = 0;

-- What a desk's days came to.
CREATE TABLE briefs (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL,
    org_id       TEXT COLLATE "C" NOT NULL,
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    since        BIGINT NOT NULL,
    until        BIGINT NOT NULL,
    body         TEXT COLLATE "C" NOT NULL
);
CREATE INDEX briefs_market ON briefs (market_id, id);
