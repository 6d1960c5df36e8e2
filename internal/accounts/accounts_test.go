package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/accounts"
)

func TestSignInByLink(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		link := w.link()
		cookie, p, until, err := w.SignIn(t.Context(), link)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(link, "phl_") || !strings.HasPrefix(cookie, "phs_") || len(cookie) != 4+43 {
			t.Errorf("link %q, cookie %q", link, cookie)
		}
		want := freight.Principal{User: w.user.ID, Name: "王芳", Org: w.org.ID, OrgKind: freight.OrgEnterprise, OrgName: "东方机械",
			Role: freight.RoleClerk, Market: w.market.ID, Credential: p.Credential, Cookie: true, Until: freight.At(begun.Add(14 * 24 * time.Hour))}
		if p != want || !strings.HasPrefix(string(p.Credential), freight.PrefixSession) {
			t.Errorf("principal %+v, want %+v", p, want)
		}
		if until != freight.At(begun.Add(90*24*time.Hour)) {
			t.Errorf("until %v", until)
		}
		if got := opens(t, w, withCookie(cookie)); got != want {
			t.Errorf("authenticated %+v, want %+v", got, want)
		}
	})
}

func TestLinkIsGoodOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		link := w.link()
		var all sync.WaitGroup
		outcomes := make(chan error, 16)
		for range cap(outcomes) {
			all.Go(func() {
				_, _, _, err := w.SignIn(t.Context(), link)
				outcomes <- err
			})
		}
		all.Wait()
		close(outcomes)
		won := 0
		for err := range outcomes {
			if err == nil {
				won++
			} else if freight.CodeOf(err) != freight.Unauthorized {
				t.Errorf("a loser got %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d sessions by one link", won)
		}
		sessions, err := w.store.SessionsOf(t.Context(), w.user.ID, w.org.ID)
		if err != nil || len(sessions) != 1 {
			t.Errorf("sessions %v, %v", sessions, err)
		}
	})
}

func TestLinksThatOpenNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		refused := func(name, link string) {
			t.Helper()
			if _, p, _, err := w.SignIn(t.Context(), link); freight.CodeOf(err) != freight.Unauthorized || p != (freight.Principal{}) {
				t.Errorf("%s: %+v, %v", name, p, err)
			}
		}
		good := w.link()
		cookie, _ := w.signIn()
		_, token := w.token()
		refused("empty", "")
		refused("prefix alone", "phl_")
		refused("cut", good[:len(good)-1])
		refused("longer", good+"A")
		refused("unknown", "phl_"+strings.Repeat("A", 43))
		refused("cookie", cookie)
		refused("token", token)
		refused("cookie dressed as a link", "phl_"+cookie[4:])

		late := w.link()
		w.clock.pass(24 * time.Hour)
		refused("expired", late)

		left := w.link()
		if err := w.Leave(t.Context(), w.user.ID, w.org.ID); err != nil {
			t.Fatal(err)
		}
		refused("of a membership that ended", left)
		if _, _, err := w.IssueLink(t.Context(), w.user.ID, w.org.ID, ""); freight.CodeOf(err) != freight.NotFound {
			t.Errorf("link for somebody who left: %v", err)
		}
	})
}

func TestToken(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		token, secret := w.token()
		want := freight.Principal{User: token.ID, Name: "ERP", Org: w.org.ID, OrgKind: freight.OrgEnterprise, OrgName: "东方机械",
			Role: freight.RoleAPI, Market: w.market.ID, Credential: token.ID}
		for _, header := range []string{"Bearer " + secret, "bearer " + secret, "Bearer  " + secret} {
			if got := opens(t, w, withHeader(header)); got != want {
				t.Errorf("%.8s: %+v, want %+v", header, got, want)
			}
		}
		if !strings.HasPrefix(secret, "pht_") {
			t.Errorf("token %q", secret[:4])
		}
		list, err := w.store.Tokens(t.Context(), w.org.ID)
		if err != nil || len(list) != 1 || list[0].Name != "ERP" {
			t.Errorf("tokens %+v, %v", list, err)
		}
		if err := w.Revoke(t.Context(), token.ID); err != nil {
			t.Fatal(err)
		}
		shut(t, w, withHeader("Bearer "+secret))
		if !slices.Contains(w.revoked, token.ID) {
			t.Error("the hook was not told")
		}
	})
}

