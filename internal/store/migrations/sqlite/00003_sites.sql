-- +goose Up

-- Places that organizations have given names.
CREATE TABLE sites (
    id           TEXT PRIMARY KEY,
    market_id    TEXT NOT NULL REFERENCES markets (id),
    org_id       TEXT NOT NULL REFERENCES orgs (id),
    made         INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    body         TEXT NOT NULL
) STRICT;
CREATE INDEX sites_org ON sites (org_id, id);
