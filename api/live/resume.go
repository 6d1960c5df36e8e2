package live

import (
	"context"
	"time"

	"pinhuo/freight"
)

const (
	pageEvents  = 200              // events of one read of history
	pageTimeout = 10 * time.Second // for one read, with the wait for a free reader
)

// readPage reads history from where the session stands and joins the live
// stream when it has reached it.
func (s *session) readPage() {
	after := s.begin()
	ctx, cancel := context.WithTimeout(s.hub.life, pageTimeout)
	defer cancel()
	frames, head, err := s.hub.page(ctx, s.who, after)
	switch {
	case freight.ProblemOf(err) == freight.ProblemCursor:
		s.outdated()
	case err != nil:
		s.hub.cfg.Log.Warn("stream: history", "org", s.who.Org, "after", after, "error", err)
		s.finish(CloseTryLater)
	case head < after: // a position that this history never reached
		s.outdated()
	default:
		s.join(frames, len(frames) == pageEvents)
	}
}

// begin starts a read of history: from now on live events are held, so that
// none falls between the read and the join.
func (s *session) begin() (after int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, s.heldBytes, s.lost = nil, 0, false
	return s.last
}

// join puts what was read into the queue and, if that was all there is, the
// live events behind it that were held meanwhile.
func (s *session) join(read []*frame, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending != nil {
		return
	}
	for _, f := range read {
		s.last = f.seq
		s.push(f)
	}
	if more || s.lost || s.bytes+s.heldBytes > s.hub.cfg.QueueBytes/2 {
		return // read on once this has left; a client is not slow for what it had no time to read
	}
	s.behind = false
	if s.resume {
		s.resume = false
		s.hub.metrics.resumes.WithLabelValues(resumed).Inc()
	}
	held := s.held
	s.held, s.heldBytes = nil, 0
	for _, f := range held {
		if f.seq > s.last {
			s.enter(f)
		}
	}
}

// outdated sends the client away to load everything anew.
func (s *session) outdated() {
	s.hub.metrics.resumes.WithLabelValues(reloaded).Inc()
	s.reload()
}

// page reads and renders one page of history. Few sessions read at a time, so
// that all clients coming back at once leave the database to the writer.
func (h *Hub) page(ctx context.Context, p freight.Principal, after int64) ([]*frame, int64, error) {
	select {
	case h.readers <- struct{}{}:
		defer func() { <-h.readers }()
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	events, head, err := h.cfg.History.Events(ctx, p.Market, p.Org, after, pageEvents)
	if err != nil {
		return nil, 0, err
	}
	frames := make([]*frame, len(events))
	for i, e := range events {
		if frames[i], err = h.render(e, p); err != nil {
			return nil, 0, err
		}
	}
	return frames, head, nil
}
