-- +goose Up

-- What an organization says about asking: partners, budget, quiet hours, lanes.
CREATE TABLE preferences (
    id           TEXT PRIMARY KEY,
    market_id    TEXT NOT NULL,
    org_id       TEXT NOT NULL,
    made         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    body         TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX preferences_org ON preferences (market_id, org_id);

-- The operator's lane that an offer is on, whether that lane took it, when it reached
-- the operator, and the latest instant to which its clock runs.
ALTER TABLE offers ADD COLUMN lane TEXT NOT NULL DEFAULT '';
ALTER TABLE offers ADD COLUMN auto INTEGER NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN latest INTEGER NOT NULL DEFAULT 0;

-- The declines that are remembered.
CREATE INDEX offers_declined ON offers (market_id, changed) WHERE state = 'declined';
