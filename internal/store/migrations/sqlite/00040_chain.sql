-- +goose Up

-- The log of acts holds what was done as well, and each of its rows is chained to the one
-- before it. The writer's row says where the chain ends; act_roots, where it begins. The
-- next writer of a market chains the rows that are there.
ALTER TABLE acts ADD COLUMN chain BLOB NOT NULL DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000';
ALTER TABLE writers ADD COLUMN act_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE writers ADD COLUMN act_head BLOB NOT NULL DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000';
CREATE TABLE act_roots (
    market_id TEXT PRIMARY KEY,
    seq       INTEGER NOT NULL,
    hash      BLOB NOT NULL,
    since     INTEGER NOT NULL,
    filled    INTEGER NOT NULL
) STRICT;

-- Only refused requests are looked for by their key, and only refusals are listed apart.
DROP INDEX acts_request;
CREATE INDEX acts_request ON acts (org_id, request) WHERE request <> '';
CREATE INDEX acts_org ON acts (org_id, id);
CREATE INDEX acts_refused ON acts (market_id, id) WHERE code <> '';
