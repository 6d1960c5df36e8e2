package store

import (
	"context"

	"pinhuo/freight"
)

var positionTable = &table[freight.Position]{name: "positions", columns: []string{
	"trip_id", "at", "lat_e7", "lng_e7", "accuracy_m", "got",
}, fields: func(p *freight.Position, to []any) []any {
	return append(to, &p.Trip, &p.At, &p.Point.LatE7, &p.Point.LngE7, &p.AccuracyM, &p.Got)
}}

// AddPositions sifts what was told of where the truck of a trip of the scope was, and
// keeps what is new of it. Missing where the scope has no such trip, a conflict where it
// was cancelled. The same report again keeps nothing more.
func (s *Store) AddPositions(ctx context.Context, scope freight.Scope, id freight.ID, told []freight.Position, now freight.Instant) (freight.Sifted, error) {
	var out freight.Sifted
	return out, failure("keep positions", s.writer.do(ctx, nil, func(tx *writeTx) error {
		trip, err := oneOf(tx, tripTable, scope, id)
		switch {
		case err != nil:
			return err
		case trip.State == freight.TripCancelled:
			return freight.Refuse(freight.ProblemState, "state", string(trip.State))
		case len(told) == 0:
			return nil
		}
		known, err := around(tx, id, told)
		if err != nil {
			return err
		}
		out = freight.Sift(&trip, known, told, now)
		return insert(tx, positionTable, out.Kept)
	}))
}

// around reads the positions of a trip from the last one before those told to the first
// one after them.
func around(q querier, trip freight.ID, told []freight.Position) ([]freight.Position, error) {
	first, last := told[0].At, told[0].At
	for i := range told {
		first, last = min(first, told[i].At), max(last, told[i].At)
	}
	id := string(trip)
	return positionTable.list(q, "WHERE trip_id = ? AND at >= COALESCE((SELECT max(at) FROM positions WHERE trip_id = ? AND at < ?), ?) "+
		"AND at <= COALESCE((SELECT min(at) FROM positions WHERE trip_id = ? AND at > ?), ?)",
		id, id, int64(first), int64(first), id, int64(last), int64(last))
}

// Positions returns where the truck of a trip of the scope was from an instant on, oldest
// first and at most limit of them, and the market's last event number.
func (s *Store) Positions(ctx context.Context, scope freight.Scope, trip freight.ID, from freight.Instant, limit int) (freight.Page[freight.Position], error) {
	return pageView(ctx, s, "list positions", scope.Market, func(q querier) (freight.Page[freight.Position], error) {
		if _, err := oneOf(q, tripTable, scope, trip); err != nil {
			return freight.Page[freight.Position]{}, err
		}
		rows, err := positionTable.list(q, "WHERE trip_id = ? AND at >= ? ORDER BY at LIMIT ?", string(trip), int64(from), limit)
		return freight.Page[freight.Position]{Rows: rows}, err
	})
}

// Whereabouts returns where the truck of a booking that the scope is a side of was last
// heard of, a zero Position where it has told nothing; and the market's last event number.
// Only who has goods on it, or coming onto it, may ask: Missing where the scope is no side,
// a conflict before the booking is firm and after it has ended.
func (s *Store) Whereabouts(ctx context.Context, scope freight.Scope, booking freight.ID) (freight.Position, int64, error) {
	page, err := pageView(ctx, s, "find a truck", scope.Market, func(q querier) (page freight.Page[freight.Position], err error) {
		b, err := sideOne(q, bookingTable, scope, booking)
		switch {
		case err != nil:
			return page, err
		case b.State != freight.BookingFirm && b.State != freight.BookingAboard:
			return page, freight.Refuse(freight.ProblemState, "state", string(b.State))
		}
		page.Rows, err = positionTable.list(q, "WHERE trip_id = ? ORDER BY at DESC LIMIT 1", string(b.Trip))
		return page, err
	})
	if err != nil || len(page.Rows) == 0 {
		return freight.Position{}, page.Seq, err
	}
	return page.Rows[0], page.Seq, nil
}

// SweepPositions removes positions older than freight.PositionsKept at the instant and tells
// how many. Commits go on between its transactions.
func (s *Store) SweepPositions(ctx context.Context, now freight.Instant) (int, error) {
	return s.sweepOld(ctx, "sweep positions",
		"DELETE FROM positions WHERE (trip_id, at) IN (SELECT trip_id, at FROM positions WHERE at < ? ORDER BY at LIMIT ?)", now-freight.PositionsKept)
}
