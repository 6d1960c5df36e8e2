package store

import (
	"context"

	"pinhuo/freight"
)

var linkTable = &table[freight.Link]{name: "links", columns: []string{
	"hash", "user_id", "org_id", "made", "actor", "expires", "used",
}, fields: func(l *freight.Link, to []any) []any {
	return append(to, (*hash)(&l.Hash), &l.User, &l.Org, &l.Made, &l.Actor, &l.Expires, &l.Used)
}}

var sessionTable = &table[freight.Session]{name: "sessions", columns: []string{
	"id", "hash", "user_id", "org_id", "made", "seen", "expires", "until", "revoked",
}, fields: func(s *freight.Session, to []any) []any {
	return append(to, &s.ID, (*hash)(&s.Hash), &s.User, &s.Org, &s.Made, &s.Seen, &s.Expires, &s.Until, &s.Revoked)
}}

var tokenTable = &table[freight.Token]{name: "tokens", columns: []string{
	"id", "hash", "org_id", "name", "made", "actor", "expires", "revoked",
}, fields: func(t *freight.Token, to []any) []any {
	return append(to, &t.ID, (*hash)(&t.Hash), &t.Org, &t.Name, &t.Made, &t.Actor, &t.Expires, &t.Revoked)
}}

// CreateLink adds a sign-in link; Missing "membership" when its user is no
// member of its organization.
func (s *Store) CreateLink(ctx context.Context, l freight.Link) error {
	return failure("add a sign-in link", s.writer.do(ctx, nil, func(tx *writeTx) error {
		if err := holds(tx, l.User, l.Org); err != nil {
			return err
		}
		return insert(tx, linkTable, []freight.Link{l})
	}))
}

func holds(q querier, user, org freight.ID) error {
	_, err := one(q, membershipTable, "membership", user, "WHERE org_id = ? AND user_id = ? AND ended = 0", string(org), string(user))
	return err
}

// Redeem uses a link and opens a session of the link's user and organization,
// in one transaction. A link that is unknown, used or expired, or whose
// membership has ended, is Missing "link" and nothing is written. Of callers
// that race with one link exactly one succeeds.
func (s *Store) Redeem(ctx context.Context, link freight.Hash, at freight.Instant, session freight.Session) (freight.SessionGrant, error) {
	var grant freight.SessionGrant
	err := s.writer.do(ctx, nil, func(tx *writeTx) error {
		n, err := tx.exec("UPDATE links SET used = ? WHERE hash = ? AND used = 0 AND expires > ? AND EXISTS (SELECT 1 FROM memberships AS m "+
			"WHERE m.org_id = links.org_id AND m.user_id = links.user_id AND m.ended = 0)", int64(at), link[:], int64(at))
		if err != nil {
			return err
		}
		if n == 0 {
			return freight.Missing("link", "")
		}
		used, err := one(tx, linkTable, "link", "", "WHERE hash = ?", link[:])
		if err != nil {
			return err
		}
		session.User, session.Org = used.User, used.Org
		if err := insert(tx, sessionTable, []freight.Session{session}); err != nil {
			return err
		}
		grant, err = grantOf(tx, session)
		return err
	})
	return grant, failure("redeem a sign-in link", err)
}

// Session returns a session by its hash, also one that ended, with whom it
// speaks for.
func (s *Store) Session(ctx context.Context, secret freight.Hash) (freight.SessionGrant, error) {
	var grant freight.SessionGrant
	err := s.reader.view(ctx, func(q querier) error {
		session, err := one(q, sessionTable, "session", "", "WHERE hash = ?", secret[:])
		if err != nil {
			return err
		}
		grant, err = grantOf(q, session)
		return err
	})
	return grant, failure("read a session", err)
}

