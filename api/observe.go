package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"pinhuo/freight"
)

// Time limits and sizes for the http.Server that the handler runs in. The body
// is read whole before anything is done, so a slow writer holds no one up.
const (
	ReadHeaderTimeout = 5 * time.Second
	ReadTimeout       = 15 * time.Second
	WriteTimeout      = 30 * time.Second
	IdleTimeout       = 2 * time.Minute
	MaxHeaderBytes    = 16 << 10
)

// requestID is the header that names a request.
const requestID = "X-Request-Id"

const maxRequestID = 64

// observe is around everything: it names the request, sets the headers that
// every answer carries, turns a panic into a 500 and writes one line to the log.
func (s *server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, clock := s.cfg.Now(), time.Now()
		c := s.newCall(r, began)
		rec := &recorder{ResponseWriter: w}
		s.commonHeaders(rec.Header(), r)
		c.head = rec.Header()
		c.head.Set(requestID, c.id)
		defer func() {
			if fault := recover(); fault != nil {
				s.recovered(rec, c, fault)
			}
			s.timed(c, rec.status, time.Since(clock))
			if c.refused != nil {
				s.refusals.WithLabelValues(string(c.refused.Code)).Inc()
			}
			s.logLine(r.Context(), c, rec.status, s.cfg.Now()-began)
		}()
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
	})
}

func (s *server) newCall(r *http.Request, at freight.Instant) *call {
	id := r.Header.Get(requestID)
	if !plain(id, maxRequestID) {
		id = string(s.cfg.Minter.Mint("rq", at))
	}
	return &call{
		id: id, lang: langOf(r.Header.Get("Accept-Language")), method: r.Method, path: r.URL.Path, query: r.URL.RawQuery, route: routeNone, remote: s.remote(r), secure: s.secure(r),
		ifMatch: r.Header.Get("If-Match"), conditional: r.Header.Get("If-Match") != "",
	}
}

// plain tells whether s is made of at most n letters, digits, dots, dashes and
// underlines.
func plain(s string, n int) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return s != "" && len(s) <= n
}

func (s *server) commonHeaders(head http.Header, r *http.Request) {
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("X-Frame-Options", "DENY")
	head.Set("Referrer-Policy", "same-origin")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.secure(r) {
		head.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// secure tells whether the client reached the server over TLS.
func (s *server) secure(r *http.Request) bool { return s.cfg.Secure || r.TLS != nil }

// recovered answers a request whose handler panicked. The server's own way to
// drop a connection is passed on.
func (s *server) recovered(w *recorder, c *call, fault any) {
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	err := fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
	if w.status != 0 { // too late to say anything else
		c.note(err, &freight.Error{Code: freight.Internal, Problem: freight.ProblemInternal})
		return
	}
	c.refuse(w, err)
}

// logLine writes the one line of a request. It holds no secret and no content:
// of a refusal only its kind and field, and the cause where we are at fault.
func (s *server) logLine(ctx context.Context, c *call, status int, took freight.Instant) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request_id", c.id), slog.String("method", c.method), slog.String("path", freight.Shorten(c.path)),
		slog.Int("status", status), slog.Int64("took_ms", int64(took)),
		slog.String("remote", c.remote),
	}
	if c.who.Org != "" {
		attrs = append(attrs, slog.String("org", string(c.org)), slog.String("actor", string(c.actor())))
	}
	if c.refused != nil {
		attrs = append(attrs, slog.String("code", string(c.refused.Code)), slog.String("problem", string(c.refused.Problem)),
			slog.String("field", c.refused.Field))
	}
	if c.cause != nil {
		attrs = append(attrs, slog.String("cause", c.cause.Error()))
		if !errors.Is(c.cause, context.Canceled) {
			level = slog.LevelError
		}
	}
	s.cfg.Log.LogAttrs(ctx, level, "request", attrs...)
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 || w.status < 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write notes that a body without a status means 200.
func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach what is below.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack hands the connection to a socket.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.status = http.StatusSwitchingProtocols
	return http.NewResponseController(w.ResponseWriter).Hijack()
}
