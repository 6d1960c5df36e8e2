package store

import (
	"context"

	"pinhuo/freight"
)

// Late counts the market's open loads that are past their answer_by at the
// instant with neither a deal nor an explanation nor a ticket.
func (s *Store) Late(ctx context.Context, market freight.ID, at freight.Instant) (int64, error) {
	const op = "count the late loads"
	rows, err := s.reader.now(ctx).query("SELECT count(*) FROM loads WHERE "+postedLoads+" AND answered = 0 AND answer_by < ? AND "+
		"NOT EXISTS (SELECT 1 FROM tickets WHERE tickets.load_id = loads.id AND "+liveTicket+")",
		string(market), int64(at))
	if err != nil {
		return 0, failure(op, err)
	}
	defer rows.Close()
	var n int64
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, failure(op, err)
		}
	}
	return n, failure(op, rows.Err())
}

// Engine names the database engine: "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.name }
