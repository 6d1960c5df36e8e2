package store

import (
	"context"

	"pinhuo/freight"
)

var tallyTable = &table[freight.Tally]{name: "tallies", columns: []string{
	"org_id", "day", "market_id", "asked", "answered", "owed", "kept", "lapsed", "cancelled", "asked_again", "reconfirmed",
}, fields: func(t *freight.Tally, to []any) []any {
	return append(to, &t.Org, &t.Day, &t.Market, &t.Asked, &t.Answered, &t.Owed, &t.Kept, &t.Lapsed, &t.Cancelled, &t.AskedAgain, &t.Reconfirmed)
}, replace: "org_id, day"}

// talliesState reads what a writer remembers of the organizations of a market.
func talliesState(q querier, market string, state *freight.State) (err error) {
	state.Tallies, err = tallyTable.list(q, "WHERE market_id = ? AND day > ? ORDER BY day, org_id", market, int64(freight.DayOf(state.At)-freight.GhostMemory))
	return err
}

// Tallies returns what was counted of the organization of the scope over the span of a
// record, oldest first, and the market's last event number.
func (s *Store) Tallies(ctx context.Context, scope freight.Scope) (freight.Page[freight.Tally], error) {
	return pageView(ctx, s, "read what was counted", scope.Market, func(q querier) (freight.Page[freight.Tally], error) {
		rows, err := tallyTable.list(q, "WHERE org_id = ? AND day > (SELECT at FROM writers WHERE market_id = ?) - ? ORDER BY day",
			string(scope.Org), string(scope.Market), int64(freight.RecordSpan))
		return freight.Page[freight.Tally]{Rows: rows}, err
	})
}

// recall fills in the records of organizations: a sum over the days of each.
func recall(q querier, orgs map[freight.ID]freight.Org) error {
	ids := make([]freight.ID, 0, len(orgs))
	for id := range orgs {
		ids = append(ids, id)
	}
	for _, part := range lists(distinct(ids)) {
		if err := recallPart(q, orgs, part); err != nil {
			return err
		}
	}
	return nil
}

func recallPart(q querier, orgs map[freight.ID]freight.Org, ids []freight.ID) error {
	rows, err := q.query("SELECT t.org_id, sum(t.asked), sum(t.answered), sum(t.owed), sum(t.kept), sum(t.asked_again), sum(t.reconfirmed) FROM tallies AS t WHERE t.org_id IN "+places(len(ids))+
		" AND t.day > (SELECT max(w.at) FROM writers AS w WHERE w.market_id = t.market_id) - ? GROUP BY t.org_id", append(texts(ids), int64(freight.RecordSpan))...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id freight.ID
		var r freight.Record
		if err := rows.Scan(&id, &r.Asked, &r.Answered, &r.Owed, &r.Kept, &r.AskedAgain, &r.Reconfirmed); err != nil {
			return err
		}
		o := orgs[id]
		o.Record = r
		orgs[id] = o
	}
	return rows.Err()
}
