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
		return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: field, Value: freight.Shorten(name),
			Want: fmt.Sprintf("1 to %d characters", maxName)}
	}
	return nil
}

// CreateMarket adds a market. The zone is an IANA name.
func (a *Accounts) CreateMarket(ctx context.Context, name, zone string, box freight.Box) (freight.Market, error) {
	if err := named("name", name); err != nil {
		return freight.Market{}, err
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return freight.Market{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "zone", Value: freight.Shorten(zone), Want: "an IANA time zone such as Asia/Shanghai", Cause: err}
	}
	if box.South >= box.North || box.West >= box.East {
		return freight.Market{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: "box", Value: fmt.Sprint(box)}
	}
	m := freight.Market{ID: a.cfg.Mint.Mint(freight.PrefixMarket, a.now()), Name: name, Box: box, Zone: zone}
	return m, a.cfg.Store.CreateMarket(ctx, m)
}

// newOrg describes an organization. Whoever runs the market adds it by hand, and
// so vouches for it: it is vetted.
func (a *Accounts) newOrg(market freight.ID, kind freight.OrgKind, name string) (freight.Org, error) {
	if err := named("name", name); err != nil {
		return freight.Org{}, err
	}
	if fitting[kind] == nil {
		return freight.Org{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "kind", Value: freight.Shorten(string(kind))}
	}
	return freight.Org{ID: a.cfg.Mint.Mint(freight.PrefixOrg, a.now()), Market: market, Kind: kind, Name: name, Vetted: true, Made: a.now()}, nil
}

// newUser describes a user; field is what its name was called by.
func (a *Accounts) newUser(field, name string) (freight.User, error) {
	if err := named(field, name); err != nil {
		return freight.User{}, err
	}
	return freight.User{ID: a.cfg.Mint.Mint(freight.PrefixUser, a.now()), Name: name, Made: a.now()}, nil
}

// Found adds an organization with its first member, or neither.
func (a *Accounts) Found(ctx context.Context, market freight.ID, kind freight.OrgKind, name, member string, role freight.Role) (freight.Org, freight.User, error) {
	o, err := a.newOrg(market, kind, name)
	if err != nil {
		return o, freight.User{}, err
	}
	u, err := a.newUser("owner", member)
	if err != nil {
		return o, u, err
	}
	if err := fits(kind, role); err != nil {
		return o, u, err
	}
	return o, u, a.cfg.Store.Enrol(ctx, &o, u, freight.Membership{User: u.ID, Org: o.ID, Role: role, Made: a.now()})
}

// Hire adds a user as a member of an organization.
func (a *Accounts) Hire(ctx context.Context, org freight.ID, name string, role freight.Role) (freight.User, error) {
	u, err := a.newUser("name", name)
	if err != nil {
		return u, err
	}
	o, err := a.cfg.Store.Org(ctx, org)
	if err != nil {
		return u, err
	}
	if err := fits(o.Kind, role); err != nil {
		return u, err
	}
	return u, a.cfg.Store.Enrol(ctx, nil, u, freight.Membership{User: u.ID, Org: org, Role: role, Made: a.now()})
}

// fits refuses a role that makes no sense in an organization of a kind.
func fits(kind freight.OrgKind, role freight.Role) error {
	if slices.Contains(fitting[kind], role) {
		return nil
	}
	names := make([]string, 0, len(fitting[kind]))
	for _, r := range fitting[kind] {
		names = append(names, string(r))
	}
	return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "role", Value: freight.Shorten(string(role)),
		Want: strings.Join(names, ", ") + " (organization: " + string(kind) + ")"}
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
	if err := fits(o.Kind, role); err != nil {
		return freight.Membership{}, err
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
