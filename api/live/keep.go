package live

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"pinhuo/freight"
)

// checkMost is how many credentials one question may name.
const checkMost = 500

// tick turns the heartbeat wheel: each socket has its turn once a heartbeat.
func (h *Hub) tick(ctx context.Context) {
	ticker := time.NewTicker(h.cfg.Heartbeat / wheelSlots)
	defer ticker.Stop()
	for slot := 0; ; slot = (slot + 1) % wheelSlots {
		select {
		case <-ticker.C:
			h.beat(slot)
		case <-ctx.Done():
			return
		}
	}
}

// beat gives the sockets of one slot a sign of life.
func (h *Hub) beat(slot int) {
	clock := now()
	frames := map[freight.ID]*frame{} // by market
	h.mu.RLock()
	defer h.mu.RUnlock()
	for s := range h.wheel[slot] {
		f, ok := frames[s.who.Market]
		if !ok {
			f = notice(s.who.Market, TypeBeat, clock, Beat{ServerTime: clock})
			frames[s.who.Market] = f
		}
		s.beat(f, freight.At(clock))
	}
}

// recheck asks again and again whether the credentials of open sockets still
// hold: they may have been revoked by another process, or have been renewed.
func (h *Hub) recheck(ctx context.Context) {
	ticker := time.NewTicker(recheck)
	defer ticker.Stop()
	for {
		select {
		case at := <-ticker.C:
			h.forget(at.Add(-2 * recheck))
			h.check(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// check asks once. Where no answer is to be had the sockets stay, until the
// end of their credentials that was known before.
func (h *Hub) check(ctx context.Context) {
	if h.cfg.Check == nil {
		return
	}
	for batch := range h.credentials() {
		live, err := h.cfg.Check(ctx, batch)
		if err != nil {
			h.cfg.Log.Warn("stream: credentials not checked", "error", err)
			return
		}
		h.renew(batch, live)
	}
}

// credentials yields those of all open sockets in batches, each once.
func (h *Hub) credentials() iter.Seq[[]freight.ID] {
	seen := map[freight.ID]bool{}
	h.each(func(s *session) {
		if !s.away {
			seen[s.who.Credential] = true
		}
	})
	return slices.Chunk(slices.Collect(maps.Keys(seen)), checkMost)
}

// renew closes the sockets whose credential is not among the live ones, and
// moves the ends of the others.
func (h *Hub) renew(asked []freight.ID, live map[freight.ID]freight.Instant) {
	pending := make(map[freight.ID]bool, len(asked))
	for _, id := range asked {
		pending[id] = true
	}
	h.each(func(s *session) {
		if s.away || !pending[s.who.Credential] {
			return
		}
		if until, ok := live[s.who.Credential]; ok {
			s.renew(until)
		} else {
			s.finish(CloseUnauthorized)
		}
	})
}

// Revoke closes the sockets of a session or token; no event is sent to them
// once it has returned.
func (h *Hub) Revoke(credential freight.ID) {
	h.mu.Lock()
	h.revoked[credential] = time.Now()
	h.mu.Unlock()
	h.each(func(s *session) {
		if s.who.Credential == credential {
			s.finish(CloseUnauthorized)
		}
	})
}

// Drain stops taking sockets and closes the open ones with the advice to come
// back, spread over time. It returns when all are gone; when the context ends
// first, those that are left are cut.
func (h *Hub) Drain(ctx context.Context) error {
	h.close()
	span := max(pauseSpan, time.Duration(h.count())*time.Second/comeback)
	h.each(func(s *session) { s.finishLater(CloseGoingAway, span) })
	for h.count() > 0 {
		select {
		case <-h.gone:
		case <-ctx.Done():
			h.cut()
			return ctx.Err()
		}
	}
	return nil
}

// comeback is how many sockets a second are advised to come back to a server
// that restarts.
const comeback = 1000

// close takes no more sockets.
func (h *Hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopping = true
}

// cut ends every socket without a word.
func (h *Hub) cut() { h.each(func(s *session) { _ = s.conn.NetConn().Close() }) }
