package store

import (
	"context"

	"pinhuo/freight"
)

// Load returns one load of the scope and the market's last event number.
func (s *Store) Load(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Load, int64, error) {
	return oneView(ctx, s, loadTable, scope, id)
}

// Loads returns a page of the scope's loads, newest first.
func (s *Store) Loads(ctx context.Context, query freight.Query) (freight.Page[freight.Load], error) {
	return listView(ctx, s, loadTable, query, true)
}

// BoardLoads returns a page of the market's open loads, whoever posted them,
// newest first. They are whole: whoever shows them masks them.
func (s *Store) BoardLoads(ctx context.Context, query freight.Query) (freight.Page[freight.Load], error) {
	return pageView(ctx, s, "list the open loads", query.Market, func(q querier) (freight.Page[freight.Load], error) {
		c := &clause{}
		c.and(postedLoads, string(query.Market))
		return pageOf(q, loadTable, c, query.After, query.Limit)
	})
}

// Unanswered returns a page of the market's loads that wait for the desk,
// oldest first: on the market, and explained or past their answer_by at the
// instant of the market's last commit.
func (s *Store) Unanswered(ctx context.Context, market, after freight.ID, limit int) (freight.Page[freight.Load], error) {
	return pageView(ctx, s, "list the unanswered loads", market, func(q querier) (freight.Page[freight.Load], error) {
		c := &clause{}
		c.and(postedLoads, string(market))
		c.and("(answered > 0 OR answer_by <= (SELECT at FROM writers WHERE writers.market_id = loads.market_id))")
		if after != "" {
			c.and("id > ?", string(after))
		}
		return pageBy(q, loadTable, c, "ORDER BY id", limit)
	})
}

// Explanation returns the last explanation of a load of the scope, nil when it
// has none yet.
func (s *Store) Explanation(ctx context.Context, scope freight.Scope, load freight.ID) (*freight.Explanation, error) {
	return explained(ctx, s, loadTable, explanationTable, scope, load)
}

// TripExplanation returns the last explanation of a trip of the scope, nil when it
// has none.
func (s *Store) TripExplanation(ctx context.Context, scope freight.Scope, trip freight.ID) (*freight.TripExplanation, error) {
	return explained(ctx, s, tripTable, outlookTable, scope, trip)
}

// explained reads what was told about a row of the scope.
func explained[T, E any](ctx context.Context, s *Store, of *entityTable[T], said *table[E], scope freight.Scope, id freight.ID) (*E, error) {
	var found *E
	err := s.reader.view(ctx, func(q querier) error {
		if _, err := oneOf(q, of, scope, id); err != nil {
			return err
		}
		list, err := said.list(q, "WHERE "+said.replace+" = ?", string(id))
		if len(list) > 0 {
			found = &list[0]
		}
		return err
	})
	return found, failure("read an explanation", err)
}