func TestRequestsOfNobody(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		cookie, _ := w.signIn()
		_, token := w.token()
		for name, header := range map[string]string{
			"cookie as token": "Bearer " + cookie, "other scheme": "Basic " + token, "no scheme": token,
			"bare": "Bearer", "unknown": "Bearer pht_" + strings.Repeat("A", 43), "huge": "Bearer pht_" + strings.Repeat("A", 1<<16),
		} {
			t.Run(name, func(t *testing.T) { shut(t, w, withHeader(header)) })
		}
		for name, value := range map[string]string{"token as cookie": token, "empty": "", "unknown": "phs_" + strings.Repeat("A", 43)} {
			t.Run(name, func(t *testing.T) { shut(t, w, withCookie(value)) })
		}
		// A header that is no good is not forgiven for the sake of a cookie.
		both := withCookie(cookie)
		both.Header.Set("Authorization", "Bearer nonsense")
		shut(t, w, both)
	})
}

func TestSessionsEnd(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		const day = 24 * time.Hour
		unused, _ := w.signIn()
		used, _ := w.signIn()
		for d := range 89 { // used every day, it lives as long as a session may
			w.clock.pass(day)
			p := opens(t, w, withCookie(used))
			if want := min(freight.At(w.clock.now().Add(14*day)), freight.At(begun.Add(90*day))); p.Until != want {
				t.Fatalf("day %d: until %v, want %v", d, p.Until, want)
			}
			if d == 13 { // 14 days without use
				shut(t, w, withCookie(unused))
			}
		}
		w.clock.pass(day - time.Second)
		opens(t, w, withCookie(used))
		w.clock.pass(time.Second)
		shut(t, w, withCookie(used))
	})
}

// counting counts writes of use and can be made to fail.
type counting struct {
	accounts.Store
	touches int
	broken  error
}

func (c *counting) TouchSession(ctx context.Context, id freight.ID, seen, expires freight.Instant) error {
	if c.broken != nil {
		return c.broken
	}
	c.touches++
	return c.Store.TouchSession(ctx, id, seen, expires)
}

func (c *counting) Session(ctx context.Context, hash freight.Hash) (freight.SessionGrant, error) {
	grant, err := c.Store.Session(ctx, hash)
	return grant, errors.Join(err, c.broken)
}

func TestUseIsWrittenDownSeldom(t *testing.T) {
	s := &counting{Store: newMemory()}
	w := newWorld(t, s)
	cookie, _ := w.signIn()
	for range 24 * 60 {
		w.clock.pass(time.Minute)
		opens(t, w, withCookie(cookie))
	}
	if s.touches < 5 || s.touches > 10 {
		t.Errorf("%d writes in a day of use", s.touches)
	}
}

// A database that does not answer must not look like a wrong password.
func TestOutageSignsNobodyOut(t *testing.T) {
	s := &counting{Store: newMemory()}
	w := newWorld(t, s)
	cookie, _ := w.signIn()
	s.broken = errors.New("no line to the database")
	_, err := w.Authenticate(t.Context(), withCookie(cookie))
	if err == nil || freight.CodeOf(err) == freight.Unauthorized {
		t.Errorf("Authenticate during an outage: %v", err)
	}
	s.broken = nil
	opens(t, w, withCookie(cookie))
}

func TestRevocationCountsAtOnceHereAndSoonElsewhere(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		cookie, p := w.signIn()
		other := w.process()
		opens(t, w, withCookie(cookie))
		opens(t, other, withCookie(cookie))
		if err := w.SignOut(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		shut(t, w, withCookie(cookie))
		opens(t, other, withCookie(cookie)) // not asked again yet
		w.clock.pass(30 * time.Second)
		shut(t, other, withCookie(cookie))
		if !slices.Equal(w.revoked, []freight.ID{p.Credential}) {
			t.Errorf("the hook was told %v", w.revoked)
		}
		if err := w.Revoke(t.Context(), "ss_unknown"); freight.CodeOf(err) != freight.NotFound {
			t.Errorf("revoke what is not there: %v", err)
		}
	})
}

