package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
)

// otherActs names the acts of operations that are called otherwise than their operation,
// "" for what reads, is about a session or a receipt, or changes nothing of the deal.
var otherActs = map[string]string{
	"sign-in": "", "sign-out": "", "receive-offer": "", "see-offer": "", "tell-positions": "", "reread-roads": "",
	"add-site": "", "set-site": "", "drop-site": "",
	"book-board-load": "book_now", "book-board-trip": "book_now", "set-asking": "set_preference", "remove-officer": "mark_officer",
	"take-ticket": "move_ticket", "hand-over-ticket": "move_ticket", "note-ticket": "move_ticket", "finish-ticket": "move_ticket",
	"confirm-ticket": "move_ticket", "reopen-ticket": "move_ticket",
}

// actOf names the act that an operation asks for, as the log of acts calls it; "" for none.
func actOf(op *huma.Operation) string {
	if op.Method == http.MethodGet {
		return ""
	}
	if act, ok := otherActs[op.OperationID]; ok {
		return act
	}
	return strings.ReplaceAll(op.OperationID, "-", "_")
}

// newRefusals counts refusals by code, those of strangers, which have no row in the log of
// acts, among them.
func newRefusals() *prometheus.CounterVec {
	refusals := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pinhuo_http_refusals_total",
		Help: "Requests that were refused, by code: unauthorized are those of nobody we know."}, []string{"code"})
	for code := range statuses {
		refusals.WithLabelValues(string(code))
	}
	return refusals
}

// noted has an act that was refused before it was brought to the exchange put into the log
// of acts. The answer ends when that is done.
func (s *server) noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		c := callOf(r.Context())
		if c.refused == nil || c.act == "" || c.asked || c.who.Org == "" {
			return
		}
		cmd := c.own(c.keyOf(r), freight.NoteRefusal{What: freight.Naming{Act: c.act, Subject: c.subject(), Version: c.version()}})
		s.cfg.Exchange.Refused(r.Context(), cmd, c.refused)
	})
}

// keyOf is the request's idempotency key, "" where it has none or one that cannot be one.
func (c *call) keyOf(r *http.Request) string {
	key := r.Header.Get("Idempotency-Key")
	if len(key) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return key
}

// maxKey is how long an idempotency key may be.
const maxKey = 128

// subject is the row that the path names, "" where it names none or what cannot be one.
func (c *call) subject() freight.ID {
	parts := strings.Split(c.path, "/")
	for i, part := range strings.Split(c.route, "/") {
		if !strings.HasPrefix(part, "{") || i >= len(parts) {
			continue
		}
		prefix, _, _ := strings.Cut(parts[i], "_")
		if id := freight.ID(parts[i]); prefix != "" && wellFormed(id, prefix) {
			return id
		}
	}
	return ""
}

// version is the one that the request names, 0 where it cannot be read.
func (c *call) version() int64 {
	var body struct {
		Version int64 `json:"version"`
	}
	if json.Unmarshal(c.body, &body) == nil && body.Version > 0 {
		return body.Version
	}
	n, err := (&Conditional{Match: c.ifMatch}).version(false)
	if err != nil {
		return 0
	}
	return n
}
