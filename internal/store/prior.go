package store

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"pinhuo/freight"
)

// Prior looks up by key what a writer does not hold in memory: one statement
// for each kind that is asked for. What it does not find is not in the answer.
func (s *Store) Prior(ctx context.Context, p freight.Prior) (freight.Known, error) {
	known, err := prior(s.reader.now(ctx), p)
	return known, failure("look up what went before", err)
}

func prior(q querier, p freight.Prior) (known freight.Known, err error) {
	// Nearly every batch asks for both: side by side they take one round trip.
	var both errgroup.Group
	both.Go(func() (err error) { known.Answers, err = priorAnswers(q, p.Keys); return err })
	both.Go(func() (err error) { known.Refs, err = priorRefs(q, p.Refs); return err })
	if err := both.Wait(); err != nil {
		return known, err
	}
	if known.Deeds, err = priorDeeds(q, p.Deeds); err != nil {
		return known, err
	}
	if known.Loads, err = loadTable.byID(q, p.Loads); err != nil {
		return known, err
	}
	known.Loads = inMarket(loadTable, known.Loads, p.Market)
	if known.Trips, err = tripTable.byID(q, p.Trips); err != nil {
		return known, err
	}
	known.Trips = inMarket(tripTable, known.Trips, p.Market)
	if known.Bookings, err = bookingTable.byID(q, p.Bookings); err != nil {
		return known, err
	}
	known.Bookings = inMarket(bookingTable, known.Bookings, p.Market)
	if known.Offers, err = offerTable.byID(q, p.Offers); err != nil {
		return known, err
	}
	known.Offers = inMarket(offerTable, known.Offers, p.Market)
	return known, nil
}

func inMarket[T any](t *entityTable[T], rows []T, market freight.ID) []T {
	var kept []T
	for i := range rows {
		if t.meta(&rows[i]).Market == market {
			kept = append(kept, rows[i])
		}
	}
	return kept
}

func priorAnswers(q querier, keys []freight.Key) ([]freight.Answer, error) {
	var found []freight.Answer
	for _, part := range lists(keys) {
		args := make([]any, 0, 2*len(part))
		for _, k := range part {
			args = append(args, string(k.Org), k.Name)
		}
		rows, err := answerTable.list(q, "WHERE (org_id, name) IN "+pairPlaces(len(part)), args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found = append(found, r.Answer)
		}
	}
	return found, nil
}

func priorRefs(q querier, refs []freight.Ref) (map[freight.Ref]freight.ID, error) {
	keys := map[string][][2]string{}
	for _, r := range refs {
		keys[r.Kind] = append(keys[r.Kind], [2]string{string(r.Org), r.Ref})
	}
	found := map[freight.Ref]freight.ID{}
	for kind, table := range map[string]string{freight.KindLoad: "loads", freight.KindTrip: "trips"} {
		owners, err := pairs(q, table, "id", [2]string{"org_id", "ref"}, "ref <> ''", nil, keys[kind])
		if err != nil {
			return nil, err
		}
		for key, id := range owners {
			found[freight.Ref{Kind: kind, Org: freight.ID(key[0]), Ref: key[1]}] = id
		}
	}
	return found, nil
}

// pairs finds the rows that have the given values in two columns.
func pairs(q querier, table, id string, columns [2]string, where string, args []any, keys [][2]string) (map[[2]string]freight.ID, error) {
	found := map[[2]string]freight.ID{}
	for _, part := range lists(keys) {
		c := &clause{}
		if where != "" {
			c.and(where, args...)
		}
		for _, k := range part {
			c.args = append(c.args, k[0], k[1])
		}
		c.and("(" + columns[0] + ", " + columns[1] + ") IN " + pairPlaces(len(part)))
		rows, err := q.query("SELECT "+columns[0]+", "+columns[1]+", "+id+" FROM "+table+c.text.String(), c.args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var key [2]string
			var owner freight.ID
			if err := rows.Scan(&key[0], &key[1], &owner); err != nil {
				_ = rows.Close() // the scan's error says it all
				return nil, err
			}
			found[key] = owner
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// pairPlaces writes a list of n pairs.
func pairPlaces(n int) string {
	return "(VALUES " + strings.TrimSuffix(strings.Repeat("(?,?),", n), ",") + ")"
}
