package accounts

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"pinhuo/freight"
)

// CookieName is the name of the session cookie.
const CookieName = "pinhuo_session"

// Config is what Accounts is made of. Store and Mint are required.
type Config struct {
	Store   Store
	Mint    freight.Minter
	Now     func() time.Time // default time.Now
	Rand    io.Reader        // default crypto/rand.Reader
	Revoked func(freight.ID) // told of every credential that is revoked here, so that open sockets close
	Log     *slog.Logger     // default: discards

	LinkFor     time.Duration // how long a sign-in link is good; default 24 h
	SessionIdle time.Duration // a session unused so long ends; default 14 days
	SessionLife time.Duration // no session lives longer; default 90 days
}

// Accounts knows who is asking. It is safe for concurrent use.
type Accounts struct{ cfg Config }

// New returns accounts over a store.
func New(cfg Config) *Accounts { return &Accounts{cfg: cfg} }

// Authenticate returns who sent the request, by its Authorization: Bearer
// header or else its session cookie; Unauthorized otherwise.
func (a *Accounts) Authenticate(ctx context.Context, r *http.Request) (freight.Principal, error) {
	return freight.Principal{}, &freight.Error{Code: freight.Unauthorized, Problem: freight.ProblemSignIn}
}

// SignIn uses a one-time link and opens a session. The cookie to set is
// Cookie(secret, until, secure).
func (a *Accounts) SignIn(ctx context.Context, link string) (p freight.Principal, secret string, err error) {
	return freight.Principal{}, "", &freight.Error{Code: freight.Unauthorized, Problem: freight.ProblemSignIn}
}

// SignOut revokes the credential of the principal if it is a session.
func (a *Accounts) SignOut(ctx context.Context, p freight.Principal) error { return nil }

// Revoke revokes a session or a token.
func (a *Accounts) Revoke(ctx context.Context, credential freight.ID) error { return nil }

// Check returns those of the credentials that still open something, each with
// the instant it ends, 0 for never.
func (a *Accounts) Check(ctx context.Context, credentials []freight.ID) (map[freight.ID]freight.Instant, error) {
	return nil, nil
}

// CreateMarket adds a market.
func (a *Accounts) CreateMarket(ctx context.Context, name, zone string, box freight.Box) (freight.Market, error) {
	return freight.Market{}, nil
}

// CreateOrg adds an organization.
func (a *Accounts) CreateOrg(ctx context.Context, market freight.ID, kind freight.OrgKind, name string) (freight.Org, error) {
	return freight.Org{}, nil
}

// CreateUser adds a user.
func (a *Accounts) CreateUser(ctx context.Context, name string) (freight.User, error) {
	return freight.User{}, nil
}

// Join makes a user a member of an organization, or changes its role.
func (a *Accounts) Join(ctx context.Context, user, org freight.ID, role freight.Role, by freight.ID) (freight.Membership, error) {
	return freight.Membership{}, nil
}

// Leave ends a membership and its sessions.
func (a *Accounts) Leave(ctx context.Context, user, org freight.ID) error { return nil }

// IssueLink issues a one-time sign-in link for a member and returns its secret.
func (a *Accounts) IssueLink(ctx context.Context, user, org, by freight.ID) (secret string, expires freight.Instant, err error) {
	return "", 0, nil
}

// IssueToken issues an API token of an organization and returns its secret.
func (a *Accounts) IssueToken(ctx context.Context, org freight.ID, name string, by freight.ID) (freight.Token, string, error) {
	return freight.Token{}, "", nil
}

// Cookie is the session cookie for a secret; secure when the page came by TLS.
// An empty secret clears it.
func (a *Accounts) Cookie(secret string, until freight.Instant, secure bool) *http.Cookie { return nil }
