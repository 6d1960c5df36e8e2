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

// Homeward returns one trip of the scope with the loads that it could carry home, whole,
// and the market's last event number.
func (s *Store) Homeward(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Homeward, int64, error) {
	var h freight.Homeward
	var seq int64
	err := s.reader.view(ctx, func(q querier) (err error) {
		if seq, err = readHead(q, scope.Market); err != nil {
			return err
		}
		if h.Trip, err = oneOf(q, tripTable, scope, id); err != nil {
			return err
		}
		told := h.Trip.Tied().Reload
		if told == nil {
			return nil
		}
		ids := make([]freight.ID, len(told.Lines))
		for i := range told.Lines {
			ids[i] = told.Lines[i].Load
		}
		loads, err := index(q, &loadTable.table, ids, func(l *freight.Load) freight.ID { return l.ID })
		for i := range told.Lines {
			h.Loads = append(h.Loads, loads[told.Lines[i].Load])
		}
		return err
	})
	return h, seq, failure("read what a trip could carry home", err)
}

// TripRecords returns every committed version of a trip, oldest first.
func (s *Store) TripRecords(ctx context.Context, trip freight.ID) ([]freight.TripRecord, error) {
	list, err := recordTable.list(s.reader.now(ctx), "WHERE id = ? ORDER BY version", string(trip))
	return list, failure("list the records of a trip", err)
}
