package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
)

// Config hands the ports in. Exchange, Quotes, Reader, Desk, Gate, Towns, Sites, Positions,
// Proofs, Pictures, Ways, Roads, Cursors, Now and Minter are required.
type Config struct {
	Exchange  Exchange
	Quotes    Quoter
	Reader    Reader
	Desk      DeskReader
	Gate      Gate
	Towns     Towns
	Sites     Sites
	Positions Positions
	Proofs    Proofs
	Pictures  Pictures
	Ways      Ways
	Roads     Roads
	Cursors   Cursors
	Now       func() freight.Instant
	Minter    freight.Minter
	Costs     freight.Costs         // typical payload and box of a vehicle type
	Log       *slog.Logger          // nil: silent
	Checks    []Check               // of /readyz
	Stream    Stream                // GET /v1/stream; nil leaves it out
	Page      http.Handler          // everything that is not the API; nil leaves it out
	Origins   []string              // further origins whose pages may write with a cookie, such as "https://zone.example"
	Proxies   []netip.Prefix        // whose X-Forwarded-For is believed; nobody's when empty
	Metrics   prometheus.Registerer // nil leaves them unregistered
	Secure    bool                  // clients reach the server over TLS that ends before it
	Limit     Limit
}

// Limit is how many requests one principal may make; those that are not signed
// in share one allowance an address.
type Limit struct {
	PerSecond float64 // DefaultPerSecond when 0
	Burst     int     // DefaultBurst when 0
}

// The defaults of Limit.
const (
	DefaultPerSecond = 50
	DefaultBurst     = 200
)

// server answers the API's requests.
type server struct {
	cfg     Config
	api     huma.API
	v1      *http.ServeMux
	names   *names
	limits  *limiter
	showing *limiter      // of pictures
	uploads chan struct{} // a place for each picture that is on its way in
	origins *http.CrossOriginProtection
	timing  *prometheus.HistogramVec
	acting  map[string]string // pattern of an operation -> the act it asks for

	refusals *prometheus.CounterVec
}

// New returns the handler of everything the server offers over HTTP. An error
// names the origin that is none.
func New(cfg Config) (http.Handler, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := newServer(cfg)
	for _, origin := range cfg.Origins {
		if err := s.origins.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("api: origin %q: %w", origin, err)
		}
	}
	if cfg.Metrics != nil {
		for _, m := range []prometheus.Collector{s.timing, s.refusals} {
			if err := cfg.Metrics.Register(m); err != nil {
				return nil, fmt.Errorf("api: metrics: %w", err)
			}
		}
	}
	spec, err := document(s.api)
	if err != nil {
		return nil, err
	}
	return s.observe(s.routes(spec)), nil
}

// newServer registers every operation.
func newServer(cfg Config) *server {
	s := &server{
		cfg: cfg, v1: http.NewServeMux(), limits: newLimiter(cfg.Limit), origins: http.NewCrossOriginProtection(),
		showing: newLimiter(cfg.Limit.ofPictures()), uploads: make(chan struct{}, maxUploads),
		timing: newTiming(), acting: map[string]string{}, refusals: newRefusals(),
	}
	s.names = &names{now: cfg.Now, known: map[freight.ID]named{}}
	if cfg.Reader != nil {
		s.names.read = cfg.Reader.Org
	}
	s.api = newAPI(s.v1)
	for _, register := range []func(){
		s.session, s.loads, s.trips, s.reloads, s.offers, s.bundles, s.bookings, s.goods, s.proofs, s.statements, s.costs, s.pools, s.board, s.events, s.desk, s.places,
		s.tickets, s.roster, s.briefs, s.stories, s.positions, s.delays, s.acts, s.log,
	} {
		register()
	}
	s.v1.HandleFunc("/", s.nowhere)
	return s
}

// routes puts everything on its path.
func (s *server) routes(spec []byte) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/v1/", private(s.routedV1(s.noted(s.signedIn(queryRead(s.bodyRead(s.v1)))))))
	own := func(path string, answer http.HandlerFunc) { mux.Handle("GET "+path, routed(path, answer)) }
	own("/healthz", s.alive)
	own("/readyz", s.ready)
	own("/problems/{problem}", problemPage)
	own("/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(spec)
	})
	if s.cfg.Stream != nil {
		own(streamPath, s.stream)
	}
	if s.cfg.Page != nil {
		mux.Handle("/", routed(routePage, s.cfg.Page))
	} else {
		mux.HandleFunc("/", s.nowhere)
	}
	return mux
}

// private marks answers as nobody else's and as no page.
func private(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Cache-Control", "no-store")
		head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

// nowhere answers a path that is none, or a method that its path does not have.
func (s *server) nowhere(w http.ResponseWriter, r *http.Request) {
	c := callOf(r.Context())
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		probe := r.Clone(r.Context())
		probe.Method = method
		if _, pattern := s.v1.Handler(probe); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		c.refuse(w, freight.Missing("path", freight.ID(r.URL.Path)))
		return
	}
	for _, method := range allowed {
		w.Header().Add("Allow", method)
	}
	c.refuse(w, &statusError{http.StatusMethodNotAllowed, &freight.Error{
		Code: freight.Invalid, Problem: freight.ProblemMethod, Field: "method", Value: freight.Shorten(r.Method), Want: strings.Join(allowed, ", "),
	}})
}
