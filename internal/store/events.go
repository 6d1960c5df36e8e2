package store

import (
	"context"

	"pinhuo/freight"
)

// mostEvents bounds one read of events or changes.
const mostEvents = 1000

// Events returns the audience's events after a number, ascending, at most
// limit of them (1..1000), and the market's last number in the same read.
func (s *Store) Events(ctx context.Context, market, audience freight.ID, after int64, limit int) ([]freight.Event, int64, error) {
	// An organization is of one market; the concatenation keeps SQLite on the
	// index of audiences.
	return tail(ctx, s, eventTable, market, limit, "WHERE audience = ? AND seq > ? AND market_id || '' = ? ORDER BY seq LIMIT ?",
		string(audience), after, string(market))
}

// AllEvents is Events for every audience: for followers and auditors.
func (s *Store) AllEvents(ctx context.Context, market freight.ID, after int64, limit int) ([]freight.Event, int64, error) {
	return tail(ctx, s, eventTable, market, limit, "WHERE market_id = ? AND seq > ? ORDER BY seq LIMIT ?", string(market), after)
}

// Changes returns the market's changes after a number, ascending, at most
// limit of them (1..1000), and the number of its last event in the same read.
func (s *Store) Changes(ctx context.Context, market freight.ID, after int64, limit int) ([]freight.Change, int64, error) {
	return tail(ctx, s, changeTable, market, limit, "WHERE market_id = ? AND seq > ? ORDER BY seq LIMIT ?", string(market), after)
}

func tail[T any](ctx context.Context, s *Store, t *table[T], market freight.ID, limit int, rest string, args ...any) ([]T, int64, error) {
	var list []T
	var head int64
	err := s.reader.view(ctx, func(q querier) (err error) {
		if head, err = readHead(q, market); err != nil {
			return err
		}
		list, err = t.list(q, rest, append(args, min(max(limit, 1), mostEvents))...)
		return err
	})
	return list, head, failure("read the "+t.name, err)
}
