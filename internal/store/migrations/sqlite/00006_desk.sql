-- +goose Up

-- What a named officer of a desk must close.
CREATE TABLE tickets (
    id           TEXT PRIMARY KEY,
    market_id    TEXT NOT NULL,
    org_id       TEXT NOT NULL,
    made         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    kind         TEXT NOT NULL,
    class        TEXT NOT NULL,
    state        TEXT NOT NULL,
    load_id      TEXT NOT NULL,
    booking_id   TEXT NOT NULL,
    desk_id      TEXT NOT NULL,
    owner_id     TEXT NOT NULL,
    rung         TEXT NOT NULL,
    due          INTEGER NOT NULL,
    late         INTEGER NOT NULL,
    body         TEXT NOT NULL
) STRICT;
CREATE INDEX tickets_org ON tickets (org_id, id, state);
CREATE INDEX tickets_market ON tickets (market_id, id, state);
CREATE INDEX tickets_changed ON tickets (market_id, changed);
CREATE INDEX tickets_load ON tickets (load_id) WHERE load_id <> '';
CREATE INDEX tickets_live ON tickets (market_id, id) WHERE state <> 'closed';
CREATE UNIQUE INDEX tickets_minded ON tickets (load_id) WHERE kind = 'unanswered' AND state <> 'closed';

-- Who of a desk answers for which firms.
CREATE TABLE officers (
    id           TEXT PRIMARY KEY,
    market_id    TEXT NOT NULL,
    org_id       TEXT NOT NULL,
    made         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    away         INTEGER NOT NULL,
    off          INTEGER NOT NULL,
    body         TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX officers_user ON officers (market_id, user_id) WHERE off = 0;

-- What a desk's days came to.
CREATE TABLE briefs (
    id           TEXT PRIMARY KEY,
    market_id    TEXT NOT NULL,
    org_id       TEXT NOT NULL,
    made         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    since        INTEGER NOT NULL,
    until        INTEGER NOT NULL,
    body         TEXT NOT NULL
) STRICT;
CREATE INDEX briefs_market ON briefs (market_id, id);
