package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"pinhuo/freight"
)

func TestEventsReachTheirAudienceAlone(t *testing.T) {
	w := begin(t, nil)
	one, hello := w.socket(member("og_1", "ss_1"), "")
	two, _ := w.socket(member("og_2", "ss_2"), "")
	w.publish("og_1", "og_2", "og_3")
	w.publish("og_2", "og_1")
	f := w.expect(one, 1, 5)
	w.expect(two, 2, 4)
	if f.Org != "og_1" {
		t.Errorf("rendered for %s", f.Org)
	}
	if at, err := w.hub.cfg.Sealer.Open("mk_1", "og_1", f.Cursor); err != nil || at != 5 {
		t.Errorf("cursor of event 5 opens as %d, %v", at, err)
	}
	if at, err := w.hub.cfg.Sealer.Open("mk_1", "og_1", hello.Cursor); err != nil || at != 0 {
		t.Errorf("cursor of hello opens as %d, %v", at, err)
	}
}

func TestHelloTellsTheClock(t *testing.T) {
	w := begin(t, nil)
	_, hello := w.socket(member("og_1", "ss_1"), "")
	if hello.HeartbeatS != 25 || hello.ServerTime.IsZero() {
		t.Errorf("hello %+v", hello)
	}
}

// What happened before a socket without a cursor came is not sent to it.
func TestWithoutCursorTheStreamBeginsNow(t *testing.T) {
	w := begin(t, nil)
	w.publish("og_1", "og_1")
	conn, hello := w.socket(member("og_1", "ss_1"), "")
	w.publish("og_1")
	w.expect(conn, 3)
	again, _ := w.socket(member("og_1", "ss_1"), hello.Cursor)
	w.expect(again, 3)
}

func TestOneFrameIsRenderedOnceForARole(t *testing.T) {
	var renders atomic.Int64
	w := begin(t, func(c *Config) {
		c.Render = func(e freight.Event, p freight.Principal, cursor string) ([]byte, error) {
			renders.Add(1)
			if p.User != "" || p.Name != "" || p.Credential != "" {
				t.Errorf("render sees a person: %+v", p)
			}
			return renderPlain(e, p, cursor)
		}
	})
	var conns []*websocket.Conn
	for i := range 6 {
		p := member("og_1", freight.ID(fmt.Sprint("ss_", i)))
		if i%2 == 1 {
			p.Role = freight.RoleDriver
		}
		conn, _ := w.socket(p, "")
		conns = append(conns, conn)
	}
	w.caughtUp()
	w.publish("og_1")
	for _, conn := range conns {
		w.expect(conn, 1)
	}
	if n := renders.Load(); n != 2 {
		t.Errorf("rendered %d times for two roles", n)
	}
}

// caughtUp waits until every socket has read history to its end.
func (w *world) caughtUp() {
	w.t.Helper()
	until(w.t, "all sockets caught up", func() bool {
		all := true
		w.hub.each(func(s *session) {
			s.mu.Lock()
			defer s.mu.Unlock()
			all = all && !s.behind && len(s.queue) == 0
		})
		return all
	})
}

