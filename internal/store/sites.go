package store

import (
	"context"
	"strconv"

	"pinhuo/freight"
)

// siteTable keeps a site's own words as one text: nobody asks for them in SQL.
var siteTable = entity("site", "sites", []string{"body"}, func(s *freight.Site) *freight.Meta { return &s.Meta },
	func(_ *freight.Site, to []any) []any { return to },
	func(s *freight.Site) any {
		return &struct {
			Name    *string          `json:"name"`
			Place   *freight.Place   `json:"place"`
			Contact *freight.Contact `json:"contact"`
			Hours   *freight.Hours   `json:"hours"`
			Note    *string          `json:"note"`
		}{&s.Name, &s.Place, &s.Contact, &s.Hours, &s.Note}
	})

// AddSite adds a site. Conflict where its id is taken, Missing "org" where there
// is no such organization, Invalid where it has MaxSites already.
func (s *Store) AddSite(ctx context.Context, site freight.Site) error {
	return failure("add a site", s.writer.do(ctx, nil, func(tx *writeTx) error {
		if _, err := one(tx, orgTable, "org", site.Org, "WHERE id = ? AND market_id = ?", string(site.Org), string(site.Market)); err != nil {
			return err
		}
		list, err := siteTable.list(tx, "WHERE org_id = ?", string(site.Org))
		if err != nil {
			return err
		}
		if len(list) >= freight.MaxSites {
			return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: "sites", Max: strconv.Itoa(freight.MaxSites)}
		}
		return insert(tx, &siteTable.table, []freight.Site{site})
	}))
}

// SetSite replaces a site's words by those of its next version. Missing where
// the organization has no such site, Conflict where its version is another.
func (s *Store) SetSite(ctx context.Context, site freight.Site) error {
	return failure("change a site", s.writer.do(ctx, nil, func(tx *writeTx) error {
		if err := siteAt(tx, site.Org, site.ID, site.Version-1); err != nil {
			return err
		}
		body, err := siteTable.encode(&site)
		if err != nil {
			return err
		}
		_, err = tx.exec("UPDATE sites SET version = ?, changed = ?, actor = ?, on_behalf_of = ?, body = ? WHERE id = ?",
			site.Version, int64(site.Changed), string(site.Actor), string(site.Behalf), body, string(site.ID))
		return err
	}))
}

// DropSite removes a site: Missing and Conflict as SetSite.
func (s *Store) DropSite(ctx context.Context, org, id freight.ID, version int64) error {
	return failure("remove a site", s.writer.do(ctx, nil, func(tx *writeTx) error {
		if err := siteAt(tx, org, id, version); err != nil {
			return err
		}
		_, err := tx.exec("DELETE FROM sites WHERE id = ?", string(id))
		return err
	}))
}

// siteAt refuses a version that is not the present one. The writer is alone.
func siteAt(tx *writeTx, org, id freight.ID, version int64) error {
	now, err := one(tx, &siteTable.table, "site", id, "WHERE id = ? AND org_id = ?", string(id), string(org))
	if err == nil && now.Version != version {
		err = freight.Refuse(freight.ProblemStale, "version", strconv.FormatInt(version, 10))
	}
	return err
}

// Site returns a site of the organization; Missing where it has no such site.
func (s *Store) Site(ctx context.Context, org, id freight.ID) (freight.Site, error) {
	site, err := one(s.reader.now(ctx), &siteTable.table, "site", id, "WHERE id = ? AND org_id = ?", string(id), string(org))
	return site, failure("read a site", err)
}

// Sites lists the sites of an organization, oldest first.
func (s *Store) Sites(ctx context.Context, org freight.ID) ([]freight.Site, error) {
	list, err := siteTable.list(s.reader.now(ctx), "WHERE org_id = ? ORDER BY id", string(org))
	return list, failure("list the sites", err)
}
