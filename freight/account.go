package freight

// Prefixes of the secrets that prove who somebody is. They let a scanner of
// leaked secrets tell what it found.
const (
	SecretLink    = "phl_" // opens a session once
	SecretSession = "phs_" // the value of the session cookie
	SecretToken   = "pht_" // an API token
)

// Hash is the SHA-256 of a secret. Secrets themselves are never stored.
type Hash [32]byte

// Membership lets a user act for an organization in a role. There is at most
// one for a user in an organization.
type Membership struct {
	User  ID      `json:"user"`
	Org   ID      `json:"org"`
	Role  Role    `json:"role"`
	Made  Instant `json:"made"`
	Actor ID      `json:"actor,omitempty"` // who made it, "" for the admin command
	Ended Instant `json:"ended,omitempty"` // 0 while it holds
}

// Link is a one-time sign-in link: whoever shows its secret first, before it
// expires, gets a session of the user in the organization.
type Link struct {
	Hash    Hash    `json:"-"`
	User    ID      `json:"user"`
	Org     ID      `json:"org"`
	Made    Instant `json:"made"`
	Actor   ID      `json:"actor,omitempty"` // who issued it, "" for the admin command
	Expires Instant `json:"expires"`
	Used    Instant `json:"used,omitempty"` // 0 until it was used
}

// Session is a browser that signed in: one user in one organization. It ends
// at Expires, which use moves on as far as Until and no further.
type Session struct {
	ID      ID      `json:"id"`
	Hash    Hash    `json:"-"`
	User    ID      `json:"user"`
	Org     ID      `json:"org"`
	Made    Instant `json:"made"`
	Seen    Instant `json:"seen"` // last use that was written down
	Expires Instant `json:"expires"`
	Until   Instant `json:"until"`
	Revoked Instant `json:"revoked,omitempty"` // 0 while it holds
}

// Live tells whether the session opens anything at the instant.
func (s *Session) Live(at Instant) bool { return s.Revoked == 0 && at < min(s.Expires, s.Until) }

// Token lets a program act for an organization in RoleAPI.
type Token struct {
	ID      ID      `json:"id"`
	Hash    Hash    `json:"-"`
	Org     ID      `json:"org"`
	Name    string  `json:"name"` // what it is for, in its owner's words
	Made    Instant `json:"made"`
	Actor   ID      `json:"actor,omitempty"`   // who issued it, "" for the admin command
	Expires Instant `json:"expires,omitempty"` // 0 for never
	Revoked Instant `json:"revoked,omitempty"` // 0 while it holds
}

// Live tells whether the token opens anything at the instant.
func (t *Token) Live(at Instant) bool {
	return t.Revoked == 0 && (t.Expires == 0 || at < t.Expires)
}

// SessionGrant is a session with whom it speaks for, of one read.
type SessionGrant struct {
	Session Session
	User    User
	Org     Org
	Member  Membership
}

// TokenGrant is a token with whom it speaks for, of one read.
type TokenGrant struct {
	Token Token
	Org   Org
}
