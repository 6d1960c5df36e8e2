package store

import (
	"math"

	"pinhuo/freight"
)

// endings selects the records by which trips left their market since an
// instant; it is the condition of a partial index.
const endings = "FROM trip_records WHERE market_id = ? AND state IN ('completed', 'cancelled', 'lapsed') AND at >= ?"

// gone lists the trips that have left the market since the oldest of its posted
// loads was posted, each as its last record before says, in order of id.
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
	left, err := lastBefore(q, market, oldest)
	if err != nil {
		return nil, err
	}
	records, err := recordTable.list(q, "WHERE (id, version) IN (SELECT id, version - 1 "+endings+") AND state IN ('open', 'underway') "+
		"ORDER BY id, version", market, int64(oldest))
	var list []freight.Departed
	for i := range records {
		t := records[i].Trip
		list = append(list, freight.Departed{Trip: t, Left: left[tripVersion{t.ID, t.Version}]})
	}
	return list, err
}

type tripVersion struct {
	id freight.ID
	n  int64
}

// lastBefore finds the versions that trips had before they ended, and when they
// did.
func lastBefore(q querier, market string, since freight.Instant) (map[tripVersion]freight.Instant, error) {
	rows, err := q.query("SELECT id, version - 1, at "+endings, market, int64(since))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	left := map[tripVersion]freight.Instant{}
	for rows.Next() {
		var v tripVersion
		var at freight.Instant
		if err := rows.Scan(&v.id, &v.n, &at); err != nil {
			return nil, err
		}
		left[v] = at
	}
	return left, rows.Err()
}
