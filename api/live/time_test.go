package live

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"pinhuo/freight"
)

// pipes is a listener whose lines are pipes, so that a bubble of synctest
// holds both ends and the clock is its own.
type pipes struct {
	lines chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.lines:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// bubble is a hub and its clients under a clock of their own.
type bubble struct {
	t    *testing.T
	hub  *Hub
	log  *log
	line *pipes
}

// inBubble runs a test in which time passes only when everybody waits.
func inBubble(t *testing.T, change func(*Config), test func(*bubble)) {
	synctest.Test(t, func(t *testing.T) {
		b := &bubble{t: t, log: &log{}, line: &pipes{lines: make(chan net.Conn), done: make(chan struct{})}}
		cfg := Config{History: b.log, Render: renderPlain, Sealer: NewSealer(testKey, "epoch-1")}
		if change != nil {
			change(&cfg)
		}
		var err error
		if b.hub, err = New(cfg); err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: http.HandlerFunc(b.serve)}
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { _ = server.Serve(b.line) })
		all.Go(func() { _ = b.hub.Run(ctx) })
		test(b)
		cancel()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		all.Wait()
	})
}

func (b *bubble) serve(w http.ResponseWriter, r *http.Request) {
	var p freight.Principal
	if err := json.Unmarshal([]byte(r.Header.Get("Who")), &p); err != nil {
		b.t.Error(err)
	}
	if err := b.hub.Serve(w, r, p); err != nil {
		b.t.Errorf("Serve: %v", err)
	}
}

func (b *bubble) dial(p freight.Principal) *websocket.Conn {
	b.t.Helper()
	dialer := websocket.Dialer{NetDialContext: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		b.line.lines <- there
		return here, nil
	}}
	who, err := json.Marshal(p)
	if err != nil {
		b.t.Fatal(err)
	}
	conn, _, err := dialer.DialContext(b.t.Context(), "ws://bubble/v1/stream", http.Header{"Who": {string(who)}})
	if err != nil {
		b.t.Fatal(err)
	}
	return conn
}

// seen is what a client of a bubble met.
type seen struct {
	mu    sync.Mutex
	types map[string]int
	pings int
	err   error
	ended time.Time
}

// watch reads a socket to its end; it answers pings when told to.
func (b *bubble) watch(conn *websocket.Conn, answers bool) *seen {
	got := &seen{types: map[string]int{}}
	conn.SetPingHandler(func(data string) error {
		got.mu.Lock()
		got.pings++
		got.mu.Unlock()
		if answers {
			return conn.WriteControl(websocket.PongMessage, []byte(data), noDeadline)
		}
		return nil
	})
	go func() {
		defer conn.Close()
		for {
			var f testFrame
			err := conn.ReadJSON(&f)
			got.mu.Lock()
			if err != nil {
				got.err, got.ended = err, time.Now()
				got.mu.Unlock()
				return
			}
			got.types[f.Type]++
			got.mu.Unlock()
		}
	}()
	return got
}

// code is the code with which the socket was closed, 0 while it is open.
func (s *seen) code() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var told *websocket.CloseError
	if errors.As(s.err, &told) {
		return told.Code
	}
	return 0
}

// pass lets time pass and everything that is due happen.
func pass(d time.Duration) {
	timer := time.NewTimer(d)
	<-timer.C
	synctest.Wait()
}

func TestHeartbeatsBothWays(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		got := b.watch(b.dial(member("og_1", "ss_1")), true)
		pass(10 * time.Minute)
		got.mu.Lock()
		defer got.mu.Unlock()
		if got.err != nil || got.types[TypeHello] != 1 || got.types[TypeBeat] != 24 || got.pings != 24 {
			t.Errorf("in 10 minutes: %v, %d pings, %v", got.types, got.pings, got.err)
		}
	})
}

func TestSilentPeerIsClosed(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		begun := time.Now()
		got := b.watch(b.dial(member("og_1", "ss_1")), false)
		pass(49 * time.Second)
		if got.code() != 0 {
			t.Errorf("closed with %d within two heartbeats", got.code())
		}
		pass(11 * time.Second)
		if after := got.ended.Sub(begun); got.code() != CloseSilent.Code || after > time.Minute {
			t.Errorf("closed with %d after %v", got.code(), after)
		}
	})
}

