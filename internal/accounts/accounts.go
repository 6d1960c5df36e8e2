package accounts

import (
	"crypto/rand"
	"io"
	"log/slog"
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
type Accounts struct {
	cfg   Config
	cache *cache
}

// New returns accounts over a store.
func New(cfg Config) *Accounts {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.Revoked == nil {
		cfg.Revoked = func(freight.ID) {}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.LinkFor = or(cfg.LinkFor, 24*time.Hour)
	cfg.SessionIdle = or(cfg.SessionIdle, 14*24*time.Hour)
	cfg.SessionLife = or(cfg.SessionLife, 90*24*time.Hour)
	return &Accounts{cfg: cfg, cache: newCache()}
}

func or(span, otherwise time.Duration) time.Duration {
	if span <= 0 {
		return otherwise
	}
	return span
}

func (a *Accounts) now() freight.Instant { return freight.At(a.cfg.Now()) }

func (a *Accounts) after(span time.Duration) freight.Instant {
	return freight.At(a.cfg.Now().Add(span))
}