func TestRevokedCredentialClosesItsSockets(t *testing.T) {
	w := begin(t, nil)
	gone, _ := w.socket(member("og_1", "ss_1"), "")
	stays, _ := w.socket(member("og_1", "ss_2"), "")
	w.hub.Revoke("ss_1")
	w.publish("og_1")
	told, last := w.closed(gone)
	if told.Code != CloseUnauthorized.Code || last.Seq != 0 {
		t.Errorf("closed with %v after event %d", told, last.Seq)
	}
	w.expect(stays, 1)
	// A handshake whose principal was read before the revocation comes too late.
	late, _, err := w.dial(&freight.Principal{Org: "og_1", Market: "mk_1", Credential: "ss_1"}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close()
	if told, _ := w.closed(late); told.Code != CloseUnauthorized.Code {
		t.Errorf("late handshake closed with %v", told)
	}
}

func TestWithoutCredentialsTheCodeSaysSignIn(t *testing.T) {
	w := begin(t, nil)
	conn, _, err := w.dial(nil, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if told, last := w.closed(conn); told.Code != 4401 || last.Type != "" {
		t.Errorf("closed with %v after %+v", told, last)
	}
	r, err := http.Get(w.server.URL + "/v1/stream")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a handshake: %s", r.Status)
	}
}

func TestOriginIsChecked(t *testing.T) {
	w := begin(t, nil)
	p := member("og_1", "ss_1")
	host := strings.TrimPrefix(w.server.URL, "http://")
	for origin, welcome := range map[string]bool{
		"http://" + host: true, "https://" + host: true, "https://zone.example": true,
		"https://evil.example": false, "null": false, "http://" + host + ".evil.example": false, "https://zone.example.evil": false,
		"file://": false, "%zz": false,
	} {
		conn, _, err := w.dial(&p, "", http.Header{"Origin": {origin}})
		if err != nil {
			t.Fatalf("%s: %v", origin, err)
		}
		if welcome {
			if f := w.read(conn); f.Type != TypeHello {
				t.Errorf("%s: %+v", origin, f)
			}
		} else if told, last := w.closed(conn); told.Code != CloseForbidden.Code || last.Type != "" {
			t.Errorf("%s: closed with %v after %+v", origin, told, last)
		}
		conn.Close()
	}
}

func TestCursorThatCannotBeUsed(t *testing.T) {
	w := begin(t, nil)
	w.publish("og_1", "og_1", "og_1")
	s := w.hub.cfg.Sealer
	for name, c := range map[string]struct {
		cursor string
		code   int
		last   string
	}{
		"foreign":     {s.Seal("mk_1", "og_2", 1), CloseBadRequest.Code, ""},
		"nonsense":    {"nonsense", CloseBadRequest.Code, ""},
		"other epoch": {NewSealer(testKey, "epoch-0").Seal("mk_1", "og_1", 1), CloseReload.Code, TypeReload},
		"not yet":     {s.Seal("mk_1", "og_1", 9), CloseReload.Code, TypeReload},
	} {
		p := member("og_1", "ss_1")
		conn, _, err := w.dial(&p, c.cursor, nil)
		if err != nil {
			t.Fatal(err)
		}
		if told, last := w.closed(conn); told.Code != c.code || last.Type != c.last || strings.Contains(told.Text, "retry_ms") {
			t.Errorf("%s: closed with %v after %+v", name, told, last)
		}
		conn.Close()
	}
}

func TestCutHistoryAsksForReload(t *testing.T) {
	w := begin(t, nil)
	w.publish("og_1", "og_1", "og_1", "og_1")
	w.log.mu.Lock()
	w.log.floor = 3
	w.log.mu.Unlock()
	s := w.hub.cfg.Sealer
	conn, _ := w.socket(member("og_1", "ss_1"), s.Seal("mk_1", "og_1", 2))
	if told, last := w.closed(conn); told.Code != CloseReload.Code || last.Type != TypeReload || last.Data.Epoch != "epoch-1" {
		t.Errorf("closed with %v after %+v", told, last)
	}
	kept, _ := w.socket(member("og_1", "ss_1"), s.Seal("mk_1", "og_1", 3))
	w.expect(kept, 4)
}

func TestHistoryOutOfReach(t *testing.T) {
	w := begin(t, nil)
	w.log.err = errors.New("disk on fire")
	p := member("og_1", "ss_1")
	if _, r, err := w.dial(&p, "", nil); err == nil || r == nil || r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("without a cursor: %v, %v", r, err)
	}
	conn, _ := w.socket(p, w.hub.cfg.Sealer.Seal("mk_1", "og_1", 0))
	told, _ := w.closed(conn)
	if told.Code != CloseTryLater.Code || !strings.Contains(told.Text, "retry_ms=") || strings.Contains(told.Text, "disk") {
		t.Errorf("with a cursor: closed with %v", told)
	}
}

func TestClientFramesAreJudged(t *testing.T) {
	w := begin(t, nil)
	for name, c := range map[string]struct {
		kind int
		body string
		code int
	}{
		"oversized":     {websocket.TextMessage, strings.Repeat(" ", clientFrame+1), CloseTooLarge.Code},
		"very large":    {websocket.TextMessage, strings.Repeat("x", 1<<20), CloseTooLarge.Code},
		"binary":        {websocket.BinaryMessage, `{"type":"pong"}`, CloseBadRequest.Code},
		"not JSON":      {websocket.TextMessage, "hello", CloseBadRequest.Code},
		"unknown":       {websocket.TextMessage, `{"type":"subscribe"}`, CloseBadRequest.Code},
		"empty":         {websocket.TextMessage, "", CloseBadRequest.Code},
		"wrongly typed": {websocket.TextMessage, `{"type":7}`, CloseBadRequest.Code},
	} {
		conn, _ := w.socket(member("og_1", "ss_1"), "")
		if err := conn.WriteMessage(c.kind, []byte(c.body)); err != nil && len(c.body) < 1<<20 {
			t.Fatalf("%s: %v", name, err)
		}
		if told, _ := w.closed(conn); told.Code != c.code {
			t.Errorf("%s: closed with %v, want %d", name, told, c.code)
		}
	}
}

