package live

import (
	"errors"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// step is what a writer does next.
type step int

const (
	stepStop  step = iota // nothing is left for now
	stepLeave             // nothing is left, and the reader has gone
	stepSend              // write a frame
	stepRead              // read a page of history
	stepClose             // say why and close
)

// writeAll is the one writer of the socket. It ends when the queue is empty
// and history has been read.
func (s *session) writeAll() {
	for {
		switch next, f := s.next(); next {
		case stepSend:
			s.send(f)
		case stepRead:
			s.readPage()
		case stepClose:
			s.sayClose()
		case stepLeave:
			s.leave()
			return
		case stepStop:
			return
		}
	}
}

// next decides what the writer does, and ends it when there is nothing.
func (s *session) next() (step, *frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ending != nil && !s.ending.said:
		s.ending.said = true
		return stepClose, nil
	case s.ending != nil:
	case len(s.queue) > 0:
		return stepSend, s.pop()
	case s.behind:
		return stepRead, nil
	}
	s.queue = nil // an idle socket keeps no buffer
	s.writing = false
	if s.readDone {
		return stepLeave, nil
	}
	return stepStop, nil
}

// send writes one frame. Rights are checked here, at the last moment: an event
// goes only to the organization it is meant for, and a session that lost its
// rights has let go of its queue.
func (s *session) send(f *frame) {
	if f.seq != 0 && (f.audience != s.who.Org || f.market != s.who.Market) {
		s.hub.metrics.misrouted.Inc()
		s.hub.cfg.Log.Error("stream: event held back at send", "audience", f.audience, "org", s.who.Org, "seq", f.seq)
		return
	}
	deadline := time.Now().Add(s.hub.cfg.FrameTimeout)
	var err error
	if f.message == nil {
		err = s.conn.WriteControl(websocket.PingMessage, nil, deadline)
	} else if err = s.conn.SetWriteDeadline(deadline); err == nil {
		err = s.conn.WritePreparedMessage(f.message)
	}
	if err != nil {
		s.broke(err)
		return
	}
	s.hub.metrics.frames.Inc()
}

// broke ends the session without a word: part of a frame may be on the line.
func (s *session) broke(err error) {
	code := websocket.CloseAbnormalClosure
	var line net.Error
	if errors.As(err, &line) && line.Timeout() {
		code = CloseSlow.Code
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(&ending{code: code})
	_ = s.conn.NetConn().Close() // wakes the reader
}

// sayClose sends the last frame and the close frame, and gives the peer a
// moment to answer.
func (s *session) sayClose() {
	e := s.ending // set once and no longer changed by others
	deadline := time.Now().Add(s.patience(e))
	if e.last != nil {
		if s.conn.SetWriteDeadline(deadline) != nil || s.conn.WritePreparedMessage(e.last.message) != nil {
			s.broke(websocket.ErrCloseSent)
			return
		}
		s.hub.metrics.frames.Inc()
	}
	body := websocket.FormatCloseMessage(e.say.Code, e.say.reason(e.pause))
	if err := s.conn.WriteControl(websocket.CloseMessage, body, deadline); err != nil {
		s.broke(err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit(grace)
}
