package store

import (
	"context"

	"pinhuo/freight"
)

var orgTable = &table[freight.Org]{name: "orgs", columns: []string{
	"id", "market_id", "kind", "name", "vetted", "made",
}, fields: func(o *freight.Org, to []any) []any {
	return append(to, &o.ID, &o.Market, &o.Kind, &o.Name, &o.Vetted, &o.Made)
}}

var userTable = &table[freight.User]{name: "users", columns: []string{
	"id", "name", "made",
}, fields: func(u *freight.User, to []any) []any { return append(to, &u.ID, &u.Name, &u.Made) }}

var membershipTable = &table[freight.Membership]{name: "memberships", columns: []string{
	"user_id", "org_id", "role", "made", "actor", "ended",
}, fields: func(m *freight.Membership, to []any) []any {
	return append(to, &m.User, &m.Org, &m.Role, &m.Made, &m.Actor, &m.Ended)
}}

// CreateOrg adds an organization; Missing "market" when there is no such market.
func (s *Store) CreateOrg(ctx context.Context, o freight.Org) error {
	return failure("add an organization", s.writer.do(ctx, nil, func(tx *writeTx) error { return addOrg(tx, o) }))
}

func addOrg(tx *writeTx, o freight.Org) error {
	if _, err := one(tx, marketTable, "market", o.Market, "WHERE id = ?", string(o.Market)); err != nil {
		return err
	}
	return insert(tx, orgTable, []freight.Org{o})
}

// Enrol adds a user with its membership, and before both the organization that
// it joins unless that is nil, in one transaction; Missing when there is no such
// market or organization.
func (s *Store) Enrol(ctx context.Context, o *freight.Org, u freight.User, m freight.Membership) error {
	return failure("enrol a member", s.writer.do(ctx, nil, func(tx *writeTx) error {
		if o != nil {
			if err := addOrg(tx, *o); err != nil {
				return err
			}
		}
		if err := insert(tx, userTable, []freight.User{u}); err != nil {
			return err
		}
		return setMembership(tx, m)
	}))
}

// Org returns one organization with its record.
func (s *Store) Org(ctx context.Context, id freight.ID) (freight.Org, error) {
	known, err := s.Parties(ctx, id)
	if o, ok := known[id]; ok || err != nil {
		return o, err
	}
	return freight.Org{}, freight.Missing("org", id)
}

// Parties returns organizations with their records, as far as there are such.
func (s *Store) Parties(ctx context.Context, ids ...freight.ID) (map[freight.ID]freight.Org, error) {
	q := s.reader.now(ctx)
	known, err := index(q, orgTable, ids, func(o *freight.Org) freight.ID { return o.ID })
	if err == nil {
		err = recall(q, known)
	}
	return known, failure("read organizations", err)
}

// Orgs lists the organizations of a market, oldest first.
func (s *Store) Orgs(ctx context.Context, market freight.ID) ([]freight.Org, error) {
	list, err := orgTable.list(s.reader.now(ctx), "WHERE market_id = ? ORDER BY id", string(market))
	return list, failure("list the organizations", err)
}

// CreateUser adds a user.
func (s *Store) CreateUser(ctx context.Context, u freight.User) error {
	return failure("add a user", s.writer.do(ctx, nil, func(tx *writeTx) error { return insert(tx, userTable, []freight.User{u}) }))
}

// User returns one user.
func (s *Store) User(ctx context.Context, id freight.ID) (freight.User, error) {
	u, err := one(s.reader.now(ctx), userTable, "user", id, "WHERE id = ?", string(id))
	return u, failure("read a user", err)
}

// Users lists the users that are or were members in a market, oldest first.
func (s *Store) Users(ctx context.Context, market freight.ID) ([]freight.User, error) {
	list, err := userTable.list(s.reader.now(ctx), "WHERE id IN (SELECT m.user_id FROM memberships AS m JOIN orgs AS o ON o.id = m.org_id "+
		"WHERE o.market_id = ?) ORDER BY id", string(market))
	return list, failure("list the users", err)
}

// SetMembership adds the membership of (User, Org) or replaces it, also one
// that ended; Missing when there is no such user or organization.
func (s *Store) SetMembership(ctx context.Context, m freight.Membership) error {
	return failure("set a membership", s.writer.do(ctx, nil, func(tx *writeTx) error { return setMembership(tx, m) }))
}

func setMembership(tx *writeTx, m freight.Membership) error {
	if _, err := one(tx, userTable, "user", m.User, "WHERE id = ?", string(m.User)); err != nil {
		return err
	}
	if _, err := one(tx, orgTable, "org", m.Org, "WHERE id = ?", string(m.Org)); err != nil {
		return err
	}
	_, err := tx.exec("INSERT INTO memberships (user_id, org_id, role, made, actor, ended) VALUES (?, ?, ?, ?, ?, ?) "+
		"ON CONFLICT (org_id, user_id) DO UPDATE SET role = excluded.role, made = excluded.made, actor = excluded.actor, ended = excluded.ended",
		string(m.User), string(m.Org), string(m.Role), int64(m.Made), string(m.Actor), int64(m.Ended))
	return err
}

// Membership returns the membership of a user, also one that ended.
func (s *Store) Membership(ctx context.Context, user, org freight.ID) (freight.Membership, error) {
	m, err := one(s.reader.now(ctx), membershipTable, "membership", user, "WHERE org_id = ? AND user_id = ?", string(org), string(user))
	return m, failure("read a membership", err)
}

// Memberships lists those of an organization that hold, oldest first.
func (s *Store) Memberships(ctx context.Context, org freight.ID) ([]freight.Membership, error) {
	list, err := membershipTable.list(s.reader.now(ctx), "WHERE org_id = ? AND ended = 0 ORDER BY made, user_id", string(org))
	return list, failure("list the memberships", err)
}

// EndMembership ends a membership that holds and revokes its sessions in the
// same transaction; it returns the sessions it revoked.
func (s *Store) EndMembership(ctx context.Context, user, org freight.ID, at freight.Instant) ([]freight.ID, error) {
	var revoked []freight.ID
	err := s.writer.do(ctx, nil, func(tx *writeTx) error {
		n, err := tx.exec("UPDATE memberships SET ended = ? WHERE org_id = ? AND user_id = ? AND ended = 0", int64(at), string(org), string(user))
		if err != nil {
			return err
		}
		if n == 0 {
			return freight.Missing("membership", user)
		}
		if revoked, err = sessionsOf(tx, user, org); err != nil {
			return err
		}
		_, err = tx.exec("UPDATE sessions SET revoked = ? WHERE org_id = ? AND user_id = ? AND revoked = 0", int64(at), string(org), string(user))
		return err
	})
	return revoked, failure("end a membership", err)
}

// one reads the row that the rest of a select names, or Missing.
func one[T any](q querier, t *table[T], field string, id freight.ID, rest string, args ...any) (T, error) {
	list, err := t.list(q, rest, args...)
	if err != nil || len(list) == 0 {
		var none T
		if err == nil {
			err = freight.Missing(field, id)
		}
		return none, err
	}
	return list[0], nil
}
