-- +goose Up

-- What an organization says about asking: partners, budget, quiet hours, lanes.
CREATE TABLE preferences (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL,
    org_id       TEXT COLLATE "C" NOT NULL,
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    body         TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX preferences_org ON preferences (market_id, org_id);

-- The operator's lane that an offer is on, whether that lane took it, when it reached
-- the operator, and the latest instant to which its clock runs.
ALTER TABLE offers ADD COLUMN lane TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE offers ADD COLUMN auto BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN received BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN latest BIGINT NOT NULL DEFAULT 0;

-- The declines that are remembered.
CREATE INDEX offers_declined ON offers (market_id, changed) WHERE state = 'declined';
