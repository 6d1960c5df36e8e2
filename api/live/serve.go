package live

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"pinhuo/freight"
)

// newUpgrader returns the handshake with buffers that keep an idle socket
// small: prepared frames need no write buffer, and clients send next to nothing.
func newUpgrader() websocket.Upgrader {
	return websocket.Upgrader{
		HandshakeTimeout: 5 * time.Second,
		ReadBufferSize:   256,
		WriteBufferSize:  512,
		WriteBufferPool:  &sync.Pool{},
		CheckOrigin:      func(*http.Request) bool { return true }, // told by close code, see Serve
		Error:            func(http.ResponseWriter, *http.Request, int, error) {},
	}
}

// Serve turns the request into a socket of the principal, which goes on after
// Serve has returned nil. An error means that nothing has been written and the
// caller answers: Unavailable (full, stopping, no database), Invalid (no
// socket handshake). A page of a foreign origin and a cursor that cannot be
// used are told by close code.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, p freight.Principal) error {
	if err := handshake(r); err != nil {
		return err
	}
	if !h.sameSite(r) {
		return h.sendAway(w, r, p, CloseForbidden, &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemOrigin})
	}
	cursor := r.URL.Query().Get("after")
	at, err := h.position(r.Context(), p, cursor)
	switch {
	case errors.Is(err, ErrEpoch):
		h.metrics.resumes.WithLabelValues(reloaded).Inc()
		return h.sendAway(w, r, p, CloseReload, err)
	case freight.CodeOf(err) == freight.Invalid:
		h.metrics.resumes.WithLabelValues(rejected).Inc()
		return h.sendAway(w, r, p, CloseBadRequest, err)
	case err != nil:
		return err
	}
	t := tenant{p.Market, p.Org}
	if err := h.admit(t); err != nil {
		return err
	}
	defer h.routines.Done()
	conn, err := h.upgrade(w, r)
	if conn == nil {
		h.release(t)
		return err
	}
	s := &session{hub: h, conn: conn, who: p, until: p.Until, last: at, behind: true, resume: cursor != ""}
	s.queue = []*frame{h.hello(p, at)}
	h.open(s)
	return nil
}

// Refuse tells a request without valid credentials so by a close code, because
// a browser shows a page no status of a failed handshake. An error means that
// nothing has been written and the caller answers.
func (h *Hub) Refuse(w http.ResponseWriter, r *http.Request, refusal error) error {
	code := CloseUnauthorized
	switch freight.CodeOf(refusal) {
	case freight.Unauthorized:
	case freight.Forbidden:
		code = CloseForbidden
	default:
		return refusal
	}
	if err := handshake(r); err != nil {
		return refusal
	}
	return h.sendAway(w, r, freight.Principal{}, code, refusal)
}

// handshake tells whether the request asks for a socket at all.
func handshake(r *http.Request) error {
	if websocket.IsWebSocketUpgrade(r) {
		return nil
	}
	return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: "Upgrade", Value: "websocket"}
}

// sameSite tells whether the request comes from no page at all, from a page of
// this server, or from one of the origins that are allowed besides.
func (h *Hub) sameSite(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(h.cfg.Origins, origin) {
		return true
	}
	page, err := url.Parse(origin)
	return err == nil && page.Host != "" && strings.EqualFold(page.Host, r.Host)
}

// position is the event number after which the stream begins.
func (h *Hub) position(ctx context.Context, p freight.Principal, cursor string) (int64, error) {
	if cursor != "" {
		return h.cfg.Sealer.Open(p.Market, p.Org, cursor)
	}
	head, err := h.cfg.History.Head(ctx, p.Market)
	if err != nil {
		return 0, &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStore, Cause: err}
	}
	return head, nil
}

// hello is the first frame of a stream that begins after event at.
func (h *Hub) hello(p freight.Principal, at int64) *frame {
	clock := now()
	return notice(p.Market, TypeHello, clock, Hello{
		Epoch: h.cfg.Sealer.Epoch(), Cursor: h.cfg.Sealer.Seal(p.Market, p.Org, at), ServerTime: clock,
		HeartbeatS: max(1, int64(h.cfg.Heartbeat/time.Second)),
	})
}

// sendAway opens a socket only to close it with a code. When even that is too
// much the caller answers with the refusal.
func (h *Hub) sendAway(w http.ResponseWriter, r *http.Request, p freight.Principal, c Close, refusal error) error {
	if !h.admitAway() {
		return refusal
	}
	defer h.routines.Done()
	conn, err := h.upgrade(w, r)
	if conn == nil {
		h.releaseAway()
		return err
	}
	s := &session{hub: h, conn: conn, who: p, away: true}
	h.open(s)
	if c == CloseReload {
		s.reload()
	} else {
		s.finish(c)
	}
	return nil
}

// open lets the session run: it is subscribed before its writer reads history.
func (h *Hub) open(s *session) {
	for _, f := range s.queue {
		s.bytes += f.size
	}
	h.metrics.queueBytes.Add(int64(s.bytes))
	h.add(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write()
}

// upgrade does the handshake. Without a connection it returns the error that
// the caller answers with, or nil when the line is no longer HTTP's.
func (h *Hub) upgrade(w http.ResponseWriter, r *http.Request) (*websocket.Conn, error) {
	conn, err := h.upgrader.Upgrade(hijacker{w}, r, nil)
	var refused websocket.HandshakeError
	switch {
	case errors.As(err, &refused):
		return nil, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "Upgrade", Cause: err}
	case err != nil:
		h.cfg.Log.Debug("stream: handshake", "error", err)
		return nil, nil
	}
	return conn, nil
}

// hijacker finds the connection also behind response writers that wrap it.
type hijacker struct{ http.ResponseWriter }

// Hijack hands over the connection.
func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(h.ResponseWriter).Hijack()
}
