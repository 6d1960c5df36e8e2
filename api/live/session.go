package live

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"pinhuo/freight"
)

// Spans of a session.
const (
	grace     = 2 * time.Second        // for a close frame to leave and the peer's to come
	pauseBase = 500 * time.Millisecond // least pause advised before coming back
	pauseSpan = 2 * time.Second        // over which those who come back are spread
)

// session is one socket: a reader goroutine all its life, and a writer
// goroutine only while there is something to write or history to read.
type session struct {
	hub    *Hub
	conn   *websocket.Conn
	who    freight.Principal
	wheel  int  // its place on the heartbeat wheel
	resume bool // it came with a cursor and has not caught up yet
	away   bool // it is open only to be told why it closes

	mu        sync.Mutex
	queue     []*frame        // to be written, in order
	bytes     int             // in queue
	last      int64           // number of the last event that entered the queue, or was before it
	behind    bool            // history is to be read before live events enter the queue
	held      []*frame        // live events since the present read of history began
	heldBytes int             // in held
	lost      bool            // live events since then were not all held
	writing   bool            // a writer goroutine runs
	readDone  bool            // the reader goroutine has ended
	ending    *ending         // set once, when it begins to close
	until     freight.Instant // when the credential ends, 0 for never
	heard     int             // frames of the client since the last beat
}

// ending is how a session closes.
type ending struct {
	code  int    // for metrics
	say   *Close // the close frame to send; nil when the peer closed or the line broke
	pause time.Duration
	last  *frame // sent before it
	said  bool
}

// offer takes a live event. It never waits: an event that finds the queue full
// closes the session as slow.
func (s *session) offer(f *frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ending != nil || f.seq <= s.last:
	case s.behind:
		s.hold(f)
	default:
		s.enter(f)
	}
}

// hold keeps a live event until the present read of history tells whether it
// is already in it.
func (s *session) hold(f *frame) {
	if s.lost {
		return
	}
	if s.heldBytes+f.size > s.hub.cfg.QueueBytes/2 {
		s.held, s.heldBytes, s.lost = nil, 0, true
		return
	}
	s.held = append(s.held, f)
	s.heldBytes += f.size
}

// lose notes that live events may not have reached the session: it reads
// history from where it stands.
func (s *session) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending != nil {
		return
	}
	s.lost, s.behind = true, true
	s.write()
}

// enter appends an event to the queue, or closes the session when it is full.
func (s *session) enter(f *frame) {
	if s.bytes+f.size > s.hub.cfg.QueueBytes {
		s.close(CloseSlow)
		return
	}
	s.last = f.seq
	s.push(f)
}

// push appends a frame to the queue whatever its length.
func (s *session) push(f *frame) {
	s.queue = append(s.queue, f)
	s.bytes += f.size
	s.hub.metrics.queueBytes.Add(int64(f.size))
	s.write()
}

// pop takes the first frame from the queue.
func (s *session) pop() *frame {
	f := s.queue[0]
	s.queue[0] = nil
	s.queue = s.queue[1:]
	s.bytes -= f.size
	s.hub.metrics.queueBytes.Add(-int64(f.size))
	return f
}

// write sees to it that a writer goroutine runs.
func (s *session) write() {
	if !s.writing {
		s.writing = true
		s.hub.routines.Go(s.writeAll)
	}
}

// beat gives a sign of life, and ends the session when its credential's time
// is up. A queue that is not empty needs no beat, but the peer must still be
// asked for a pong.
func (s *session) beat(f *frame, at freight.Instant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending != nil {
		return
	}
	if s.until != 0 && s.until <= at {
		s.close(CloseUnauthorized)
		return
	}
	s.heard = 0
	if len(s.queue) == 0 {
		s.push(f)
	}
	s.push(ping)
}

// renew moves the end of the session's credential.
func (s *session) renew(until freight.Instant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = until
}

// finish closes the session with a code. What waits in the queue is let go:
// whoever comes back asks for it again.
func (s *session) finish(c Close) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.close(c)
}

// finishLater is finish with the advice to come back within the span.
func (s *session) finishLater(c Close, span time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(&ending{code: c.Code, say: &c, pause: pause(span)})
}

func (s *session) close(c Close) {
	s.end(&ending{code: c.Code, say: &c, pause: pause(pauseSpan)})
}

// reload tells the client that history is gone and closes the session.
func (s *session) reload() {
	c := CloseReload
	last := notice(s.who.Market, TypeReload, now(), Reload{Epoch: s.hub.cfg.Sealer.Epoch()})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(&ending{code: c.Code, say: &c, last: last})
}

// end begins to close, once.
func (s *session) end(e *ending) {
	if s.ending != nil {
		return
	}
	s.ending = e
	s.hub.metrics.queueBytes.Add(-int64(s.bytes))
	s.queue, s.bytes, s.held, s.heldBytes = nil, 0, nil, 0
	if e.say == nil {
		e.said = true
		return
	}
	if e.code != CloseSlow.Code {
		s.limit(grace)
	}
	s.write()
}

// patience is how long the close frame may take. A slow reader gets the full
// time of a frame, for the one under way as for this: only between two frames
// can it be told why.
func (s *session) patience(e *ending) time.Duration {
	if e.code == CloseSlow.Code {
		return s.hub.cfg.FrameTimeout
	}
	return grace
}

// limit leaves the line no longer than d for what is under way.
func (s *session) limit(d time.Duration) {
	end := time.Now().Add(d)
	// A line that takes no deadline is broken, and its reader and writer learn it.
	_ = s.conn.NetConn().SetWriteDeadline(end)
	_ = s.conn.SetReadDeadline(end.Add(grace))
}

// leave is called by the last of reader and writer to end, without the lock.
func (s *session) leave() {
	_ = s.conn.Close() // nobody is left to tell
	s.hub.remove(s)
}

// pause is how long the client is advised to stay away.
func pause(span time.Duration) time.Duration {
	return pauseBase + time.Duration(rand.Int64N(int64(span)))
}