func TestScriptsShowLifeOfTheirOwn(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		conn := b.dial(member("og_1", "ss_1"))
		got := b.watch(conn, false)
		for range 20 {
			pass(20 * time.Second)
			if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"pong"}`)); err != nil {
				t.Fatal(err)
			}
		}
		if got.code() != 0 {
			t.Errorf("closed with %d", got.code())
		}
	})
}

func TestCredentialsEndByTheClock(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		p := member("og_1", "ss_1")
		p.Until = freight.At(time.Now().Add(5 * time.Minute))
		got, forever := b.watch(b.dial(p), true), b.watch(b.dial(member("og_1", "ss_2")), true)
		pass(5*time.Minute - time.Second)
		if got.code() != 0 {
			t.Errorf("closed early with %d", got.code())
		}
		pass(30 * time.Second)
		if got.code() != CloseUnauthorized.Code || forever.code() != 0 {
			t.Errorf("closed with %d, the other with %d", got.code(), forever.code())
		}
	})
}

// A credential that another process revoked, or renewed, is noticed.
func TestCredentialsAreCheckedAgain(t *testing.T) {
	var mu sync.Mutex
	live := map[freight.ID]freight.Instant{}
	var broken error
	check := func(_ context.Context, ids []freight.ID) (map[freight.ID]freight.Instant, error) {
		mu.Lock()
		defer mu.Unlock()
		found := map[freight.ID]freight.Instant{}
		for _, id := range ids {
			if until, ok := live[id]; ok {
				found[id] = until
			}
		}
		return found, broken
	}
	inBubble(t, func(c *Config) { c.Check = check }, func(b *bubble) {
		renewed := member("og_1", "ss_renewed")
		renewed.Until = freight.At(time.Now().Add(time.Minute))
		live["ss_renewed"] = freight.At(time.Now().Add(time.Hour))
		live["ss_revoked"], live["tk_forever"] = 0, 0
		first := b.watch(b.dial(renewed), true)
		second := b.watch(b.dial(member("og_1", "ss_revoked")), true)
		third := b.watch(b.dial(member("og_2", "tk_forever")), true)
		pass(10 * time.Minute)
		if first.code() != 0 || second.code() != 0 || third.code() != 0 {
			t.Fatalf("closed with %d, %d, %d", first.code(), second.code(), third.code())
		}
		mu.Lock()
		delete(live, "ss_revoked")
		broken = errors.New("no database")
		mu.Unlock()
		pass(2 * recheck)
		if second.code() != 0 {
			t.Error("closed without an answer")
		}
		mu.Lock()
		broken = nil
		mu.Unlock()
		pass(recheck + time.Second)
		if first.code() != 0 || second.code() != CloseUnauthorized.Code || third.code() != 0 {
			t.Errorf("after revocation: %d, %d, %d", first.code(), second.code(), third.code())
		}
		pass(time.Hour)
		if first.code() != CloseUnauthorized.Code || third.code() != 0 {
			t.Errorf("after an hour: %d, %d", first.code(), third.code())
		}
	})
}

// A peer that takes nothing is cut when the time of one frame is up.
func TestFrameHasADeadline(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		conn := b.dial(member("og_1", "ss_1")) // reads nothing: a pipe holds nothing
		defer conn.Close()
		pass(9 * time.Second)
		if b.hub.count() != 1 {
			t.Error("cut too early")
		}
		pass(2 * time.Second)
		if b.hub.count() != 0 {
			t.Error("still there after the deadline")
		}
	})
}

// A slow reader has the whole time of a frame to come to, and is told why it is
// closed.
func TestSlowReaderIsToldWhy(t *testing.T) {
	inBubble(t, func(c *Config) { c.QueueBytes = 300 }, func(b *bubble) {
		conn := b.dial(member("og_1", "ss_1"))
		defer conn.Close()
		var f testFrame
		if err := conn.ReadJSON(&f); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // it has caught up
		for range 10 {
			b.hub.Publish(b.log.commit("og_1"))
			synctest.Wait()
		}
		pass(9 * time.Second)
		if err := conn.ReadJSON(&f); err != nil || f.Seq != 1 {
			t.Errorf("the frame under way: %+v, %v", f, err)
		}
		if err := conn.ReadJSON(&f); !websocket.IsCloseError(err, CloseSlow.Code) {
			t.Errorf("then: %+v, %v", f, err)
		}
	})
}

// A peer that does not answer the close frame is let go after a moment.
func TestCloseDoesNotWaitForEver(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		conn := b.dial(member("og_1", "ss_1"))
		defer conn.Close()
		conn.SetCloseHandler(func(int, string) error { return nil })
		var f testFrame
		if err := conn.ReadJSON(&f); err != nil {
			t.Fatal(err)
		}
		b.hub.Revoke("ss_1")
		if err := conn.ReadJSON(&f); !websocket.IsCloseError(err, CloseUnauthorized.Code) {
			t.Errorf("closed with %v", err)
		}
		pass(2*grace + time.Second)
		if b.hub.count() != 0 {
			t.Error("still there")
		}
	})
}

// Revocations are remembered for the handshakes of their time and no longer.
func TestRevocationsAreForgotten(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		b.hub.Revoke("ss_1")
		remembered := func() int {
			b.hub.mu.Lock()
			defer b.hub.mu.Unlock()
			return len(b.hub.revoked)
		}
		pass(time.Minute)
		if remembered() != 1 {
			t.Error("forgotten too early")
		}
		pass(3 * time.Minute)
		if remembered() != 0 {
			t.Error("remembered for ever")
		}
	})
}
