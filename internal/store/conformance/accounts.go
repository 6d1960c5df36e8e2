package conformance

import (
	"fmt"
	"sync"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// testSweep removes what is kept for a time only.
func testSweep(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx := t.Context()
	var keys []freight.Key
	c := w.Commit()
	for i := range 5 {
		w.Post(c, w.Load(), fmt.Sprint("key ", i))
		c.Answers[i].At = Start + freight.Instant(i)*freight.Day
		keys = append(keys, c.Answers[i].Key)
	}
	w.Send(c)
	now := Start + 2*freight.Day + store.AnswersKept
	equal(t, "swept", must(w.Store.SweepAnswers(ctx, now))(t), 2)
	equal(t, "swept again", must(w.Store.SweepAnswers(ctx, now))(t), 0)
	equal(t, "answers kept", len(must(w.Store.Prior(ctx, freight.Prior{Market: w.Market.ID, Keys: keys}))(t).Answers), 3)
	equal(t, "swept much later", must(w.Store.SweepAnswers(ctx, now+30*freight.Day))(t), 3)
}

// member adds a user with a membership.
func (w *World) member(org freight.Org, role freight.Role) (freight.User, freight.Membership) {
	w.tb.Helper()
	u := freight.User{ID: w.ID(freight.PrefixUser), Name: "值班员", Made: Start}
	w.ok(w.Store.CreateUser(w.tb.Context(), u))
	m := freight.Membership{User: u.ID, Org: org.ID, Role: role, Made: Start, Actor: "us_admin"}
	w.ok(w.Store.SetMembership(w.tb.Context(), m))
	return u, m
}

// testOrgs checks organizations, users and memberships.
func testOrgs(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx, s := t.Context(), w.Store
	equal(t, "organization", must(s.Org(ctx, w.Carrier.ID))(t), w.Carrier)
	equal(t, "desks", must(s.Desks(ctx, w.Market.ID))(t), []freight.ID{w.Desk.ID})
	equal(t, "organizations", must(s.Orgs(ctx, w.Market.ID))(t), []freight.Org{w.Shipper, w.Carrier, w.Desk})
	_, err := s.Org(ctx, "og_none")
	wantMissing(t, "no organization", err)
	wantMissing(t, "an organization of no market", s.CreateOrg(ctx, freight.Org{ID: "og_x", Market: "mk_none"}))
	equal(t, "code of a taken id", freight.CodeOf(s.CreateOrg(ctx, w.Carrier)), freight.Conflict)
	newcomer := freight.User{ID: "us_new", Name: "n", Made: Start}
	joins := freight.Membership{User: newcomer.ID, Org: "og_new", Role: freight.RoleOwner, Made: Start}
	wantMissing(t, "a member of nothing", s.Enrol(ctx, nil, newcomer, joins))
	wantMissing(t, "a member who is another", s.Enrol(ctx, &freight.Org{ID: "og_new", Market: w.Market.ID, Kind: freight.OrgDesk}, newcomer,
		freight.Membership{User: "us_none", Org: "og_new"}))
	_, err = s.Org(ctx, "og_new")
	wantMissing(t, "the organization of a refused member", err)
	_, err = s.User(ctx, newcomer.ID)
	wantMissing(t, "a refused member", err)
	equal(t, "code of a taken market", freight.CodeOf(s.CreateMarket(ctx, w.Market)), freight.Conflict)
	u, m := w.member(w.Shipper, freight.RoleClerk)
	other, second := w.member(w.Shipper, freight.RoleOwner)
	equal(t, "user", must(s.User(ctx, u.ID))(t), u)
	equal(t, "users", must(s.Users(ctx, w.Market.ID))(t), []freight.User{u, other})
	equal(t, "users elsewhere", len(must(s.Users(ctx, "mk_none"))(t)), 0)
	_, err = s.User(ctx, "us_none")
	wantMissing(t, "no user", err)
	equal(t, "memberships", must(s.Memberships(ctx, w.Shipper.ID))(t), []freight.Membership{m, second})
	wantMissing(t, "a membership of nobody", s.SetMembership(ctx, freight.Membership{User: "us_none", Org: w.Shipper.ID}))
	wantMissing(t, "a membership in nothing", s.SetMembership(ctx, freight.Membership{User: u.ID, Org: "og_none"}))
	m.Role, m.Actor, m.Made = freight.RoleDriver, "us_other", Start+1
	w.ok(s.SetMembership(ctx, m))
	equal(t, "changed membership", must(s.Membership(ctx, u.ID, w.Shipper.ID))(t), m)
	_, err = s.Membership(ctx, u.ID, w.Carrier.ID)
	wantMissing(t, "no membership", err)
	equal(t, "sessions ended", len(must(s.EndMembership(ctx, u.ID, w.Shipper.ID, Start+2))(t)), 0)
	_, err = s.EndMembership(ctx, u.ID, w.Shipper.ID, Start+3)
	wantMissing(t, "a membership that has ended", err)
	m.Ended = Start + 2
	equal(t, "ended membership", must(s.Membership(ctx, u.ID, w.Shipper.ID))(t), m)
	equal(t, "memberships that hold", must(s.Memberships(ctx, w.Shipper.ID))(t), []freight.Membership{second})
}

func (w *World) session() freight.Session {
	id := w.ID(freight.PrefixSession)
	s := freight.Session{ID: id, Made: Start, Seen: Start, Expires: Start + freight.Hour, Until: Start + freight.Day}
	copy(s.Hash[:], id)
	return s
}

// testSessions checks links and sessions.
func testSessions(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx, s := t.Context(), w.Store
	u, m := w.member(w.Shipper, freight.RoleClerk)
	link := freight.Link{Hash: freight.Hash{1}, User: u.ID, Org: w.Shipper.ID, Made: Start, Expires: Start + freight.Hour}
	w.ok(s.CreateLink(ctx, link))
	wantMissing(t, "a link of no member", s.CreateLink(ctx, freight.Link{Hash: freight.Hash{2}, User: u.ID, Org: w.Carrier.ID}))
	_, err := s.Redeem(ctx, link.Hash, Start+freight.Hour, w.session())
	wantMissing(t, "an expired link", err)
	_, err = s.Redeem(ctx, freight.Hash{9}, Start, w.session())
	wantMissing(t, "no link", err)
	grant := w.raceForLink(link)
	session := grant.Session
	session.User, session.Org = u.ID, w.Shipper.ID
	equal(t, "grant", grant, freight.SessionGrant{Session: session, User: u, Org: w.Shipper, Member: m})
	equal(t, "session", must(s.Session(ctx, session.Hash))(t), grant)
	_, err = s.Session(ctx, freight.Hash{9})
	wantMissing(t, "no session", err)
	w.ok(s.TouchSession(ctx, session.ID, Start+5, Start+2*freight.Hour))
	grant.Session.Seen, grant.Session.Expires = Start+5, Start+2*freight.Hour
	equal(t, "touched session", must(s.Session(ctx, session.Hash))(t), grant)
	equal(t, "sessions", must(s.SessionsOf(ctx, u.ID, w.Shipper.ID))(t), []freight.ID{session.ID})
	live := func(at freight.Instant) map[freight.ID]freight.Instant {
		return must(s.LiveCredentials(ctx, []freight.ID{session.ID, "ss_none"}, at))(t)
	}
	equal(t, "live", live(Start+freight.Hour), map[freight.ID]freight.Instant{session.ID: Start + 2*freight.Hour})
	equal(t, "live after its end", live(Start+2*freight.Hour), map[freight.ID]freight.Instant{})
	equal(t, "revoked with the membership", must(s.EndMembership(ctx, u.ID, w.Shipper.ID, Start+9))(t), []freight.ID{session.ID})
	equal(t, "live without membership", live(Start+freight.Hour), map[freight.ID]freight.Instant{})
	w.ok(s.RevokeSession(ctx, session.ID, Start+20))
	equal(t, "first instant of revocation", must(s.Session(ctx, session.Hash))(t).Session.Revoked, Start+9)
	w.ok(s.TouchSession(ctx, session.ID, Start+30, Start+30))
	equal(t, "use after revocation", must(s.Session(ctx, session.Hash))(t).Session.Seen, Start+5)
	wantMissing(t, "revoking no session", s.RevokeSession(ctx, "ss_none", Start))
	w.ok(s.Sweep(ctx, Start+9))
	_ = must(s.Session(ctx, session.Hash))(t) // ended at that instant and not before it
	w.ok(s.Sweep(ctx, Start+10))
	_, err = s.Session(ctx, session.Hash)
	wantMissing(t, "a swept session", err)
}

// raceForLink lets several browsers show one link at once: one gets a session.
func (w *World) raceForLink(link freight.Link) freight.SessionGrant {
	w.tb.Helper()
	grants, errs := make([]freight.SessionGrant, 6), make([]error, 6)
	sessions := make([]freight.Session, 6)
	for i := range sessions {
		sessions[i] = w.session()
	}
	var all sync.WaitGroup
	for i := range grants {
		all.Go(func() { grants[i], errs[i] = w.Store.Redeem(w.tb.Context(), link.Hash, Start, sessions[i]) })
	}
	all.Wait()
	winner := -1
	for i, err := range errs {
		switch {
		case err != nil:
			wantMissing(w.tb, "a used link", err)
		case winner >= 0:
			w.tb.Fatal("one link opened two sessions")
		default:
			winner = i
		}
	}
	if winner < 0 {
		w.tb.Fatal("the link opened nothing")
	}
	equal(w.tb, "session of the grant", grants[winner].Session.ID, sessions[winner].ID)
	return grants[winner]
}

// testTokens checks API tokens.
func testTokens(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx, s := t.Context(), w.Store
	token := freight.Token{ID: w.ID(freight.PrefixToken), Hash: freight.Hash{1}, Org: w.Carrier.ID, Name: "运输管理系统", Made: Start, Actor: "us_owner"}
	brief := freight.Token{ID: w.ID(freight.PrefixToken), Hash: freight.Hash{2}, Org: w.Carrier.ID, Name: "试用", Made: Start, Expires: Start + freight.Hour}
	w.ok(s.CreateToken(ctx, token))
	w.ok(s.CreateToken(ctx, brief))
	wantMissing(t, "a token of nobody", s.CreateToken(ctx, freight.Token{ID: "tk_x", Hash: freight.Hash{3}, Org: "og_none"}))
	equal(t, "token", must(s.Token(ctx, token.Hash))(t), freight.TokenGrant{Token: token, Org: w.Carrier})
	_, err := s.Token(ctx, freight.Hash{9})
	wantMissing(t, "no token", err)
	equal(t, "tokens", must(s.Tokens(ctx, w.Carrier.ID))(t), []freight.Token{token, brief})
	equal(t, "tokens of another", len(must(s.Tokens(ctx, w.Shipper.ID))(t)), 0)
	live := func(at freight.Instant) map[freight.ID]freight.Instant {
		return must(s.LiveCredentials(ctx, []freight.ID{token.ID, brief.ID}, at))(t)
	}
	equal(t, "live", live(Start), map[freight.ID]freight.Instant{token.ID: 0, brief.ID: Start + freight.Hour})
	equal(t, "live later", live(Start+freight.Hour), map[freight.ID]freight.Instant{token.ID: 0})
	w.ok(s.RevokeToken(ctx, token.ID, Start+5))
	w.ok(s.RevokeToken(ctx, token.ID, Start+6))
	equal(t, "first instant of revocation", must(s.Token(ctx, token.Hash))(t).Token.Revoked, Start+5)
	equal(t, "live after revocation", live(Start+5), map[freight.ID]freight.Instant{brief.ID: Start + freight.Hour})
	wantMissing(t, "revoking no token", s.RevokeToken(ctx, "tk_none", Start))
	w.ok(s.Sweep(ctx, Start+2*freight.Hour))
	equal(t, "tokens after a sweep", len(must(s.Tokens(ctx, w.Carrier.ID))(t)), 0)
}
