package dispatch

import (
	"sync"

	"pinhuo/freight"
	"pinhuo/geo"
)

// mostTurns is how many turning places are kept.
const mostTurns = 1 << 15

// turns remembers where trucks can turn: a place is asked for with every load that is
// held against a truck, and stays the same for five minutes.
type turns struct {
	mu    sync.Mutex
	known map[turnKey]turnPlace
}

type turnKey struct {
	router   freight.Router
	from, to freight.Point
	afterS   int64
}

type turnPlace struct {
	at freight.Point
	ok bool
}

// turner is a router that knows where on a drive a truck can turn.
type turner interface {
	Turn(a, b geo.Point, afterS int64) (geo.Point, bool)
}

// turn finds where trucks can turn; nil where none is to.
func (e *Engine) turn() func(freight.Router, freight.Point, freight.Point, int64) (freight.Point, bool) {
	if !e.cfg.TopOff {
		return nil
	}
	return e.turnAt
}

func (e *Engine) turnAt(r freight.Router, from, to freight.Point, afterS int64) (freight.Point, bool) {
	router := e.cfg.Router
	if e.guide != nil {
		router = e.guide.By(r.Method, r.Version)
	}
	where, ok := router.(turner)
	if !ok {
		return freight.Point{}, false
	}
	key := turnKey{r, from, to, afterS}
	e.turns.mu.Lock()
	place, known := e.turns.known[key]
	e.turns.mu.Unlock()
	if known {
		return place.at, place.ok
	}
	p, ok := where.Turn(geo.Point(from), geo.Point(to), afterS)
	place = turnPlace{freight.Point(p), ok}
	e.turns.mu.Lock()
	defer e.turns.mu.Unlock()
	if e.turns.known == nil || len(e.turns.known) >= mostTurns {
		e.turns.known = make(map[turnKey]turnPlace)
	}
	e.turns.known[key] = place
	return place.at, place.ok
}
