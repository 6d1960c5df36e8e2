package accounts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pinhuo/freight"
)

const maxName = 64 // runes

func named(field, name string) error {
	n := utf8.RuneCountInString(name)
	if n == 0 || n > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: field, Value: freight.Shorten(name), Max: fmt.Sprint(maxName)}
	}
	return nil
}

// CreateMarket adds a market. The zone is an IANA name.
func (a *Accounts) CreateMarket(ctx context.Context, name, zone string, box freight.Box) (freight.Market, error) {
	if err := named("name", name); err != nil {
		return freight.Market{}, err
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return freight.Market{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "zone", Value: freight.Shorten(zone), Cause: err}
	}
	if box.South >= box.North || box.West >= box.East {
		return freight.Market{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: "box", Value: fmt.Sprint(box)}
	}
	m := freight.Market{ID: a.cfg.Mint.Mint(freight.PrefixMarket, a.now()), Name: name, Box: box, Zone: zone}
	return m, a.cfg.Store.CreateMarket(ctx, m)
}

// CreateOrg adds an organization. Whoever runs the market adds it by hand, and
// so vouches for it: it is vetted.
func (a *Accounts) CreateOrg(ctx context.Context, market freight.ID, kind freight.OrgKind, name string) (freight.Org, error) {
	if err := named("name", name); err != nil {
		return freight.Org{}, err
	}
	switch kind {
	case freight.OrgEnterprise, freight.OrgCarrier, freight.OrgDesk:
	default:
		return freight.Org{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "kind", Value: freight.Shorten(string(kind))}
	}
	o := freight.Org{ID: a.cfg.Mint.Mint(freight.PrefixOrg, a.now()), Market: market, Kind: kind, Name: name, Vetted: true, Made: a.now()}
	return o, a.cfg.Store.CreateOrg(ctx, o)
}

// CreateUser adds a user.
func (a *Accounts) CreateUser(ctx context.Context, name string) (freight.User, error) {
	if err := named("name", name); err != nil {
		return freight.User{}, err
	}
	u := freight.User{ID: a.cfg.Mint.Mint(freight.PrefixUser, a.now()), Name: name, Made: a.now()}
	return u, a.cfg.Store.CreateUser(ctx, u)
}

// fitting lists the roles that make sense in an organization of a kind.
var fitting = map[freight.OrgKind][]freight.Role{
	freight.OrgEnterprise: {freight.RoleOwner, freight.RoleClerk, freight.RoleAuditor},
	freight.OrgCarrier:    {freight.RoleOwner, freight.RoleClerk, freight.RoleDriver, freight.RoleAuditor},
	freight.OrgDesk:       {freight.RoleOwner, freight.RoleOfficer, freight.RoleAuditor, freight.RoleOps},
}

// Join makes a user a member of an organization, or changes its role. The
// sessions of a changed membership end, because they speak in the old role.
func (a *Accounts) Join(ctx context.Context, user, org freight.ID, role freight.Role, by freight.ID) (freight.Membership, error) {
	o, err := a.cfg.Store.Org(ctx, org)
	if err != nil {
		return freight.Membership{}, err
	}
	if !slices.Contains(fitting[o.Kind], role) {
		return freight.Membership{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemSplit, Field: "role", Value: freight.Shorten(string(role))}
	}
	sessions, err := a.cfg.Store.SessionsOf(ctx, user, org)
	if err != nil {
		return freight.Membership{}, err
	}
	m := freight.Membership{User: user, Org: org, Role: role, Made: a.now(), Actor: by}
	if err := a.cfg.Store.SetMembership(ctx, m); err != nil {
		return freight.Membership{}, err
	}
	for _, id := range sessions {
		if err := a.Revoke(ctx, id); err != nil {
			return m, err
		}
	}
	return m, nil
}

// Leave ends a membership and its sessions.
func (a *Accounts) Leave(ctx context.Context, user, org freight.ID) error {
	sessions, err := a.cfg.Store.EndMembership(ctx, user, org, a.now())
	for _, id := range sessions {
		a.gone(id)
	}
	return err
}

// IssueLink issues a one-time sign-in link for a member and returns its secret,
// which is shown once and not kept.
func (a *Accounts) IssueLink(ctx context.Context, user, org, by freight.ID) (secret string, expires freight.Instant, err error) {
	secret, hash, err := a.newSecret(freight.SecretLink)
	if err != nil {
		return "", 0, err
	}
	l := freight.Link{Hash: hash, User: user, Org: org, Made: a.now(), Actor: by, Expires: a.after(a.cfg.LinkFor)}
	if err := a.cfg.Store.CreateLink(ctx, l); err != nil {
		return "", 0, err
	}
	return secret, l.Expires, nil
}

// IssueToken issues an API token of an organization and returns its secret,
// which is shown once and not kept.
func (a *Accounts) IssueToken(ctx context.Context, org freight.ID, name string, by freight.ID) (freight.Token, string, error) {
	if err := named("name", name); err != nil {
		return freight.Token{}, "", err
	}
	secret, hash, err := a.newSecret(freight.SecretToken)
	if err != nil {
		return freight.Token{}, "", err
	}
	t := freight.Token{ID: a.cfg.Mint.Mint(freight.PrefixToken, a.now()), Hash: hash, Org: org, Name: name, Made: a.now(), Actor: by}
	if err := a.cfg.Store.CreateToken(ctx, t); err != nil {
		return freight.Token{}, "", err
	}
	return t, secret, nil
}