func TestSignOutLeavesTokensAlone(t *testing.T) {
	w := newWorld(t, newMemory())
	_, secret := w.token()
	p := opens(t, w, withHeader("Bearer "+secret))
	if err := w.SignOut(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	opens(t, w, withHeader("Bearer "+secret))
}

// gated lets a test act between the read of a session and its answer.
type gated struct {
	accounts.Store
	between func()
}

func (g *gated) Session(ctx context.Context, hash freight.Hash) (freight.SessionGrant, error) {
	grant, err := g.Store.Session(ctx, hash)
	if g.between != nil {
		act := g.between
		g.between = nil
		act()
	}
	return grant, err
}

// A read that began before a revocation must not be remembered after it.
func TestRevocationBeatsAReadUnderWay(t *testing.T) {
	s := &gated{Store: newMemory()}
	w := newWorld(t, s)
	cookie, p := w.signIn()
	s.between = func() {
		if err := w.Revoke(t.Context(), p.Credential); err != nil {
			t.Error(err)
		}
	}
	opens(t, w, withCookie(cookie)) // it was live when it was asked for
	shut(t, w, withCookie(cookie))
}

func TestMembershipChanges(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		cookie, p := w.signIn()
		opens(t, w, withCookie(cookie))
		if _, err := w.Join(ctx, w.user.ID, w.org.ID, freight.RoleOwner, "us_boss"); err != nil {
			t.Fatal(err)
		}
		shut(t, w, withCookie(cookie))
		again, q := w.signIn()
		if got := opens(t, w, withCookie(again)); got.Role != freight.RoleOwner {
			t.Errorf("role %s", got.Role)
		}
		if err := w.Leave(ctx, w.user.ID, w.org.ID); err != nil {
			t.Fatal(err)
		}
		shut(t, w, withCookie(again))
		if !slices.Equal(w.revoked, []freight.ID{p.Credential, q.Credential}) {
			t.Errorf("the hook was told %v", w.revoked)
		}
		if err := w.Leave(ctx, w.user.ID, w.org.ID); freight.CodeOf(err) != freight.NotFound {
			t.Errorf("leave twice: %v", err)
		}
		if _, err := w.Join(ctx, w.user.ID, w.org.ID, freight.RoleClerk, ""); err != nil {
			t.Fatal(err)
		}
		back, _ := w.signIn()
		opens(t, w, withCookie(back))
		shut(t, w, withCookie(again))
	})
}

func TestRolesFitTheOrganization(t *testing.T) {
	w := newWorld(t, newMemory())
	all := []freight.Role{freight.RoleOwner, freight.RoleClerk, freight.RoleDriver, freight.RoleOfficer, freight.RoleAuditor, freight.RoleOps, freight.RoleAPI, "", "king"}
	want := map[freight.OrgKind]string{
		freight.OrgEnterprise: "[owner clerk auditor]",
		freight.OrgCarrier:    "[owner clerk driver auditor]",
		freight.OrgDesk:       "[owner officer auditor ops]",
	}
	for kind, roles := range want {
		org, _, err := w.Found(t.Context(), w.market.ID, kind, "某单位", "某人", freight.RoleOwner)
		if err != nil {
			t.Fatal(err)
		}
		var may []freight.Role
		for _, role := range all {
			_, err := w.Join(t.Context(), w.user.ID, org.ID, role, "")
			if err == nil {
				may = append(may, role)
			} else if freight.CodeOf(err) != freight.Invalid {
				t.Errorf("%s in %s: %v", role, kind, err)
			}
		}
		if fmt.Sprint(may) != roles {
			t.Errorf("%s: %v, want %s", kind, may, roles)
		}
	}
}

