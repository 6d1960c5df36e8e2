-- +goose Up

-- Places that organizations have given names.
CREATE TABLE sites (
    id           TEXT COLLATE "C" PRIMARY KEY,
    market_id    TEXT COLLATE "C" NOT NULL REFERENCES markets (id),
    org_id       TEXT COLLATE "C" NOT NULL REFERENCES orgs (id),
    made         BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    changed      BIGINT NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    on_behalf_of TEXT COLLATE "C" NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX sites_org ON sites (org_id, id);
