package live

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// What a client may send.
const (
	clientFrame  = 1 << 10 // bytes of one frame
	clientFrames = 64      // frames of any kind between two beats
)

// readAll is the one reader of the socket, for as long as it is open.
func (s *session) readAll() {
	err := s.listen()
	s.mu.Lock()
	s.end(s.cause(err))
	s.readDone = true
	last := !s.writing
	s.mu.Unlock()
	if last {
		s.leave()
	}
}

// cause is how a session ends whose reader met the error.
func (s *session) cause(err error) *ending {
	var closed *websocket.CloseError
	var line net.Error
	switch {
	case errors.As(err, &closed):
		return &ending{code: closed.Code}
	case errors.As(err, &line) && line.Timeout():
		c := CloseSilent
		return &ending{code: c.Code, say: &c, pause: pause(pauseSpan)}
	}
	return &ending{code: websocket.CloseAbnormalClosure}
}

// listen reads until the line ends. After a frame that breaks the rules the
// session closes, and what still comes is thrown away until the peer closes
// too: a line cut with unread bytes would lose the close frame.
func (s *session) listen() error {
	s.conn.SetPongHandler(func(string) error { s.alive(); return nil })
	s.conn.SetPingHandler(s.pinged)
	s.alive()
	for {
		kind, r, err := s.conn.NextReader()
		if err != nil {
			return err
		}
		if fault, err := s.hear(kind, r); err != nil {
			return err
		} else if fault != nil {
			s.finish(*fault)
			continue
		}
		s.alive()
	}
}

// hear judges one frame of the client; the only one it may send is a pong, for
// browsers whose script wants to show life of its own.
func (s *session) hear(kind int, r io.Reader) (*Close, error) {
	body, err := io.ReadAll(io.LimitReader(r, clientFrame+1))
	var told struct {
		Type string `json:"type"`
	}
	switch {
	case err != nil:
		return nil, err
	case len(body) > clientFrame:
		return &CloseTooLarge, nil
	case kind != websocket.TextMessage || json.Unmarshal(body, &told) != nil || told.Type != "pong" || !s.count():
		return &CloseBadRequest, nil
	}
	return nil, nil
}

// pinged answers a ping of the client.
func (s *session) pinged(data string) error {
	if !s.count() {
		s.finish(CloseBadRequest)
		return nil
	}
	s.alive()
	err := s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(grace))
	var line net.Error
	if errors.Is(err, websocket.ErrCloseSent) || errors.As(err, &line) && line.Timeout() {
		return nil // closing, or the writer holds the line: the ping goes unanswered
	}
	return err
}

// count notes a frame of the client; false when it sends too many.
func (s *session) count() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard++
	return s.heard <= clientFrames
}

// alive moves on the moment at which the peer counts as silent.
func (s *session) alive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending == nil {
		_ = s.conn.SetReadDeadline(time.Now().Add(2*s.hub.cfg.Heartbeat + grace)) // a broken line fails the next read
	}
}
