package api

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// newTiming is the histogram of answers by route, method and class of status.
// Its labels are closed: routes are patterns, and whatever has none is one.
func newTiming() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "pinhuo_http_request_seconds",
		Help:    "Time to answer a request, by route, method and class of status; of a socket, until it was open.",
		Buckets: []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}},
		[]string{"route", "method", "class"})
}

// Routes that are no pattern of the API.
const (
	routeNone = "none" // no such path
	routePage = "page"
)

// routed notes the route of a request.
func routed(route string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		callOf(r.Context()).route = route
		next.ServeHTTP(w, r)
	})
}

// routedV1 notes the pattern of an operation before anything refuses it.
func (s *server) routedV1(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := s.v1.Handler(r); pattern != "/" {
			_, path, _ := strings.Cut(pattern, " ")
			c := callOf(r.Context())
			c.route, c.act = path, s.acting[pattern]
		}
		next.ServeHTTP(w, r)
	})
}

// timed counts an answer.
func (s *server) timed(c *call, status int, took time.Duration) {
	method := c.method
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete:
	default:
		method = "other"
	}
	if status == 0 { // nothing was written: the server says 200
		status = http.StatusOK
	}
	s.timing.WithLabelValues(c.route, method, fmt.Sprintf("%dxx", min(max(status/100, 1), 5))).Observe(took.Seconds())
}
