package api

import (
	"net/http"
)

const streamPath = "/v1/stream"

// stream hands a request for a socket on, as whoever sent it.
func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	c := callOf(r.Context())
	who, err := s.cfg.Gate.Authenticate(r.Context(), r)
	if err != nil {
		c.note(err, told(err))
		if err := s.cfg.Stream.Refuse(w, r, err); err != nil {
			c.refuse(w, err)
		}
		return
	}
	c.who, c.org = who, who.Org
	if err := c.allowed(mayRead); err != nil {
		c.note(err, told(err))
		if err := s.cfg.Stream.Refuse(w, r, err); err != nil {
			c.refuse(w, err)
		}
		return
	}
	if err := plainQuery(r.URL.RawQuery, "after"); err != nil {
		c.refuse(w, err)
		return
	}
	if err := s.limits.take(string(who.Org)+" "+string(c.actor()), s.cfg.Now()); err != nil {
		c.refuse(w, err)
		return
	}
	if err := s.cfg.Stream.Serve(w, r, who); err != nil {
		c.refuse(w, err)
	}
}
