package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Spans of a stream.
const (
	handshakeWithin = 15 * time.Second
	helloWithin     = 30 * time.Second
	streamPause     = 500 * time.Millisecond // doubles with each failure
	streamPauseMost = 30 * time.Second
	frameMost       = 1 << 20
)

// Close codes that are not answered by coming back; docs/socket.md has them all.
const (
	closeBadRequest   = 4400
	closeUnauthorized = 4401
	closeForbidden    = 4403
	closeReload       = 4410
	closeTooLarge     = 4413
)

// ErrReload ends a stream whose cursor the server can no longer follow: read
// the state anew and stream from the cursor that comes with it.
var ErrReload = errors.New("stream: history is gone, read the state anew")

// Closed ends a stream that the server closed for good.
type Closed struct {
	Code int // as in docs/socket.md: 4401 means to sign in
	Text string
}

// Error writes the close for a log.
func (c *Closed) Error() string { return fmt.Sprintf("stream: closed with %d: %s", c.Code, c.Text) }

// Hello is the first frame of a stream.
type Hello struct {
	Epoch      string    `json:"epoch"`
	Cursor     string    `json:"cursor"`
	ServerTime time.Time `json:"server_time"`
	HeartbeatS int64     `json:"heartbeat_s"`
}

// Watch says where a stream begins and who is told. Only Event is required;
// all are called from the goroutine that called Stream.
type Watch struct {
	After string            // cursor to resume after, "" for from now on
	Event func(Event) error // each event once, in order; an error ends the stream
	Hello func(Hello)       // the line is up; Hello.ServerTime sets the client's clock
	Down  func(cause error) // the line is down; it will be tried again
}

// Stream hands the events of the organization to w until the context ends,
// w.Event fails, or the server says not to come back (ErrReload, *Closed,
// *Problem). It resumes by itself after the last event that was handed over.
func (c *Client) Stream(ctx context.Context, w Watch) error {
	s := &stream{client: c, watch: w, after: w.After}
	for {
		err := s.follow(ctx)
		var stop *stopError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &stop):
			return stop.cause
		}
		if w.Down != nil {
			w.Down(err)
		}
		if err := c.cfg.Wait(ctx, s.pause(err)); err != nil {
			return err
		}
		s.failures++
	}
}

// stream is what is known over all lines of one Stream.
type stream struct {
	client   *Client
	watch    Watch
	after    string
	failures int // since the line was last up
}

// stopError ends the stream with its cause.
type stopError struct{ cause error }

func (e *stopError) Error() string { return e.cause.Error() }

// follow opens a line and reads it to its end.
func (s *stream) follow(ctx context.Context) error {
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // the line is at its end; nothing is left to lose
	defer context.AfterFunc(ctx, func() { leave(conn) })()
	conn.SetReadLimit(frameMost)
	silence := helloWithin
	conn.SetPingHandler(func(data string) error {
		if err := conn.SetReadDeadline(time.Now().Add(silence)); err != nil {
			return err
		}
		// A pong that finds no room now is not missed: the next will do.
		_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		return nil
	})
	for {
		if err := conn.SetReadDeadline(time.Now().Add(silence)); err != nil {
			return err
		}
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return judge(err)
		}
		hello, err := s.hear(frame)
		if err != nil {
			return err
		}
		if hello != nil {
			silence = 2*time.Duration(hello.HeartbeatS)*time.Second + streamPauseMost/6
		}
	}
}

// leave says good-bye and cuts the line.
func leave(conn *websocket.Conn) {
	body := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = conn.WriteControl(websocket.CloseMessage, body, time.Now().Add(time.Second)) // the line is cut in any case
	_ = conn.Close()
}

// hear deals with one frame; it returns the hello when it is one.
func (s *stream) hear(frame []byte) (*Hello, error) {
	var e Event
	if err := json.Unmarshal(frame, &e); err != nil {
		return nil, fmt.Errorf("stream: frame: %w", err)
	}
	switch e.Type {
	case "pinhuo.beat", "pinhuo.reload": // the close code after a reload says the rest
		return nil, nil
	case "pinhuo.hello":
		var h Hello
		if err := json.Unmarshal(e.Data, &h); err != nil {
			return nil, fmt.Errorf("stream: hello: %w", err)
		}
		s.after, s.failures = h.Cursor, 0
		if s.watch.Hello != nil {
			s.watch.Hello(h)
		}
		return &h, nil
	}
	if err := s.watch.Event(e); err != nil {
		return nil, &stopError{err}
	}
	s.after = e.Cursor
	return nil, nil
}

// dial opens a line. A refusal that will not change ends the stream.
func (s *stream) dial(ctx context.Context) (*websocket.Conn, error) {
	c := s.client
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: handshakeWithin, Jar: c.cfg.HTTP.Jar}
	if t, ok := c.cfg.HTTP.Transport.(*http.Transport); ok {
		dialer.Proxy, dialer.NetDialContext, dialer.TLSClientConfig = t.Proxy, t.DialContext, t.TLSClientConfig
	}
	q := url.Values{}
	set(q, "after", s.after)
	header := http.Header{}
	c.dress(header)
	conn, answer, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(c.url("/v1/stream", q), "http"), header)
	if err == nil {
		return conn, nil
	}
	if answer == nil {
		return nil, &lineError{err}
	}
	defer answer.Body.Close()
	refused := refusal(answer)
	if again(refused, false) {
		return nil, refused
	}
	return nil, &stopError{refused}
}

// judge tells from how a line ended whether to come back.
func judge(err error) error {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return &lineError{err}
	}
	switch closed.Code {
	case closeReload:
		return &stopError{ErrReload}
	case closeBadRequest, closeUnauthorized, closeForbidden, closeTooLarge:
		return &stopError{&Closed{closed.Code, closed.Text}}
	}
	return &Closed{closed.Code, closed.Text}
}

// pause is how long to stay away: what the server advised, else a random time
// in a span that doubles with each failure.
func (s *stream) pause(err error) time.Duration {
	var closed *Closed
	if errors.As(err, &closed) {
		if _, text, ok := strings.Cut(closed.Text, "retry_ms="); ok {
			if ms, err := strconv.ParseUint(text, 10, 31); err == nil {
				return min(time.Duration(ms)*time.Millisecond, longestAsked)
			}
		}
	}
	span := streamPauseMost
	if s.failures < 6 {
		span = min(span, streamPause<<s.failures)
	}
	d := time.Duration(s.client.cfg.Rand() * float64(span))
	var busy *busyError
	if errors.As(err, &busy) {
		d += busy.after
	}
	return d
}
