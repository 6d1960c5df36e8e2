package store

import (
	"context"

	"pinhuo/freight"
)

var preferenceTable = entity(freight.KindPreference, "preferences", []string{"body"},
	func(p *freight.Preference) *freight.Meta { return &p.Meta }, func(_ *freight.Preference, to []any) []any { return to },
	func(p *freight.Preference) any { return &p.PreferenceTerms })

// askingState reads what a writer knows about asking operators. How often each was
// asked and what it would not do is read from the offers themselves, so it is never
// anything but what was sent.
func askingState(q querier, market string, state *freight.State) error {
	var err error
	if state.Preferences, err = preferenceTable.list(q, "WHERE market_id = ? ORDER BY id", market); err != nil {
		return err
	}
	if err := reached(q, market, state); err != nil {
		return err
	}
	return declines(q, market, state)
}

// reached counts the offers of the hour of the last commit, but for what was taken from the
// board. Their ids begin with the
// instant at which they were made.
func reached(q querier, market string, state *freight.State) error {
	hour := freight.HourOf(state.At)
	rows, err := q.query("SELECT org_id, count(*) FROM offers WHERE market_id = ? AND id >= ? AND made >= ? AND taken = '' GROUP BY org_id ORDER BY org_id",
		market, string(freight.NewID(freight.PrefixOffer, hour, [10]byte{})), int64(hour))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r := freight.Reached{Hour: hour}
		if err := rows.Scan(&r.Org, &r.N); err != nil {
			return err
		}
		state.Reached = append(state.Reached, r)
	}
	return rows.Err()
}

// declines reads what operators would not do and are still known by.
func declines(q querier, market string, state *freight.State) error {
	args := []any{market, int64(state.At - freight.DeclineMemory)}
	for _, why := range freight.Remembered {
		args = append(args, string(why))
	}
	rows, err := q.query("SELECT t.vehicle_id, o.changed, o.reason, o.detour_m, o.detour_s, o.price FROM offers AS o JOIN trips AS t ON t.id = o.trip_id "+
		"WHERE o.market_id = ? AND o.state = 'declined' AND o.counter = 0 AND o.changed > ? AND o.reason IN "+places(len(freight.Remembered))+" ORDER BY o.changed, o.id", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var d freight.Decline
		if err := rows.Scan(&d.Vehicle, &d.At, &d.Reason, &d.DetourM, &d.DetourS, &d.Price); err != nil {
			return err
		}
		state.Declines = append(state.Declines, d)
	}
	return rows.Err()
}

// Preference returns what the organization of the scope says about asking, the zero
// Preference where it says nothing, and the market's last event number.
func (s *Store) Preference(ctx context.Context, scope freight.Scope) (freight.Preference, int64, error) {
	page, err := pageView(ctx, s, "read a preference", scope.Market, func(q querier) (freight.Page[freight.Preference], error) {
		rows, err := preferenceTable.list(q, "WHERE market_id = ? AND org_id = ?", string(scope.Market), string(scope.Org))
		return freight.Page[freight.Preference]{Rows: rows}, err
	})
	if err != nil || len(page.Rows) == 0 {
		return freight.Preference{}, page.Seq, err
	}
	return page.Rows[0], page.Seq, nil
}
