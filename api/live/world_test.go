package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"pinhuo/freight"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds waits for what must happen; a test that reaches it fails.
const patience = 20 * time.Second

var noDeadline time.Time

// log is a history in memory, numbered as the writer does.
type log struct {
	mu     sync.Mutex
	events []freight.Event
	floor  int64 // events up to here have been removed
	err    error // of every read
	reads  int
	gate   func(after int64) // called in every read after its snapshot, without the lock
}

// commit numbers and stores events, one per audience named.
func (l *log) commit(audiences ...freight.ID) []freight.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := len(l.events)
	for _, audience := range audiences {
		seq := int64(len(l.events) + 1)
		l.events = append(l.events, freight.Event{
			Market: "mk_1", Seq: seq, Audience: audience, Type: freight.EventLoadPosted, Schema: freight.EventSchema,
			Subject: freight.ID(fmt.Sprintf("ld_%d", seq)), Version: 1,
		})
	}
	return l.events[at:len(l.events):len(l.events)]
}

func (l *log) Events(_ context.Context, market, audience freight.ID, after int64, limit int) ([]freight.Event, int64, error) {
	l.mu.Lock()
	l.reads++
	var page []freight.Event
	for i := after; i >= 0 && i < int64(len(l.events)) && len(page) < limit; i++ {
		if e := l.events[i]; e.Audience == audience && e.Market == market {
			page = append(page, e)
		}
	}
	head, err, gate := int64(len(l.events)), l.err, l.gate
	if err == nil && after < l.floor {
		err = &freight.Error{Code: freight.Invalid, Problem: freight.ProblemCursor}
	}
	l.mu.Unlock()
	if gate != nil {
		gate(after)
	}
	return page, head, err
}

func (l *log) Head(context.Context, freight.ID) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.events)), l.err
}

// after returns the number of the audience's first event above seq, 0 for none.
func (l *log) after(audience freight.ID, seq int64) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events[seq:] {
		if e.Audience == audience {
			return e.Seq
		}
	}
	return 0
}

// testFrame is what renderPlain writes: enough of a CloudEvent to check it.
type testFrame struct {
	Type   string     `json:"type"`
	Cursor string     `json:"cursor"`
	Seq    int64      `json:"seq"`
	Org    freight.ID `json:"org"`
	Pad    string     `json:"pad,omitempty"`
	Data   struct {
		Hello
	} `json:"data"`
}

func renderPlain(e freight.Event, p freight.Principal, cursor string) ([]byte, error) {
	return json.Marshal(testFrame{Type: string(e.Type), Cursor: cursor, Seq: e.Seq, Org: p.Org})
}

// world is a hub behind a real server on loopback.
type world struct {
	t      testing.TB
	hub    *Hub
	log    *log
	server *httptest.Server
	stop   context.CancelFunc
	ran    chan error
	probe  *websocket.Conn // of og_probe, see pumped
}

// begin starts a world; change may adjust the configuration first.
func begin(t testing.TB, change func(*Config)) *world {
	t.Helper()
	w := &world{t: t, log: &log{}, ran: make(chan error, 1)}
	cfg := Config{History: w.log, Render: renderPlain, Sealer: NewSealer(testKey, "epoch-1"), Origins: []string{"https://zone.example"}}
	if change != nil {
		change(&cfg)
	}
	var err error
	if w.hub, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewUnstartedServer(http.HandlerFunc(w.serve))
	w.server.Listener = lines{w.server.Listener}
	w.server.Start()
	ctx, cancel := context.WithCancel(t.Context())
	w.stop = cancel
	go func() { w.ran <- w.hub.Run(ctx) }()
	t.Cleanup(w.end)
	return w
}

// end stops the world as the server does, and expects nothing to be left.
func (w *world) end() {
	w.stop()
	select {
	case err := <-w.ran:
		if err != nil {
			w.t.Errorf("Run: %v", err)
		}
	case <-time.After(patience):
		w.t.Error("Run does not end")
	}
	w.server.Close()
	if n := w.hub.count(); n != 0 {
		w.t.Errorf("%d sockets left", n)
	}
	if n := w.hub.metrics.queueBytes.Load(); n != 0 {
		w.t.Errorf("%d bytes left in queues", n)
	}
	if n := w.hub.metrics.clients.Load(); n != 0 {
		w.t.Errorf("gauge of clients ends at %d", n)
	}
}

