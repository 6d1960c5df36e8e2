-- +goose Up

-- The log of acts holds what was done as well, and each of its rows is chained to the one
-- before it. The writer's row says where the chain ends; act_roots, where it begins. The
-- next writer of a market chains the rows that are there.
ALTER TABLE acts ADD COLUMN chain BYTEA NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000';
ALTER TABLE writers ADD COLUMN act_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE writers ADD COLUMN act_head BYTEA NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000';
CREATE TABLE act_roots (
    market_id TEXT COLLATE "C" PRIMARY KEY,
    seq       BIGINT NOT NULL,
    hash      BYTEA NOT NULL,
    since     BIGINT NOT NULL,
    filled    BIGINT NOT NULL
);

-- Only refused requests are looked for by their key, and only refusals are listed apart.
DROP INDEX acts_request;
CREATE INDEX acts_request ON acts (org_id, request) WHERE request <> '';
CREATE INDEX acts_org ON acts (org_id, id);
CREATE INDEX acts_refused ON acts (market_id, id) WHERE code <> '';
