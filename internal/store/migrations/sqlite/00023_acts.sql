-- +goose Up

-- The log of acts, append-only and numbered without gaps in each market: the acts of
-- people that were refused, with what stood against them.
CREATE TABLE acts (
    id           TEXT PRIMARY KEY,
    market_id    TEXT NOT NULL,
    org_id       TEXT NOT NULL,
    made         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    act          TEXT NOT NULL,
    subject      TEXT NOT NULL,
    named        INTEGER NOT NULL,
    request      TEXT NOT NULL,
    hash         BLOB NOT NULL,
    code         TEXT NOT NULL,
    problem      TEXT NOT NULL,
    times        INTEGER NOT NULL,
    body         TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX acts_seq ON acts (market_id, seq);
CREATE INDEX acts_request ON acts (org_id, request);
CREATE INDEX acts_subject ON acts (subject) WHERE subject <> '';
