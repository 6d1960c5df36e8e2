package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// line is one socket as a server plays it.
type line func(conn *websocket.Conn, after string)

// play serves lines one after another; a nil line is refused with 503.
func play(t *testing.T, lines ...line) (c *Client, pauses *patient, dials func() int) {
	t.Helper()
	n := make(chan int, 1)
	n <- 0
	c, pauses = begin(t, func(w http.ResponseWriter, r *http.Request) {
		i := <-n
		n <- i + 1
		if i >= len(lines) || lines[i] == nil {
			w.Header().Set("Retry-After", "1")
			reply(w, 503, `{"code":"unavailable"}`)
			return
		}
		if r.Header.Get("Authorization") != "Bearer pht_secret" || r.URL.Path != "/v1/stream" {
			t.Errorf("dialled %s as %q", r.URL, r.Header.Get("Authorization"))
		}
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		lines[i](conn, r.URL.Query().Get("after"))
	}, nil)
	return c, pauses, func() int { i := <-n; n <- i; return i }
}

func hello(conn *websocket.Conn, cursor string) {
	_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"pinhuo.hello","data":{"epoch":"e","cursor":"`+cursor+`","server_time":"2026-03-02T08:00:00Z","heartbeat_s":25}}`))
}

func event(conn *websocket.Conn, n int) {
	_ = conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"type":"pinhuo.load.posted","subject":"ld_%d","cursor":"k%d","data":{"version":%d}}`, n, n, n))
}

func shut(conn *websocket.Conn, code int, text string) {
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
	_, _, _ = conn.ReadMessage() // until the peer has closed too
}

func TestStreamResumesWhereItWas(t *testing.T) {
	var afters []string
	c, pauses, _ := play(t,
		func(conn *websocket.Conn, after string) { afters = append(afters, after); hello(conn, "k0") },
		nil,
		func(conn *websocket.Conn, after string) {
			afters = append(afters, after)
			hello(conn, after)
			event(conn, 1)
			_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"pinhuo.beat","data":{}}`))
			event(conn, 2)
			shut(conn, 4429, "reads too slowly; retry_ms=1234")
		},
		func(conn *websocket.Conn, after string) {
			afters = append(afters, after)
			hello(conn, after)
			event(conn, 3)
			shut(conn, websocket.CloseNormalClosure, "")
		},
	)
	var got []string
	var greetings, downs int
	done := errors.New("enough")
	err := c.Stream(t.Context(), Watch{
		Hello: func(h Hello) {
			if greetings++; h.ServerTime.IsZero() || h.Epoch != "e" {
				t.Errorf("hello %+v", h)
			}
		},
		Down: func(error) { downs++ },
		Event: func(e Event) error {
			facts, err := e.Facts()
			if err != nil {
				t.Error(err)
			}
			if got = append(got, fmt.Sprint(e.Subject, " ", facts.Version)); len(got) == 3 {
				return done
			}
			return nil
		},
	})
	if !errors.Is(err, done) || fmt.Sprint(got) != "[ld_1 1 ld_2 2 ld_3 3]" {
		t.Errorf("%v, %v", got, err)
	}
	if fmt.Sprint(afters) != "[ k0 k2]" || greetings != 3 || downs != 3 {
		t.Errorf("resumed after %q, %d greetings, %d times down", afters, greetings, downs)
	}
	// A cut line, a busy server (its second and half of a doubled span), and what the server advised.
	if want := "[250ms 1.5s 1.234s]"; fmt.Sprint(pauses.pauses) != want {
		t.Errorf("pauses %v, want %s", pauses.pauses, want)
	}
}

func TestStreamEndsForGood(t *testing.T) {
	for code, want := range map[int]string{4400: "4400", 4401: "4401", 4403: "4403", 4413: "4413", 4410: ErrReload.Error()} {
		c, _, dials := play(t, func(conn *websocket.Conn, _ string) {
			hello(conn, "k0")
			_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"pinhuo.reload","data":{"epoch":"e"}}`))
			shut(conn, code, "why")
		})
		err := c.Stream(t.Context(), Watch{Event: func(e Event) error { t.Errorf("event %+v", e); return nil }})
		if err == nil || !strings.Contains(err.Error(), want) || dials() != 1 {
			t.Errorf("%d: %v after %d dials", code, err, dials())
		}
		var closed *Closed
		if errors.As(err, &closed) != (code != 4410) || errors.Is(err, ErrReload) != (code == 4410) {
			t.Errorf("%d: %T", code, err)
		}
	}
}

func TestStreamRefusedForGood(t *testing.T) {
	c, _ := begin(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 401, `{"code":"unauthorized","problem":"sign_in"}`)
	}, nil)
	var p *Problem
	if err := c.Stream(t.Context(), Watch{}); !errors.As(err, &p) || p.Status != 401 {
		t.Errorf("%v", err)
	}
}

func TestStreamEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	said := make(chan int, 1)
	c, _, _ := play(t, func(conn *websocket.Conn, _ string) {
		hello(conn, "k0")
		event(conn, 1)
		_, _, err := conn.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			said <- closed.Code
		} else {
			said <- 0
		}
	})
	err := c.Stream(ctx, Watch{Event: func(Event) error { cancel(); return nil }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if code := <-said; code != websocket.CloseNormalClosure {
		t.Errorf("the server heard %d", code)
	}
}

func TestStreamAnswersPings(t *testing.T) {
	heard := make(chan string, 1)
	done := errors.New("enough")
	c, _, _ := play(t, func(conn *websocket.Conn, _ string) {
		hello(conn, "k0")
		conn.SetPongHandler(func(data string) error { heard <- data; event(conn, 1); return nil })
		_ = conn.WriteControl(websocket.PingMessage, []byte("there?"), time.Now().Add(time.Second))
		_, _, _ = conn.ReadMessage()
	})
	if err := c.Stream(t.Context(), Watch{Event: func(Event) error { return done }}); !errors.Is(err, done) {
		t.Error(err)
	}
	if data := <-heard; data != "there?" {
		t.Errorf("pong %q", data)
	}
}

// What is no frame of ours breaks the line, and it is tried again.
func TestStreamOfNonsense(t *testing.T) {
	done := errors.New("enough")
	c, pauses, _ := play(t,
		func(conn *websocket.Conn, _ string) { _ = conn.WriteMessage(websocket.TextMessage, []byte("nonsense")) },
		func(conn *websocket.Conn, _ string) {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"pinhuo.hello","data":7}`))
		},
		func(conn *websocket.Conn, _ string) { hello(conn, "k0"); event(conn, 1) },
	)
	if err := c.Stream(t.Context(), Watch{Event: func(Event) error { return done }}); !errors.Is(err, done) || pauses.count() != 2 {
		t.Errorf("%v after %d pauses", err, pauses.count())
	}
}

func TestPausesDoubleUpToABound(t *testing.T) {
	c, _ := begin(t, nil, func(cfg *Config) { cfg.Rand = func() float64 { return 1 } })
	s := &stream{client: c}
	var got []time.Duration
	for s.failures = range 9 {
		got = append(got, s.pause(&lineError{errors.New("cut")}))
	}
	if want := "[500ms 1s 2s 4s 8s 16s 30s 30s 30s]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
	for text, want := range map[string]time.Duration{
		"busy; retry_ms=700": 700 * time.Millisecond, "busy; retry_ms=99999999": longestAsked, "busy; retry_ms=-5": streamPauseMost, "busy": streamPauseMost,
	} {
		if got := s.pause(&Closed{Code: 1013, Text: text}); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