func grantOf(q querier, session freight.Session) (grant freight.SessionGrant, err error) {
	grant.Session = session
	if grant.User, err = one(q, userTable, "user", session.User, "WHERE id = ?", string(session.User)); err != nil {
		return grant, err
	}
	if grant.Org, err = one(q, orgTable, "org", session.Org, "WHERE id = ?", string(session.Org)); err != nil {
		return grant, err
	}
	grant.Member, err = one(q, membershipTable, "membership", session.User, "WHERE org_id = ? AND user_id = ?", string(session.Org), string(session.User))
	return grant, err
}

// TouchSession writes down use: Seen and Expires, unless it was revoked.
func (s *Store) TouchSession(ctx context.Context, id freight.ID, seen, expires freight.Instant) error {
	return failure("touch a session", s.writer.do(ctx, nil, func(tx *writeTx) error {
		_, err := tx.exec("UPDATE sessions SET seen = ?, expires = ? WHERE id = ? AND revoked = 0", int64(seen), int64(expires), string(id))
		return err
	}))
}

// SessionsOf lists the sessions of a membership that are not revoked.
func (s *Store) SessionsOf(ctx context.Context, user, org freight.ID) ([]freight.ID, error) {
	ids, err := sessionsOf(s.reader.now(ctx), user, org)
	return ids, failure("list the sessions", err)
}

func sessionsOf(q querier, user, org freight.ID) ([]freight.ID, error) {
	list, err := sessionTable.list(q, "WHERE org_id = ? AND user_id = ? AND revoked = 0 ORDER BY id", string(org), string(user))
	var ids []freight.ID
	for i := range list {
		ids = append(ids, list[i].ID)
	}
	return ids, err
}

// RevokeSession revokes a session; revoking twice keeps the first instant.
func (s *Store) RevokeSession(ctx context.Context, id freight.ID, at freight.Instant) error {
	return s.revoke(ctx, "session", "UPDATE sessions SET revoked = CASE WHEN revoked = 0 THEN ? ELSE revoked END WHERE id = ?", id, at)
}

// RevokeToken revokes a token; revoking twice keeps the first instant.
func (s *Store) RevokeToken(ctx context.Context, id freight.ID, at freight.Instant) error {
	return s.revoke(ctx, "token", "UPDATE tokens SET revoked = CASE WHEN revoked = 0 THEN ? ELSE revoked END WHERE id = ?", id, at)
}

func (s *Store) revoke(ctx context.Context, what, text string, id freight.ID, at freight.Instant) error {
	return failure("revoke a "+what, s.writer.do(ctx, nil, func(tx *writeTx) error {
		n, err := tx.exec(text, int64(at), string(id))
		if err == nil && n == 0 {
			err = freight.Missing(what, id)
		}
		return err
	}))
}

// CreateToken adds an API token; Missing "org" when there is no such organization.
func (s *Store) CreateToken(ctx context.Context, t freight.Token) error {
	return failure("add a token", s.writer.do(ctx, nil, func(tx *writeTx) error {
		if _, err := one(tx, orgTable, "org", t.Org, "WHERE id = ?", string(t.Org)); err != nil {
			return err
		}
		return insert(tx, tokenTable, []freight.Token{t})
	}))
}

// Token returns a token by its hash, also one that ended, with its organization.
func (s *Store) Token(ctx context.Context, secret freight.Hash) (freight.TokenGrant, error) {
	var grant freight.TokenGrant
	err := s.reader.view(ctx, func(q querier) (err error) {
		if grant.Token, err = one(q, tokenTable, "token", "", "WHERE hash = ?", secret[:]); err != nil {
			return err
		}
		grant.Org, err = one(q, orgTable, "org", grant.Token.Org, "WHERE id = ?", string(grant.Token.Org))
		return err
	})
	return grant, failure("read a token", err)
}

// Tokens lists the tokens of an organization, also those that ended, oldest first.
func (s *Store) Tokens(ctx context.Context, org freight.ID) ([]freight.Token, error) {
	list, err := tokenTable.list(s.reader.now(ctx), "WHERE org_id = ? ORDER BY id", string(org))
	return list, failure("list the tokens", err)
}
