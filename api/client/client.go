package client

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// Config is what a Client is made of. Base is required.
type Config struct {
	Base     string // address of the server, such as "http://127.0.0.1:8080"
	Token    string // API token; "" to sign in by a link
	Behalf   string // for a desk officer: the organization acted for
	Language string // of error texts, "zh-CN" (default) or "en"
	HTTP     *http.Client

	Tries int                                        // of one call on a bad line; default 8
	Wait  func(context.Context, time.Duration) error // default: a timer
	Rand  func() float64                             // in [0, 1), for jitter; default math/rand/v2
	Key   func() string                              // makes idempotency keys; default 128 random bits
	Retry func(call string, try int, cause error)    // told before each further try; may be nil
}

// Client calls one server as one principal. It is safe for concurrent use.
type Client struct {
	cfg  Config
	base string // without a slash at the end
}

// New returns a client; an error says what is wrong with the configuration.
func New(cfg Config) (*Client, error) {
	base, err := url.Parse(strings.TrimSuffix(cfg.Base, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("client: base %q is not an http address", cfg.Base)
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	if cfg.Token == "" && cfg.HTTP.Jar == nil {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return nil, fmt.Errorf("client: cookie jar: %w", err)
		}
		own := *cfg.HTTP
		own.Jar = jar
		cfg.HTTP = &own
	}
	if cfg.Language == "" {
		cfg.Language = "zh-CN"
	}
	if cfg.Tries <= 0 {
		cfg.Tries = 8
	}
	if cfg.Wait == nil {
		cfg.Wait = wait
	}
	if cfg.Rand == nil {
		cfg.Rand = mathrand.Float64
	}
	if cfg.Key == nil {
		cfg.Key = rand.Text
	}
	return &Client{cfg: cfg, base: base.String()}, nil
}

// wait returns after d, or earlier with the context's error.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Option changes one call.
type Option func(*call)

// Key sets the idempotency key, so that a caller that was itself restarted can
// ask again and get the first answer.
func Key(key string) Option { return func(c *call) { c.key = key } }

// IfMatch lets a change happen only to the version named.
func IfMatch(version int64) Option {
	return func(c *call) { c.header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(version))) }
}

// Behalf acts for another organization, for this call alone.
func Behalf(org string) Option {
	return func(c *call) { c.header.Set("Pinhuo-On-Behalf-Of", org) }
}
