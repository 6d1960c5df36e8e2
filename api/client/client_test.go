package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patient is a clock that does not wait but keeps account.
type patient struct {
	mu     sync.Mutex
	pauses []time.Duration
}

func (p *patient) wait(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pauses = append(p.pauses, d)
	return ctx.Err()
}

func (p *patient) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pauses)
}

// begin starts a server and a client that wastes no time.
func begin(t *testing.T, handler http.HandlerFunc, change func(*Config)) (*Client, *patient) {
	t.Helper()
	server := httptest.NewServer(handler)
	transport := &http.Transport{}
	t.Cleanup(func() { transport.CloseIdleConnections(); server.Close() })
	pauses := &patient{}
	keys := 0
	cfg := Config{Base: server.URL, Token: "pht_secret", HTTP: &http.Client{Transport: transport}, Wait: pauses.wait,
		Rand: func() float64 { return 0.5 }, Key: func() string { keys++; return fmt.Sprint("key-", keys) }}
	if change != nil {
		change(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c, pauses
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	if status >= 300 {
		w.Header().Set("Content-Type", "application/problem+json")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func TestACallSaysWhoAsksForWhat(t *testing.T) {
	c, _ := begin(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := fmt.Sprint(r.Method, " ", r.URL.RequestURI(), " ", string(body))
		for _, name := range []string{"Authorization", "Accept-Language", "Content-Type", "Idempotency-Key", "If-Match", "Pinhuo-On-Behalf-Of"} {
			if v := r.Header.Get(name); v != "" {
				got += "\n" + name + ": " + v
			}
		}
		quoted, _ := json.Marshal(got)
		reply(w, 200, `{"id":`+string(quoted)+`}`)
	}, func(cfg *Config) { cfg.Behalf, cfg.Language = "og_1", "en" })
	ctx := t.Context()
	load, err := c.EditLoad(ctx, "ld_1/../x", 3, LoadTerms{Goods: "箱", Size: Size{Kg: 844.8, FloorM: 1.2}}, Key("mine"), Behalf("og_2"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"PUT /v1/loads/ld_1%2F..%2Fx ", `"goods":"箱"`, `"kg":844.8`, "\nAuthorization: Bearer pht_secret", "\nAccept-Language: en",
		"\nContent-Type: application/json", "\nIdempotency-Key: mine", "\nIf-Match: \"3\"", "\nPinhuo-On-Behalf-Of: og_2",
	} {
		if !strings.Contains(load.ID, part) {
			t.Errorf("no %q in\n%s", part, load.ID)
		}
	}
	page, err := c.Load(ctx, "ld_1")
	if err != nil || strings.Contains(page.ID, "Idempotency-Key") || strings.Contains(page.ID, "Content-Type") {
		t.Errorf("GET sends\n%s, %v", page.ID, err)
	}
	withdrawn, err := c.WithdrawLoad(ctx, "ld_1")
	if err != nil || !strings.Contains(withdrawn.ID, "withdraw {}") || !strings.Contains(withdrawn.ID, "Idempotency-Key: key-1") {
		t.Errorf("withdraw sends\n%s, %v", withdrawn.ID, err)
	}
}

// What a bad line does to a call: however often it is sent, the key is one.
func TestWritesAreRepeatedUnderOneKey(t *testing.T) {
	var tries atomic.Int64
	var mu sync.Mutex // guards what follows: a call that was cut off may still be in the handler
	keys := map[string]bool{}
	bodies := map[string]bool{}
	c, pauses := begin(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		keys[r.Header.Get("Idempotency-Key")], bodies[string(body)] = true, true
		mu.Unlock()
		switch tries.Add(1) {
		case 1: // cut before an answer
			panic(http.ErrAbortHandler)
		case 2: // cut within the answer
			w.Header().Set("Content-Length", "1000")
			reply(w, 201, `{"id":"ld_`)
			panic(http.ErrAbortHandler)
		case 3:
			w.Header().Set("Retry-After", "2")
			reply(w, 503, `{"code":"unavailable","problem":"store"}`)
		case 4: // a proxy's own words
			w.WriteHeader(http.StatusBadGateway)
		case 5:
			w.Header().Set("Retry-After", "3600000000")
			reply(w, 429, `{"code":"too_many","problem":"rate"}`)
		default:
			reply(w, 201, `{"id":"ld_1","version":1}`)
		}
	}, nil)
	load, err := c.PostLoad(t.Context(), LoadTerms{Goods: "x"})
	if err != nil || load.ID != "ld_1" {
		t.Fatalf("%+v, %v", load, err)
	}
	if tries.Load() != 6 || len(keys) != 1 || len(bodies) != 1 || !keys["key-1"] {
		t.Errorf("%d tries under the keys %v with %d bodies", tries.Load(), keys, len(bodies))
	}
	want := "[50ms 100ms 2.2s 400ms 1m0.8s]" // half of 100 ms, doubling, and what the server asked for
	if got := fmt.Sprint(pauses.pauses); got != want {
		t.Errorf("pauses %s, want %s", got, want)
	}
}

func TestRefusalsAreNotRepeated(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 409, 412, 413, 422, 500} {
		var tries atomic.Int64
		c, _ := begin(t, func(w http.ResponseWriter, _ *http.Request) {
			tries.Add(1)
			reply(w, status, `{"type":"/problems/range","title":"t","status":999,"detail":"看一看","code":"invalid","problem":"range","field":"size.kg",
				"value":"0 kg","min":"1 g","max":"100 t","request_id":"rq_1","errors":[{"code":"invalid","problem":"past","field":"answer_by"}]}`)
		}, nil)
		_, err := c.PostLoad(t.Context(), LoadTerms{})
		var p *Problem
		if !errors.As(err, &p) || tries.Load() != 1 {
			t.Fatalf("%d: %v after %d tries", status, err, tries.Load())
		}
		if p.Status != status || p.Code != "invalid" || p.Fault.Problem != "range" || p.Field != "size.kg" || p.Value != "0 kg" || p.Min != "1 g" ||
			p.Max != "100 t" || p.RequestID != "rq_1" || len(p.Errors) != 1 || p.Errors[0].Field != "answer_by" {
			t.Errorf("%d: %+v", status, p)
		}
		if text := err.Error(); !strings.Contains(text, "POST /v1/loads") || !strings.Contains(text, "看一看") || !strings.Contains(text, "(and 1 more)") {
			t.Errorf("%d: %s", status, text)
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		kind   string
		body   string
		want   string
	}{
		"a page for people":   {404, "text/html", "<h1>not found</h1>", "404"},
		"a cut problem":       {409, "application/problem+json", `{"code":"confl`, "409"},
		"a very long problem": {409, "application/problem+json", `{"code":"` + strings.Repeat("x", 1<<20) + `"}`, "409"},
		"no JSON":             {200, "application/json", "hello", "invalid character"},
		"another shape":       {200, "application/json", `{"id":7}`, "cannot unmarshal"},
	} {
		var tries atomic.Int64
		client, _ := begin(t, func(w http.ResponseWriter, _ *http.Request) {
			tries.Add(1)
			w.Header().Set("Content-Type", c.kind)
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		}, nil)
		if _, err := client.Load(t.Context(), "ld_1"); err == nil || !strings.Contains(err.Error(), c.want) || tries.Load() != 1 {
			t.Errorf("%s: %v after %d tries", name, err, tries.Load())
		}
	}
}

func TestTriesEnd(t *testing.T) {
	var tries atomic.Int64
	var told []string
	c, pauses := begin(t, func(http.ResponseWriter, *http.Request) { tries.Add(1); panic(http.ErrAbortHandler) }, func(cfg *Config) {
		cfg.Tries = 3
		cfg.Retry = func(call string, try int, cause error) {
			told = append(told, fmt.Sprint(call, " ", try, " ", cause != nil))
		}
	})
	if _, err := c.Load(t.Context(), "ld_1"); err == nil {
		t.Error("no error")
	}
	if tries.Load() != 3 || pauses.count() != 2 || fmt.Sprint(told) != "[GET /v1/loads/ld_1 1 true GET /v1/loads/ld_1 2 true]" {
		t.Errorf("%d tries, %d pauses, told %v", tries.Load(), pauses.count(), told)
	}
}

func TestTriesEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var tries atomic.Int64
	c, _ := begin(t, func(http.ResponseWriter, *http.Request) { tries.Add(1); cancel(); panic(http.ErrAbortHandler) }, nil)
	if _, err := c.Load(ctx, "ld_1"); !errors.Is(err, context.Canceled) || tries.Load() != 1 {
		t.Errorf("%v after %d tries", err, tries.Load())
	}
}

// A one-time link is spent by the request that arrived, whatever became of its
// answer: it is tried again only when the server said it took nothing.
func TestSignInIsNotRepeatedBlindly(t *testing.T) {
	var tries atomic.Int64
	c, _ := begin(t, func(w http.ResponseWriter, r *http.Request) {
		switch n := tries.Add(1); {
		case r.Method == http.MethodGet:
			cookie, err := r.Cookie("pinhuo_session")
			if err != nil || cookie.Value != "phs_1" {
				t.Errorf("cookie %v, %v", cookie, err)
			}
			reply(w, 200, `{"role":"clerk"}`)
		case n == 1:
			reply(w, 503, `{}`)
		case n == 2:
			panic(http.ErrAbortHandler)
		default:
			http.SetCookie(w, &http.Cookie{Name: "pinhuo_session", Value: "phs_1", Path: "/"})
			reply(w, 200, `{"role":"clerk"}`)
		}
	}, func(cfg *Config) { cfg.Token = "" })
	if _, err := c.SignIn(t.Context(), "phl_1"); err == nil || tries.Load() != 2 {
		t.Fatalf("%v after %d tries", err, tries.Load())
	}
	me, err := c.SignIn(t.Context(), "phl_1")
	if err != nil || me.Role != "clerk" {
		t.Fatalf("%+v, %v", me, err)
	}
	if _, err := c.Me(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	for _, base := range []string{"", "localhost:8080", "ftp://localhost", "http://", "http://%zz", "/v1"} {
		if _, err := New(Config{Base: base}); err == nil {
			t.Errorf("base %q is taken", base)
		}
	}
	c, err := New(Config{Base: "https://zone.example/pinhuo/"})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.url("/v1/me", nil); got != "https://zone.example/pinhuo/v1/me" {
		t.Errorf("url %s", got)
	}
}

// Nobody listens: the call ends with an error of the line, not of the server.
func TestNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	pauses := &patient{}
	c, err := New(Config{Base: "http://" + listener.Addr().String(), Token: "t", Wait: pauses.wait})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Me(t.Context())
	var p *Problem
	if err == nil || errors.As(err, &p) || pauses.count() != 7 {
		t.Errorf("%v after %d pauses", err, pauses.count())
	}
}

func TestEveryCallHasItsPath(t *testing.T) {
	c, _ := begin(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusTeapot)
	}, nil)
	ctx := t.Context()
	list := List{State: "open", After: "x", Limit: 5}
	ask := func(_ any, err error) error { return err }
	for want, err := range map[string]error{
		"DELETE /v1/session":          c.SignOut(ctx),
		"GET /v1/loads?":              ask(c.Loads(ctx, list)),
		"POST /v1/loads/a/repost":     ask(c.RepostLoad(ctx, "a", LoadTerms{})),
		"GET /v1/loads/a/explanation": ask(c.Explanation(ctx, "a")),
		"GET /v1/trips/a/explanation": ask(c.TripExplanation(ctx, "a")),
		"POST /v1/trips":              ask(c.AnnounceTrip(ctx, TripTerms{})),
		"GET /v1/trips":               ask(c.Trips(ctx, list)),
		"GET /v1/trips/a":             ask(c.Trip(ctx, "a")),
		"PUT /v1/trips/a":             ask(c.EditTrip(ctx, "a", 1, TripTerms{})),
		"POST /v1/trips/a/cancel":     ask(c.CancelTrip(ctx, "a")),
		"POST /v1/trips/a/renew":      ask(c.RenewTrip(ctx, "a", TripTerms{})),
		"GET /v1/vehicles":            ask(c.Vehicles(ctx, list)),
		"GET /v1/offers":              ask(c.Offers(ctx, list)),
		"GET /v1/offers/a":            ask(c.Offer(ctx, "a")),
		"POST /v1/offers/a/seen":      ask(c.SeeOffer(ctx, "a")),
		"POST /v1/offers/a/accept":    ask(c.AcceptOffer(ctx, "a", 2)),
		"POST /v1/offers/a/decline":   ask(c.DeclineOffer(ctx, "a", 2, "price")),
		"GET /v1/bookings":            ask(c.Bookings(ctx, list)),
		"GET /v1/bookings/a":          ask(c.Booking(ctx, "a")),
		"GET /v1/pools":               ask(c.Pools(ctx, list)),
		"GET /v1/pools/a":             ask(c.Pool(ctx, "a")),
		"POST /v1/pools/a/consent":    ask(c.ConsentPool(ctx, "a", 2)),
		"POST /v1/pools/a/decline":    ask(c.DeclinePool(ctx, "a", 0, "price")),
		"POST /v1/pools/a/take":       ask(c.TakePool(ctx, "a", 2, Vehicle{})),
		"GET /v1/board/loads":         ask(c.BoardLoads(ctx, list)),
		"GET /v1/board/trips":         ask(c.BoardTrips(ctx, list)),
		"GET /v1/board/loads/a/quote": ask(c.QuoteLoad(ctx, "a", "b")),
		"POST /v1/board/loads/a/book": ask(c.TakeLoad(ctx, Quote{LoadID: "a"})),
		"GET /v1/board/trips/a/quote": ask(c.QuoteTrip(ctx, "a", "")),
		"POST /v1/board/trips/a/book": ask(c.TakeTrip(ctx, Quote{TripID: "a"})),
		"GET /v1/desk/unanswered":     ask(c.Unanswered(ctx, list)),
		"GET /v1/events":              ask(c.Events(ctx, "k", 10)),
		"GET /v1/places":              ask(c.Places(ctx, "海门", 3)),
	} {
		method, path, _ := strings.Cut(strings.TrimSuffix(want, "?"), " ")
		if err == nil || !strings.HasPrefix(err.Error(), method+" "+path+": 418") {
			t.Errorf("%s: %v", want, err)
		}
	}
}