func TestPongsAreWelcomeUntilTheyAreAFlood(t *testing.T) {
	w := begin(t, nil)
	conn, _ := w.socket(member("og_1", "ss_1"), "")
	for range clientFrames {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"pong"}`)); err != nil {
			t.Fatal(err)
		}
	}
	w.publish("og_1")
	w.expect(conn, 1)
	for range 2 * clientFrames {
		if conn.WriteControl(websocket.PingMessage, nil, noDeadline) != nil {
			break
		}
	}
	if told, _ := w.closed(conn); told.Code != CloseBadRequest.Code {
		t.Errorf("closed with %v", told)
	}
}

func TestConnectionCaps(t *testing.T) {
	w := begin(t, func(c *Config) { c.MaxClients, c.MaxPerOrg = 3, 2 })
	refused := func(org freight.ID) {
		t.Helper()
		p := member(org, "ss_1")
		conn, r, err := w.dial(&p, "", nil)
		if err == nil {
			conn.Close()
			t.Fatal("one too many was let in")
		}
		if r == nil || r.StatusCode != http.StatusServiceUnavailable {
			t.Fatalf("refused with %v, %v", r, err)
		}
	}
	first, _ := w.socket(member("og_1", "ss_1"), "")
	w.socket(member("og_1", "ss_1"), "")
	refused("og_1")
	w.socket(member("og_2", "ss_1"), "")
	refused("og_3")
	first.Close()
	until(t, "the place of a socket that left is free", func() bool { return w.hub.count() == 2 })
	w.socket(member("og_3", "ss_1"), "")
	reason := w.hub.metrics.refused
	if full, org := testutil.ToFloat64(reason.WithLabelValues(refusedFull)), testutil.ToFloat64(reason.WithLabelValues(refusedOrg)); full != 1 || org != 1 {
		t.Errorf("refused %v for all, %v for one organization", full, org)
	}
}

func TestDrainSendsAllAwayWithAdvice(t *testing.T) {
	w := begin(t, nil)
	pauses := map[string]bool{}
	var conns []*websocket.Conn
	for i := range 20 {
		conn, _ := w.socket(member("og_1", freight.ID(fmt.Sprint("ss_", i))), "")
		conns = append(conns, conn)
	}
	drained := make(chan error, 1)
	go func() { drained <- w.hub.Drain(t.Context()) }()
	for _, conn := range conns {
		told, _ := w.closed(conn)
		_, pause, ok := strings.Cut(told.Text, "retry_ms=")
		if told.Code != websocket.CloseGoingAway || !ok {
			t.Fatalf("closed with %v", told)
		}
		pauses[pause] = true
	}
	if err := <-drained; err != nil {
		t.Errorf("Drain: %v", err)
	}
	if len(pauses) < 5 {
		t.Errorf("%d different pauses for 20 sockets", len(pauses))
	}
	p := member("og_1", "ss_1")
	if _, r, err := w.dial(&p, "", nil); err == nil || r == nil || r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after Drain: %v, %v", r, err)
	}
}

// A peer that never answers the close frame does not hold the server up.
func TestDrainCutsWhoDoesNotGo(t *testing.T) {
	w := begin(t, nil)
	w.socket(member("og_1", "ss_1"), "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.hub.Drain(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Drain: %v", err)
	}
	until(t, "the socket is cut", func() bool { return w.hub.count() == 0 })
}

func TestEventThatCannotBeRenderedIsOurFault(t *testing.T) {
	w := begin(t, func(c *Config) {
		c.Render = func(freight.Event, freight.Principal, string) ([]byte, error) { return nil, errors.New("no words") }
	})
	conn, _ := w.socket(member("og_1", "ss_1"), "")
	w.caughtUp()
	w.publish("og_1")
	if told, _ := w.closed(conn); told.Code != websocket.CloseInternalServerErr || strings.Contains(told.Text, "words") {
		t.Errorf("closed with %v", told)
	}
}

// The check at send stands by itself: it holds a frame back that routing let
// through.
func TestFrameOfAnotherAudienceIsHeldBack(t *testing.T) {
	w := begin(t, nil)
	conn, _ := w.socket(member("og_1", "ss_1"), "")
	w.caughtUp()
	foreign, err := w.hub.render(freight.Event{Market: "mk_1", Audience: "og_2", Seq: 7}, member("og_2", "ss_2"))
	if err != nil {
		t.Fatal(err)
	}
	w.hub.each(func(s *session) { s.offer(foreign) })
	until(t, "the frame is held back", func() bool { return testutil.ToFloat64(w.hub.metrics.misrouted) == 1 })
	w.hub.Revoke("ss_1")
	if _, last := w.closed(conn); last.Seq != 0 {
		t.Errorf("event %d got through", last.Seq)
	}
}

func TestPublishWithoutRunDoesNotBlock(t *testing.T) {
	h, err := New(Config{History: &log{}, Render: renderPlain, Sealer: NewSealer(testKey, "e")})
	if err != nil {
		t.Fatal(err)
	}
	if h.intake.most != intakeMost {
		t.Errorf("room for %d events", h.intake.most)
	}
	h.intake.most = 3000
	batch := make([]freight.Event, 700)
	for range 10 {
		h.Publish(batch)
	}
	if n := len(h.intake.events); n > 3000 {
		t.Errorf("%d events kept", n)
	}
	if testutil.ToFloat64(h.metrics.overflows) == 0 {
		t.Error("nothing was let go")
	}
}

// When the hub cannot keep what was published, sockets read it from history.
func TestWhatTheHubLetsGoComesFromHistory(t *testing.T) {
	w := begin(t, nil)
	conn, _ := w.socket(member("og_1", "ss_1"), "")
	w.caughtUp()
	w.hub.intake.most = 3
	w.publish("og_1")
	w.expect(conn, 1)
	w.publish("og_1", "og_1", "og_1", "og_1", "og_2")
	w.expect(conn, 2, 3, 4, 5)
	w.publish("og_1")
	w.expect(conn, 7)
}

func TestMetricsAreOfClosedSets(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	w := begin(t, func(c *Config) { c.Metrics = registry })
	conn, _ := w.socket(member("og_1", "ss_1"), "")
	w.publish("og_1")
	f := w.expect(conn, 1)
	again, _ := w.socket(member("og_1", "ss_1"), f.Cursor)
	w.caughtUp()
	if n := testutil.ToFloat64(w.hub.metrics.resumes.WithLabelValues(resumed)); n != 1 {
		t.Errorf("%v resumes", n)
	}
	body := websocket.FormatCloseMessage(4999, "strange")
	if err := again.WriteControl(websocket.CloseMessage, body, noDeadline); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	until(t, "both have left", func() bool { return w.hub.count() == 0 })
	if n := testutil.ToFloat64(w.hub.metrics.closes.WithLabelValues("other")); n != 1 {
		t.Errorf("%v closes of unknown codes", n)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Errorf("metrics: %v, %v", problems, err)
	}
	if _, err := New(Config{History: w.log, Render: renderPlain, Sealer: w.hub.cfg.Sealer, Metrics: registry}); err == nil {
		t.Error("metrics registered twice")
	}
}

func TestManyPublishersOneOrder(t *testing.T) {
	w := begin(t, nil)
	conn, _ := w.socket(member("og_1", "ss_1"), "")
	var turn sync.Mutex // commits and publications keep one order, as the writer does
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				turn.Lock()
				w.publish("og_1")
				turn.Unlock()
			}
		})
	}
	for seq := range int64(200) {
		w.expect(conn, seq+1)
	}
	all.Wait()
}

// What was committed and not published, because nobody knew, is read from history.
func TestWhatWasNeverPublishedComesFromHistory(t *testing.T) {
	w := begin(t, nil)
	conn, _ := w.socket(member("og_1", "ss_1"), "")
	w.caughtUp()
	w.publish("og_1")
	w.expect(conn, 1)
	w.log.commit("og_1", "og_1")
	w.hub.Missed()
	w.expect(conn, 2, 3)
	w.publish("og_1")
	w.expect(conn, 4)
}
