package accounts_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/accounts"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/store"
)

var begun = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// watch is the clock of a test.
type watch struct{ ms atomic.Int64 }

func (w *watch) now() time.Time       { return time.UnixMilli(w.ms.Load()) }
func (w *watch) pass(d time.Duration) { w.ms.Add(d.Milliseconds()) }

// counter mints ids by counting.
type counter struct{ n atomic.Uint64 }

func (c *counter) Mint(prefix string, at freight.Instant) freight.ID {
	var random [10]byte
	binary.BigEndian.PutUint64(random[2:], c.n.Add(1))
	return freight.NewID(prefix, at, random)
}

// world is accounts over one store with an enterprise, its clerk and a clock.
type world struct {
	*accounts.Accounts
	t       *testing.T
	store   accounts.Store
	clock   *watch
	mint    *counter
	log     *bytes.Buffer
	mu      sync.Mutex
	revoked []freight.ID // as the hook was told
	market  freight.Market
	org     freight.Org
	user    freight.User
}

// everywhere runs a test on the store in memory and on both engines.
func everywhere(t *testing.T, test func(*testing.T, *world)) {
	t.Run("memory", func(t *testing.T) { test(t, newWorld(t, newMemory())) })
	t.Run("sqlite", func(t *testing.T) { test(t, newWorld(t, open(t, store.Config{Dir: t.TempDir()}))) })
	t.Run("postgres", func(t *testing.T) { test(t, newWorld(t, open(t, store.Config{URL: pgtest.URL(t)}))) })
}

func open(t *testing.T, cfg store.Config) accounts.Store {
	t.Helper()
	s, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newWorld(t *testing.T, s accounts.Store) *world {
	t.Helper()
	w := &world{t: t, store: s, clock: &watch{}, mint: &counter{}, log: &bytes.Buffer{}}
	w.clock.ms.Store(begun.UnixMilli())
	w.Accounts = w.process()
	ctx := t.Context()
	var err error
	if w.market, err = w.CreateMarket(ctx, "海门", "Asia/Shanghai", freight.Box{South: 1, West: 1, North: 2, East: 2}); err != nil {
		t.Fatal(err)
	}
	if w.org, w.user, err = w.Found(ctx, w.market.ID, freight.OrgEnterprise, "东方机械", "王芳", freight.RoleClerk); err != nil {
		t.Fatal(err)
	}
	return w
}

// process is accounts as another process on the same database would have them.
func (w *world) process() *accounts.Accounts {
	return accounts.New(accounts.Config{
		Store: w.store, Mint: w.mint, Now: w.clock.now, Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Revoked: func(id freight.ID) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.revoked = append(w.revoked, id)
		},
	})
}

// link issues a sign-in link for the clerk.
func (w *world) link() string {
	w.t.Helper()
	secret, _, err := w.IssueLink(w.t.Context(), w.user.ID, w.org.ID, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return secret
}

// signIn opens a session of the clerk.
func (w *world) signIn() (cookie string, p freight.Principal) {
	w.t.Helper()
	cookie, p, _, err := w.SignIn(w.t.Context(), w.link())
	if err != nil {
		w.t.Fatal(err)
	}
	return cookie, p
}

// token issues an API token of the enterprise.
func (w *world) token() (freight.Token, string) {
	w.t.Helper()
	token, secret, err := w.IssueToken(w.t.Context(), w.org.ID, "ERP", "")
	if err != nil {
		w.t.Fatal(err)
	}
	return token, secret
}

func withCookie(secret string) *http.Request {
	r, _ := http.NewRequest(http.MethodGet, "/v1/me", nil)
	r.AddCookie(&http.Cookie{Name: accounts.CookieName, Value: secret})
	return r
}

func withHeader(value string) *http.Request {
	r, _ := http.NewRequest(http.MethodGet, "/v1/me", nil)
	r.Header.Set("Authorization", value)
	return r
}

// authenticator is Accounts of any process.
type authenticator interface {
	Authenticate(context.Context, *http.Request) (freight.Principal, error)
}

// opens expects the request to be somebody's.
func opens(t *testing.T, a authenticator, r *http.Request) freight.Principal {
	t.Helper()
	p, err := a.Authenticate(t.Context(), r)
	if err != nil {
		t.Fatalf("Authenticate: %v", err)
	}
	return p
}

// shut expects the request to be nobody's.
func shut(t *testing.T, a authenticator, r *http.Request) {
	t.Helper()
	p, err := a.Authenticate(t.Context(), r)
	if freight.CodeOf(err) != freight.Unauthorized || freight.ProblemOf(err) != freight.ProblemSignIn || p != (freight.Principal{}) {
		t.Fatalf("Authenticate = %+v, %v, want nobody", p, err)
	}
}
