-- +goose Up

-- The log of acts, append-only and numbered without gaps in each market: the acts of
-- people that were refused, with what stood against them.
CREATE TABLE acts (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL,
    org_id       TEXT COLLATE "C" NOT NULL,
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    seq          BIGINT NOT NULL,
    act          TEXT COLLATE "C" NOT NULL,
    subject      TEXT COLLATE "C" NOT NULL,
    named        BIGINT NOT NULL,
    request      TEXT COLLATE "C" NOT NULL,
    hash         BYTEA NOT NULL,
    code         TEXT COLLATE "C" NOT NULL,
    problem      TEXT COLLATE "C" NOT NULL,
    times        BIGINT NOT NULL,
    body         TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX acts_seq ON acts (market_id, seq);
CREATE INDEX acts_request ON acts (org_id, request);
CREATE INDEX acts_subject ON acts (subject) WHERE subject <> '';
