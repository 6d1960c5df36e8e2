package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The pauses between tries: random in [0, min(longest, first × 2^n)).
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
	longestAsked = 60 * time.Second // of what a server's Retry-After is heeded
	maxBody      = 16 << 20
)

// call is one request, which may be sent several times.
type call struct {
	method string
	path   string
	query  url.Values
	body   any
	raw    []byte // a body that is no JSON
	header http.Header
	key    string
	once   bool // must not be sent again after it may have arrived
}

// do sends the call until it is answered for good and reads the answer into
// out, unless out is nil; into a *[]byte as it is.
func (c *Client) do(ctx context.Context, k call, out any, opts ...Option) error {
	k.header = http.Header{}
	for _, o := range opts {
		o(&k)
	}
	// A key also tells net/http that it may repeat the request by itself.
	if k.key == "" && !k.once && (k.method == http.MethodPost || k.method == http.MethodPut) {
		k.key = c.cfg.Key()
	}
	body := k.raw
	if k.body != nil {
		var err error
		if body, err = json.Marshal(k.body); err != nil {
			return fmt.Errorf("%s %s: %w", k.method, k.path, err)
		}
	}
	err := c.try(ctx, &k, func() error { return c.send(ctx, &k, body, out) })
	if err != nil {
		return fmt.Errorf("%s %s: %w", k.method, k.path, err)
	}
	return nil
}

// try repeats send while that can help.
func (c *Client) try(ctx context.Context, k *call, send func() error) error {
	for n := 0; ; n++ {
		err := send()
		if err == nil || ctx.Err() != nil || n+1 >= c.cfg.Tries || !again(err, k.once) {
			return err
		}
		if c.cfg.Retry != nil {
			c.cfg.Retry(k.method+" "+k.path, n+1, err)
		}
		if waited := c.cfg.Wait(ctx, c.pause(n, err)); waited != nil {
			return errors.Join(err, waited)
		}
	}
}

// lineError is a request that got no whole answer.
type lineError struct{ cause error }

func (e *lineError) Error() string { return "no answer: " + e.cause.Error() }
func (e *lineError) Unwrap() error { return e.cause }

// busyError is a refusal that asks to come back.
type busyError struct {
	*Problem
	after time.Duration
}

func (e *busyError) Unwrap() error { return e.Problem }

// again tells whether the same request may succeed later.
func again(err error, once bool) bool {
	var line *lineError
	var busy *busyError
	return errors.As(err, &busy) || errors.As(err, &line) && !once
}

// pause is how long to wait before try n+1: full jitter over a doubling span,
// and never less than the server asked for.
func (c *Client) pause(n int, err error) time.Duration {
	span := longestPause
	if n < 6 {
		span = min(span, firstPause<<n)
	}
	d := time.Duration(c.cfg.Rand() * float64(span))
	var busy *busyError
	if errors.As(err, &busy) {
		d += busy.after
	}
	return d
}

// send makes one try.
func (c *Client) send(ctx context.Context, k *call, body []byte, out any) error {
	r, err := http.NewRequestWithContext(ctx, k.method, c.url(k.path, k.query), bytes.NewReader(body))
	if err != nil {
		return err
	}
	c.dress(r.Header)
	for name, values := range k.header {
		r.Header[name] = values
	}
	if k.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if k.raw != nil {
		r.Header.Set("Content-Type", http.DetectContentType(k.raw))
	}
	if k.key != "" {
		r.Header.Set("Idempotency-Key", k.key)
	}
	answer, err := c.cfg.HTTP.Do(r)
	if err != nil {
		return &lineError{err}
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return refusal(answer)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxBody))
	if err != nil {
		return &lineError{err}
	}
	if out == nil {
		return nil
	}
	if file, ok := out.(*[]byte); ok {
		*file = text
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// refusal reads an answer that is none.
func refusal(r *http.Response) error {
	p := problemOf(r)
	switch p.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		seconds, _ := strconv.Atoi(r.Header.Get("Retry-After"))
		after := min(time.Duration(max(seconds, 0))*time.Second, longestAsked)
		return &busyError{Problem: p, after: after}
	}
	return p
}

// url is the address of a path of the API.
func (c *Client) url(path string, query url.Values) string {
	u := c.base + path
	if q := query.Encode(); q != "" {
		u += "?" + q
	}
	return u
}

// dress says who asks and in which language.
func (c *Client) dress(h http.Header) {
	h.Set("Accept-Language", c.cfg.Language)
	if c.cfg.Token != "" {
		h.Set("Authorization", "Bearer "+c.cfg.Token)
	}
	if c.cfg.Behalf != "" {
		h.Set("Pinhuo-On-Behalf-Of", c.cfg.Behalf)
	}
}