func TestBadAdministration(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		box := freight.Box{South: 1, West: 1, North: 2, East: 2}
		long := strings.Repeat("长", 65)
		found := func(market freight.ID, kind freight.OrgKind, name, member string, role freight.Role) error {
			_, _, err := w.Found(ctx, market, kind, name, member, role)
			return err
		}
		hire := func(name string, org freight.ID, role freight.Role) error {
			_, err := w.Hire(ctx, org, name, role)
			return err
		}
		for name, c := range map[string]struct {
			do    func() error
			code  freight.Code
			field string
		}{
			"market without name":  {func() error { _, err := w.CreateMarket(ctx, "", "Asia/Shanghai", box); return err }, freight.Invalid, "name"},
			"market in no zone":    {func() error { _, err := w.CreateMarket(ctx, "海门", "Asia/Atlantis", box); return err }, freight.Invalid, "zone"},
			"market of no area":    {func() error { _, err := w.CreateMarket(ctx, "海门", "UTC", freight.Box{}); return err }, freight.Invalid, "box"},
			"organization named":   {func() error { return found(w.market.ID, freight.OrgDesk, long, "某人", freight.RoleOwner) }, freight.Invalid, "name"},
			"organization of kind": {func() error { return found(w.market.ID, "club", "某", "某人", freight.RoleOwner) }, freight.Invalid, "kind"},
			"organization nowhere": {func() error { return found("mk_none", freight.OrgDesk, "某", "某人", freight.RoleOwner) }, freight.NotFound, "market"},
			"user with a bell":     {func() error { return hire("王\a芳", w.org.ID, freight.RoleClerk) }, freight.Invalid, "name"},
			"user of bad text":     {func() error { return hire("\xff", w.org.ID, freight.RoleClerk) }, freight.Invalid, "name"},
			"founded by a bell":    {func() error { return found(w.market.ID, freight.OrgDesk, "某", "\a", freight.RoleOwner) }, freight.Invalid, "owner"},
			"founded by a clerk":   {func() error { return found(w.market.ID, freight.OrgDesk, "某", "某人", freight.RoleClerk) }, freight.Invalid, "role"},
			"a driver in a firm":   {func() error { return hire("某人", w.org.ID, freight.RoleDriver) }, freight.Invalid, "role"},
			"hired by nobody":      {func() error { return hire("某人", "og_none", freight.RoleClerk) }, freight.NotFound, "org"},
			"unknown user joins":   {func() error { _, err := w.Join(ctx, "us_none", w.org.ID, freight.RoleClerk, ""); return err }, freight.NotFound, "user"},
			"joins no such org":    {func() error { _, err := w.Join(ctx, w.user.ID, "og_none", freight.RoleClerk, ""); return err }, freight.NotFound, "org"},
			"token without name":   {func() error { _, _, err := w.IssueToken(ctx, w.org.ID, "", ""); return err }, freight.Invalid, "name"},
			"token for no org":     {func() error { _, _, err := w.IssueToken(ctx, "og_none", "ERP", ""); return err }, freight.NotFound, "org"},
			"link for a stranger":  {func() error { _, _, err := w.IssueLink(ctx, "us_none", w.org.ID, ""); return err }, freight.NotFound, "membership"},
		} {
			var told *freight.Error
			if err := c.do(); !errors.As(err, &told) || told.Code != c.code || told.Field != c.field {
				t.Errorf("%s: %v", name, err)
			}
		}
		if orgs, err := w.store.Orgs(ctx, w.market.ID); err != nil || len(orgs) != 1 {
			t.Errorf("what was refused left %v, %v", orgs, err)
		}
	})
}

func TestCheckTellsWhichCredentialsLive(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		_, p := w.signIn()
		_, gone := w.signIn()
		token, _ := w.token()
		if err := w.Revoke(t.Context(), gone.Credential); err != nil {
			t.Fatal(err)
		}
		ids := []freight.ID{p.Credential, gone.Credential, token.ID}
		for i := range 1200 { // more than the store takes at once
			ids = append(ids, freight.ID(fmt.Sprintf("ss_unknown%d", i)))
		}
		live, err := w.Check(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		if until, ok := live[token.ID]; len(live) != 2 || live[p.Credential] != p.Until || !ok || until != 0 {
			t.Errorf("live %v", live)
		}
		w.clock.pass(14 * 24 * time.Hour)
		if live, err = w.Check(t.Context(), ids); err != nil || len(live) != 1 {
			t.Errorf("after 14 days: %v, %v", live, err)
		}
	})
}

// No secret is written down, neither in the log nor in an error.
func TestSecretsAreNotToldTwice(t *testing.T) {
	s := &counting{Store: newMemory()}
	w := newWorld(t, s)
	link := w.link()
	cookie, p, _, err := w.SignIn(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	_, token := w.token()
	_, _, _, used := w.SignIn(t.Context(), link)
	s.broken = errors.New("broken")
	w.clock.pass(time.Hour)
	_, outage := w.Authenticate(t.Context(), withCookie(cookie))
	s.broken = nil
	if err := w.SignOut(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	told := fmt.Sprint(w.log.String(), used, outage)
	for name, secret := range map[string]string{"link": link, "cookie": cookie, "token": token} {
		if strings.Contains(told, secret[4:]) {
			t.Errorf("the %s is told: %s", name, told)
		}
	}
	if !strings.Contains(w.log.String(), string(p.Credential)) {
		t.Error("the log does not name the session")
	}
}
