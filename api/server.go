package api

import (
	"log/slog"
	"net/http"

	"pinhuo/freight"
)

// Config hands the ports in. Exchange, Reader, Gate, Towns, Cursors, Now and
// Minter are required; the handlers may be nil, which leaves their path out.
type Config struct {
	Exchange Exchange
	Reader   Reader
	Gate     Gate
	Towns    Towns
	Cursors  Cursors
	Now      func() freight.Instant
	Minter   freight.Minter
	Costs    freight.Costs // typical payload and box of a vehicle type
	Log      *slog.Logger  // nil: silent
	Checks   []Check       // of /readyz
	Stream   http.Handler  // GET /v1/stream; it authenticates and limits for itself
	Page     http.Handler  // everything that is not the API
	Metrics  http.Handler  // GET /metrics
	Origins  []string      // further origins whose pages may write with a cookie
	Secure   bool          // clients reach the server over TLS, ended before it
	Limit    Limit
}

// Limit is how many requests one principal may make. The zero value asks for
// the defaults.
type Limit struct {
	PerSecond float64 // DefaultPerSecond when 0
	Burst     int     // DefaultBurst when 0
}

// The defaults of Limit.
const (
	DefaultPerSecond = 50
	DefaultBurst     = 200
)

// Server answers the API's requests.
type Server struct {
	cfg Config
	mux *http.ServeMux
}

// New returns the handler of everything the server offers over HTTP.
func New(cfg Config) http.Handler {
	s := &Server{cfg: cfg, mux: http.NewServeMux()}
	return s.mux
}
