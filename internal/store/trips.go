package store

import (
	"context"

	"pinhuo/freight"
)

// Trip returns one trip of the scope and the market's last event number.
func (s *Store) Trip(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Trip, int64, error) {
	return oneView(ctx, s, tripTable, scope, id)
}

// Trips returns a page of the scope's trips, newest first.
func (s *Store) Trips(ctx context.Context, query freight.Query) (freight.Page[freight.Trip], error) {
	return listView(ctx, s, tripTable, query, true)
}

// BoardTrips returns a page of the market's trips that take loads, whoever
// announced them, newest first. They are whole: whoever shows them masks them.
func (s *Store) BoardTrips(ctx context.Context, query freight.Query) (freight.Page[freight.Trip], error) {
	return pageView(ctx, s, "list the open trips", query.Market, func(q querier) (freight.Page[freight.Trip], error) {
		c := &clause{}
		c.and("market_id = ?", string(query.Market))
		c.and(liveTrips)
		c.and("state IN ('open', 'underway')")
		c.and("lease > (SELECT at FROM writers WHERE writers.market_id = trips.market_id)")
		return pageOf(q, tripTable, c, query.After, query.Limit)
	})
}

// TripRecords returns every committed version of a trip, oldest first.
func (s *Store) TripRecords(ctx context.Context, trip freight.ID) ([]freight.TripRecord, error) {
	list, err := recordTable.list(s.reader.now(ctx), "WHERE id = ? ORDER BY version", string(trip))
	return list, failure("list the records of a trip", err)
}
