package api

import (
	"context"
	"sync"

	"pinhuo/freight"
)

const (
	maxNames   = 10_000
	namesFresh = freight.Minute
)

// names remembers organizations for a minute, because every row of a board
// shows one.
type names struct {
	read func(context.Context, freight.ID) (freight.Org, error)
	now  func() freight.Instant

	mu    sync.Mutex
	known map[freight.ID]named
}

type named struct {
	org   freight.Org
	until freight.Instant
}

func (n *names) org(ctx context.Context, id freight.ID) (freight.Org, error) {
	now := n.now()
	n.mu.Lock()
	known, ok := n.known[id]
	n.mu.Unlock()
	if ok && now < known.until {
		return known.org, nil
	}
	org, err := n.read(ctx, id)
	if err != nil {
		return freight.Org{}, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.known) >= maxNames {
		clear(n.known)
	}
	n.known[id] = named{org, now + namesFresh}
	return org, nil
}
