package store

import (
	"context"
	"iter"

	"pinhuo/freight"
)

// Snapshot is everything in the database at one moment, for an auditor: whole
// rows, streamed. One sequence is read at a time.
type Snapshot struct{ q querier }

// Snapshot calls read with the database as of now. What is committed meanwhile
// is not seen. It returns read's error, or its own.
func (s *Store) Snapshot(ctx context.Context, read func(*Snapshot) error) error {
	return s.reader.view(ctx, func(q querier) error { return read(&Snapshot{q}) })
}

// each streams the rows that the rest of a select names.
func each[T any](q querier, t *table[T], rest string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := q.query(selectText(t.name, t.columns)+" "+rest, args...)
		if err != nil {
			yield(none, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			v, err := t.scan(rows)
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, err)
		}
	}
}

// AuditMarkets returns the markets, each with the epoch of its last lease, the numbers of
// its last event, change and act, and the chain of that, as the row of its writer says,
// and where that chain begins.
func (s *Snapshot) AuditMarkets(_ context.Context) ([]freight.State, error) {
	markets, err := marketTable.list(s.q, "ORDER BY id")
	if err != nil {
		return nil, err
	}
	states := make([]freight.State, len(markets))
	for i, m := range markets {
		states[i].Market = m
		if err := readWriter(s.q, &states[i]); err != nil {
			return nil, err
		}
		if states[i].DeedRoot, err = rootOf(s.q, m.ID); err != nil {
			return nil, err
		}
	}
	return states, nil
}

const ofMarket = "WHERE market_id = ? ORDER BY id"

// AuditOrgs returns the organizations of a market.
func (s *Snapshot) AuditOrgs(_ context.Context, market freight.ID) iter.Seq2[freight.Org, error] {
	return each(s.q, orgTable, ofMarket, string(market))
}

// AuditVehicles returns the vehicles of a market.
func (s *Snapshot) AuditVehicles(_ context.Context, market freight.ID) iter.Seq2[freight.Vehicle, error] {
	return each(s.q, &vehicleTable.table, ofMarket, string(market))
}

// AuditLoads returns the loads of a market.
func (s *Snapshot) AuditLoads(_ context.Context, market freight.ID) iter.Seq2[freight.Load, error] {
	return each(s.q, &loadTable.table, ofMarket, string(market))
}

// AuditTrips returns the trips of a market.
func (s *Snapshot) AuditTrips(_ context.Context, market freight.ID) iter.Seq2[freight.Trip, error] {
	return each(s.q, &tripTable.table, ofMarket, string(market))
}

// AuditOffers returns the offers of a market.
func (s *Snapshot) AuditOffers(_ context.Context, market freight.ID) iter.Seq2[freight.Offer, error] {
	return each(s.q, &offerTable.table, ofMarket, string(market))
}

// AuditBookings returns the bookings of a market.
func (s *Snapshot) AuditBookings(_ context.Context, market freight.ID) iter.Seq2[freight.Booking, error] {
	return each(s.q, &bookingTable.table, ofMarket, string(market))
}

// AuditPools returns the pools of a market.
func (s *Snapshot) AuditPools(_ context.Context, market freight.ID) iter.Seq2[freight.Pool, error] {
	return each(s.q, &poolTable.table, ofMarket, string(market))
}

// AuditMembers returns the members of a market's pools.
func (s *Snapshot) AuditMembers(_ context.Context, market freight.ID) iter.Seq2[freight.Member, error] {
	return each(s.q, &memberTable.table, ofMarket, string(market))
}

// AuditTickets returns the tickets of a market.
func (s *Snapshot) AuditTickets(_ context.Context, market freight.ID) iter.Seq2[freight.Ticket, error] {
	return each(s.q, &ticketTable.table, ofMarket, string(market))
}

