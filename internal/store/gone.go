package store

import (
	"cmp"
	"math"
	"slices"

	"pinhuo/freight"
)

// mostDeparted is how many of the trips that have left come whole.
const mostDeparted = 10_000

// endings selects the records by which trips left their market since an
// instant, and those before them; the first condition is that of a partial index.
const endings = "FROM trip_records AS e JOIN trip_records AS b ON b.id = e.id AND b.version = e.version - 1 " +
	"WHERE e.market_id = ? AND e.state IN ('completed', 'cancelled', 'lapsed', 'overdue', 'stopped') AND e.at >= ? AND b.state IN ('open', 'underway')"

// gone lists the trips that have left the market since the oldest of its posted
// loads was posted, in order of time, then id: the last of them as their last
// record before says, of earlier ones only when they left.
func gone(q querier, market string, loads []freight.Load) ([]freight.Departed, error) {
	oldest := freight.Instant(math.MaxInt64)
	for i := range loads {
		if loads[i].State == freight.LoadPosted {
			oldest = min(oldest, loads[i].Posted)
		}
	}
	if oldest == math.MaxInt64 {
		return nil, nil
	}
	left, err := departures(q, market, oldest)
	if err != nil || len(left) == 0 {
		return nil, err
	}
	whole := left[max(0, len(left)-mostDeparted)].at
	records, err := recordTable.list(q, "WHERE (id, version) IN (SELECT b.id, b.version "+endings+")", market, int64(whole))
	if err != nil {
		return nil, err
	}
	trips := make(map[tripVersion]freight.Trip, len(records))
	for i := range records {
		trips[tripVersion{records[i].Trip.ID, records[i].Trip.Version}] = records[i].Trip
	}
	list := make([]freight.Departed, len(left))
	for i, d := range left {
		list[i] = freight.Departed{Trip: trips[d.tripVersion], Left: d.at}
	}
	return list, nil
}

type tripVersion struct {
	id freight.ID
	n  int64
}

type departure struct {
	tripVersion
	at freight.Instant
}

// departures lists when trips left, and the versions that they had.
func departures(q querier, market string, since freight.Instant) ([]departure, error) {
	rows, err := q.query("SELECT b.id, b.version, e.at "+endings, market, int64(since))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var left []departure
	for rows.Next() {
		var d departure
		if err := rows.Scan(&d.id, &d.n, &d.at); err != nil {
			return nil, err
		}
		left = append(left, d)
	}
	slices.SortFunc(left, func(a, b departure) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) })
	return left, rows.Err()
}
