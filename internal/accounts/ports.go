package accounts

import (
	"context"

	"pinhuo/freight"
)

// Store keeps accounts. What does not exist is freight.Missing; every other
// error is the database's. Hashes are compared by the database as keys and
// again, in constant time, by this package.
type Store interface {
	// CreateMarket adds a market.
	CreateMarket(ctx context.Context, m freight.Market) error
	// Markets lists all markets, oldest first.
	Markets(ctx context.Context) ([]freight.Market, error)

	// CreateOrg adds an organization; Missing "market" when there is no such market.
	CreateOrg(ctx context.Context, o freight.Org) error
	// Org returns one organization.
	Org(ctx context.Context, id freight.ID) (freight.Org, error)
	// Orgs lists the organizations of a market, oldest first.
	Orgs(ctx context.Context, market freight.ID) ([]freight.Org, error)

	// CreateUser adds a user.
	CreateUser(ctx context.Context, u freight.User) error
	// User returns one user.
	User(ctx context.Context, id freight.ID) (freight.User, error)

	// Enrol adds a user with its membership, and before both the organization
	// that it joins unless that is nil, in one transaction.
	Enrol(ctx context.Context, o *freight.Org, u freight.User, m freight.Membership) error

	// SetMembership adds the membership of (User, Org) or replaces it, also one that ended.
	SetMembership(ctx context.Context, m freight.Membership) error
	// Membership returns the membership of a user, also one that ended.
	Membership(ctx context.Context, user, org freight.ID) (freight.Membership, error)
	// Memberships lists those of an organization that hold, oldest first.
	Memberships(ctx context.Context, org freight.ID) ([]freight.Membership, error)
	// EndMembership ends a membership that holds and revokes its sessions in
	// the same transaction; it returns the sessions it revoked.
	EndMembership(ctx context.Context, user, org freight.ID, at freight.Instant) ([]freight.ID, error)

	// CreateLink adds a sign-in link.
	CreateLink(ctx context.Context, l freight.Link) error
	// Redeem uses a link and opens a session in one transaction: the link
	// must be unused, not expired at the instant, and its membership must hold
	// (else Missing "link", and nothing is written). Of callers that race with
	// one link exactly one succeeds. The session is stored with the link's
	// user and organization; the grant that was made is returned.
	Redeem(ctx context.Context, link freight.Hash, at freight.Instant, s freight.Session) (freight.SessionGrant, error)

	// Session returns a session by its hash, also one that ended, with whom it speaks for.
	Session(ctx context.Context, hash freight.Hash) (freight.SessionGrant, error)
	// TouchSession writes down use: Seen and Expires, unless it was revoked.
	TouchSession(ctx context.Context, id freight.ID, seen, expires freight.Instant) error
	// SessionsOf lists the sessions of a membership that are not revoked.
	SessionsOf(ctx context.Context, user, org freight.ID) ([]freight.ID, error)
	// RevokeSession revokes a session; revoking twice keeps the first instant.
	RevokeSession(ctx context.Context, id freight.ID, at freight.Instant) error

	// CreateToken adds an API token.
	CreateToken(ctx context.Context, t freight.Token) error
	// Token returns a token by its hash, also one that ended, with its organization.
	Token(ctx context.Context, hash freight.Hash) (freight.TokenGrant, error)
	// Tokens lists the tokens of an organization, also those that ended, oldest first.
	Tokens(ctx context.Context, org freight.ID) ([]freight.Token, error)
	// RevokeToken revokes a token; revoking twice keeps the first instant.
	RevokeToken(ctx context.Context, id freight.ID, at freight.Instant) error

	// LiveCredentials returns those of at most 500 sessions and tokens that
	// open something at the instant (not revoked, not expired, membership
	// holds), each with the instant it ends, 0 for never.
	LiveCredentials(ctx context.Context, ids []freight.ID, at freight.Instant) (map[freight.ID]freight.Instant, error)

	// Sweep removes links, sessions and tokens that ended before the instant.
	Sweep(ctx context.Context, before freight.Instant) error
}