// AuditOfficers returns the officers of a market's desk, also those who are none any
// more.
func (s *Snapshot) AuditOfficers(_ context.Context, market freight.ID) iter.Seq2[freight.Officer, error] {
	return each(s.q, &officerTable.table, ofMarket, string(market))
}

// AuditProofs returns the proofs of a market.
func (s *Snapshot) AuditProofs(_ context.Context, market freight.ID) iter.Seq2[freight.Proof, error] {
	return each(s.q, &proofTable.table, ofMarket, string(market))
}

// AuditPreferences returns what the organizations of a market say about asking.
func (s *Snapshot) AuditPreferences(_ context.Context, market freight.ID) iter.Seq2[freight.Preference, error] {
	return each(s.q, &preferenceTable.table, ofMarket, string(market))
}

// AuditBriefs returns the briefs of a market's desk.
func (s *Snapshot) AuditBriefs(_ context.Context, market freight.ID) iter.Seq2[freight.Brief, error] {
	return each(s.q, &briefTable.table, ofMarket, string(market))
}

// AuditTallies returns what was counted of the organizations of a market, by organization
// and day.
func (s *Snapshot) AuditTallies(_ context.Context, market freight.ID) iter.Seq2[freight.Tally, error] {
	return each(s.q, tallyTable, "WHERE market_id = ? ORDER BY org_id, day", string(market))
}

// AuditCosts returns the versions of a market's costs, in order of number.
func (s *Snapshot) AuditCosts(_ context.Context, market freight.ID) iter.Seq2[freight.CostModel, error] {
	return each(s.q, &costTable.table, "WHERE market_id = ? ORDER BY number", string(market))
}

// AuditDeeds returns the log of acts of a market by number. Their bodies are left sealed,
// for they may be spoiled.
func (s *Snapshot) AuditDeeds(_ context.Context, market freight.ID) iter.Seq2[freight.Deed, error] {
	sealed := deedTable.table
	sealed.parse = nil
	return each(s.q, &sealed, "WHERE market_id = ? ORDER BY seq", string(market))
}

// AuditRecords returns the records of a market's trips, by trip and version.
func (s *Snapshot) AuditRecords(_ context.Context, market freight.ID) iter.Seq2[freight.TripRecord, error] {
	return each(s.q, recordTable, "WHERE market_id = ? ORDER BY id, version", string(market))
}

// AuditExplanations returns the explanations of a market's loads.
func (s *Snapshot) AuditExplanations(_ context.Context, market freight.ID) iter.Seq2[freight.Explanation, error] {
	return each(s.q, explanationTable, "WHERE market_id = ? ORDER BY load_id", string(market))
}

// AuditTold returns the explanations of a market's trips.
func (s *Snapshot) AuditTold(_ context.Context, market freight.ID) iter.Seq2[freight.TripExplanation, error] {
	return each(s.q, outlookTable, "WHERE market_id = ? ORDER BY trip_id", string(market))
}

// AuditEvents returns the events of a market by number.
func (s *Snapshot) AuditEvents(_ context.Context, market freight.ID) iter.Seq2[freight.Event, error] {
	return each(s.q, eventTable, "WHERE market_id = ? ORDER BY seq", string(market))
}

// AuditChanges returns the changes of a market by number.
func (s *Snapshot) AuditChanges(_ context.Context, market freight.ID) iter.Seq2[freight.Change, error] {
	return each(s.q, changeTable, "WHERE market_id = ? ORDER BY seq", string(market))
}

// AuditAnswers returns the first answers to keyed requests that are still kept.
func (s *Snapshot) AuditAnswers(_ context.Context, market freight.ID) iter.Seq2[freight.Answer, error] {
	rows := each(s.q, answerTable, "WHERE org_id IN (SELECT id FROM orgs WHERE market_id = ?) ORDER BY org_id, name", string(market))
	return func(yield func(freight.Answer, error) bool) {
		for row, err := range rows {
			if !yield(row.Answer, err) {
				return
			}
		}
	}
}
