package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"pinhuo/freight"
)

// Health is the answer of /healthz and /readyz.
type Health struct {
	Status  string   `json:"status" enum:"ok,not ready"`
	Waiting []string `json:"waiting,omitempty" doc:"The parts that are not ready"`
}

// alive answers as soon as the process serves requests.
func (s *server) alive(w http.ResponseWriter, _ *http.Request) { writeHealth(w, nil) }

// ready answers ok when every part says that it is.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	c := callOf(r.Context())
	var waiting, causes []string
	for _, check := range s.cfg.Checks {
		if err := check.Ready(r.Context()); err != nil {
			waiting = append(waiting, check.Name)
			causes = append(causes, check.Name+": "+err.Error())
		}
	}
	if len(waiting) > 0 {
		c.note(readiness(strings.Join(causes, "; ")), &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStopping})
	}
	writeHealth(w, waiting)
}

// readiness is why the server is not ready, for the log.
type readiness string

func (e readiness) Error() string { return string(e) }

func writeHealth(w http.ResponseWriter, waiting []string) {
	health, status := Health{Status: "ok"}, http.StatusOK
	if len(waiting) > 0 {
		health, status = Health{Status: "not ready", Waiting: waiting}, http.StatusServiceUnavailable
	}
	body, err := json.Marshal(health)
	if err != nil { // a Health holds only strings
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(append(body, '\n'))
}