// serve is the API's part: the principal comes from a header.
func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	var err error
	if who := r.Header.Get("Who"); who == "" {
		err = w.hub.Refuse(rw, r, &freight.Error{Code: freight.Unauthorized, Problem: freight.ProblemSignIn})
	} else {
		var p freight.Principal
		if err = json.Unmarshal([]byte(who), &p); err == nil {
			err = w.hub.Serve(rw, r, p)
		}
	}
	if err != nil {
		status := map[freight.Code]int{freight.Unavailable: 503, freight.Unauthorized: 401, freight.Forbidden: 403}[freight.CodeOf(err)]
		rw.WriteHeader(max(status, 400))
	}
}

// member is a principal of an organization through a credential.
func member(org, credential freight.ID) freight.Principal {
	return freight.Principal{User: "us_1", Name: "somebody", Org: org, Role: freight.RoleClerk, Market: "mk_1", Credential: credential}
}

// dial opens a socket; the answer is there when the handshake was refused.
func (w *world) dial(p *freight.Principal, after string, header http.Header) (*websocket.Conn, *http.Response, error) {
	if header == nil {
		header = http.Header{}
	}
	if p != nil {
		who, err := json.Marshal(p)
		if err != nil {
			w.t.Fatal(err)
		}
		header.Set("Who", string(who))
	}
	url := "ws" + strings.TrimPrefix(w.server.URL, "http") + "/v1/stream"
	if after != "" {
		url += "?after=" + after
	}
	return websocket.DefaultDialer.DialContext(w.t.Context(), url, header)
}

// socket opens a socket and reads its hello.
func (w *world) socket(p freight.Principal, after string) (*websocket.Conn, Hello) {
	w.t.Helper()
	conn, _, err := w.dial(&p, after, nil)
	if err != nil {
		w.t.Fatalf("dial: %v", err)
	}
	w.t.Cleanup(func() { conn.Close() })
	f := w.read(conn)
	if f.Type != TypeHello || f.Data.Epoch != "epoch-1" {
		w.t.Fatalf("first frame %+v", f)
	}
	return conn, f.Data.Hello
}

// read returns the next frame that is not a beat.
func (w *world) read(conn *websocket.Conn) testFrame {
	w.t.Helper()
	for {
		f, err := next(conn)
		if err != nil {
			w.t.Fatalf("read: %v", err)
		}
		if f.Type != TypeBeat {
			return f
		}
	}
}

func next(conn *websocket.Conn) (testFrame, error) {
	var f testFrame
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return f, err
	}
	err := conn.ReadJSON(&f)
	return f, err
}

// expect reads exactly the events with these numbers.
func (w *world) expect(conn *websocket.Conn, seqs ...int64) testFrame {
	w.t.Helper()
	var f testFrame
	for _, want := range seqs {
		if f = w.read(conn); f.Seq != want {
			w.t.Fatalf("got event %d (%s), want %d", f.Seq, f.Type, want)
		}
	}
	return f
}

// closed reads to the end and returns how the server closed, with the last
// frame before it.
func (w *world) closed(conn *websocket.Conn) (*websocket.CloseError, testFrame) {
	w.t.Helper()
	var last testFrame
	for {
		f, err := next(conn)
		if err == nil {
			last = f
			continue
		}
		var told *websocket.CloseError
		if !errors.As(err, &told) {
			w.t.Fatalf("closed without a code: %v", err)
		}
		return told, last
	}
}

// publish commits one event per audience and hands them to the hub.
func (w *world) publish(audiences ...freight.ID) []freight.Event {
	events := w.log.commit(audiences...)
	w.hub.Publish(events)
	return events
}

// pumped waits until the hub has brought out everything that was published so
// far: the pump is one, so the event of a probe comes last.
func (w *world) pumped() {
	w.t.Helper()
	w.expect(w.probe, w.publish("og_probe")[0].Seq)
}

// expectAll reads all events of an organization above a number.
func (w *world) expectAll(conn *websocket.Conn, org freight.ID, after int64) {
	w.t.Helper()
	for seq := w.log.after(org, after); seq != 0; seq = w.log.after(org, seq) {
		w.expect(conn, seq)
	}
}

// until waits for a condition that another goroutine brings about.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	poll := time.NewTicker(time.Millisecond)
	defer poll.Stop()
	for !ok() {
		select {
		case <-poll.C:
		case <-deadline.C:
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}
