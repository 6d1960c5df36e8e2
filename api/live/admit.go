package live

import (
	"time"

	"pinhuo/freight"
)

// File descriptors: what is left to the database, the listener and the files,
// and what is assumed where the system does not tell or sets no limit.
const (
	descriptorsSpare   = 200
	descriptorsUnknown = 1024
	descriptorsMost    = 1 << 20
)

// Why a handshake is refused, as metrics name it.
const (
	refusedFull     = "full"
	refusedOrg      = "organization"
	refusedStopping = "stopping"
)

// awayMost bounds the sockets that are open only to be told why they close.
const awayMost = 256

// admit takes a place for a socket of the tenant. A place holds up the end of
// Run as a routine does, until the session's own routines do.
func (h *Hub) admit(t tenant) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	refuse := func(why string, problem freight.Problem) error {
		h.metrics.refused.WithLabelValues(why).Inc()
		return &freight.Error{Code: freight.Unavailable, Problem: problem, Field: "stream"}
	}
	switch {
	case h.stopping:
		return refuse(refusedStopping, freight.ProblemStopping)
	case h.taken >= h.cfg.MaxClients:
		return refuse(refusedFull, freight.ProblemOverload)
	case h.places[t] >= h.cfg.MaxPerOrg:
		return refuse(refusedOrg, freight.ProblemOverload)
	}
	h.taken++
	h.places[t]++
	h.routines.Add(1)
	return nil
}

// release gives a place back.
func (h *Hub) release(t tenant) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.free(t)
}

func (h *Hub) free(t tenant) {
	h.taken--
	if h.places[t]--; h.places[t] == 0 {
		delete(h.places, t)
	}
}

// admitAway takes a place for a socket that is only told why it is closed.
func (h *Hub) admitAway() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopping || h.away >= awayMost {
		return false
	}
	h.away++
	h.routines.Add(1)
	return true
}

func (h *Hub) releaseAway() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away--
}

// add lets a session begin. A session whose credential was revoked during the
// handshake, or that came as the server stops, closes at once.
func (h *Hub) add(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.wheel = h.turn
	h.turn = (h.turn + 1) % wheelSlots
	h.wheel[s.wheel][s] = struct{}{}
	h.metrics.clients.Add(1)
	if !s.away {
		t := tenant{s.who.Market, s.who.Org}
		if h.tenants[t] == nil {
			h.tenants[t] = map[*session]struct{}{}
		}
		h.tenants[t][s] = struct{}{}
	}
	h.routines.Go(s.readAll)
	if _, gone := h.revoked[s.who.Credential]; gone {
		s.finish(CloseUnauthorized)
	} else if h.stopping {
		s.finish(CloseGoingAway)
	}
}

// remove forgets a session that has ended.
func (h *Hub) remove(s *session) {
	h.metrics.closes.WithLabelValues(codeLabel(s.ending.code)).Inc()
	h.metrics.clients.Add(-1)
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.wheel[s.wheel], s)
	if s.away {
		h.away--
	} else {
		t := tenant{s.who.Market, s.who.Org}
		delete(h.tenants[t], s)
		if len(h.tenants[t]) == 0 {
			delete(h.tenants, t)
		}
		h.free(t)
	}
	select {
	case h.gone <- struct{}{}:
	default: // whoever waits is already called
	}
}

// count returns how many sessions there are.
func (h *Hub) count() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.taken + h.away
}

// forget drops revocations that every handshake of their time has seen.
func (h *Hub) forget(before time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, at := range h.revoked {
		if at.Before(before) {
			delete(h.revoked, id)
		}
	}
}
