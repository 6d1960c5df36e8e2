package live

import (
	"net"
	"os"
	"sync"
	"time"
)

// lines accepts real connections whose sending end a test can hold up, as a phone
// in a tunnel does, whatever room the kernel's buffers have.
type lines struct{ net.Listener }

func (l lines) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &line{Conn: conn, turn: make(chan struct{})}, nil
}

// line is a connection that takes nothing while it is held.
type line struct {
	net.Conn
	mu     sync.Mutex
	turn   chan struct{} // closed and made anew when one of the following changes
	held   bool
	closed bool
	until  time.Time
}

func (l *line) change(set func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	set()
	close(l.turn)
	l.turn = make(chan struct{})
}

func (l *line) hold()    { l.change(func() { l.held = true }) }
func (l *line) release() { l.change(func() { l.held = false }) }

func (l *line) Close() error {
	l.change(func() { l.closed = true })
	return l.Conn.Close()
}

func (l *line) SetDeadline(t time.Time) error {
	l.change(func() { l.until = t })
	return l.Conn.SetDeadline(t)
}

func (l *line) SetWriteDeadline(t time.Time) error {
	l.change(func() { l.until = t })
	return l.Conn.SetWriteDeadline(t)
}

func (l *line) Write(p []byte) (int, error) {
	for {
		l.mu.Lock()
		held, closed, until, turn := l.held, l.closed, l.until, l.turn
		l.mu.Unlock()
		if !held || closed {
			return l.Conn.Write(p)
		}
		if !wait(turn, until) {
			return 0, os.ErrDeadlineExceeded
		}
	}
}

// wait returns at the line's next change, or false when its time is up.
func wait(turn <-chan struct{}, until time.Time) bool {
	if until.IsZero() {
		<-turn
		return true
	}
	end := time.NewTimer(time.Until(until))
	defer end.Stop()
	select {
	case <-turn:
		return true
	case <-end.C:
		return false
	}
}
