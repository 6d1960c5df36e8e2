package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pinhuo/freight"
)

// KindAnswer is CommitError.Kind for an idempotency key that has an answer
// already; CommitError.ID is then the key's name.
const KindAnswer = "answer"

// Commit writes everything or nothing in one transaction. The error, always a
// *freight.CommitError, says which and, when the commit is stale, names the row
// of the commit that does not go with the database, where one can be named.
func (s *Store) Commit(ctx context.Context, c *freight.Commit) error {
	if mine := s.epochs.get(c.Market); mine.epoch != c.Epoch {
		return fenced()
	}
	write := s.writer.do
	if s.writer.engine.whole {
		write = s.writer.once
	}
	err := write(ctx, s.guarded(c.Market, s.epochs.get(c.Market).holder), func(tx *writeTx) error { return writeCommit(tx, c) })
	if err == nil {
		return nil
	}
	fault := commitError(err)
	if fault.Fault == freight.CommitStale {
		// The batch is refused whatever this finds out about why.
		if kind, id, err := blame(s.reader.now(context.WithoutCancel(ctx)), c); err == nil {
			fault.Kind, fault.ID = kind, id
		}
	}
	return fault
}

func writeCommit(tx *writeTx, c *freight.Commit) error {
	answers, err := answerRows(tx, c.Answers)
	if err != nil {
		return err
	}
	// Next versions go first: a change may free the unique value that a new row takes.
	all := []*lot{
		changedLot(tx, vehicleTable, c.Vehicles), freshRows(tx, vehicleTable, c.Vehicles),
		changedLot(tx, loadTable, c.Loads), freshRows(tx, loadTable, c.Loads),
		changedLot(tx, tripTable, c.Trips), freshRows(tx, tripTable, c.Trips),
		changedLot(tx, offerTable, c.Offers), freshRows(tx, offerTable, c.Offers),
		changedLot(tx, bookingTable, c.Bookings), freshRows(tx, bookingTable, c.Bookings),
		changedLot(tx, poolTable, c.Pools), freshRows(tx, poolTable, c.Pools),
		changedLot(tx, memberTable, c.Members), freshRows(tx, memberTable, c.Members),
		changedLot(tx, ticketTable, c.Tickets), freshRows(tx, ticketTable, c.Tickets),
		changedLot(tx, officerTable, c.Officers), freshRows(tx, officerTable, c.Officers), freshRows(tx, briefTable, c.Briefs),
		freshRows(tx, proofTable, c.Proofs),
		changedLot(tx, preferenceTable, c.Preferences), freshRows(tx, preferenceTable, c.Preferences),
		freshRows(tx, costTable, c.Costs), freshLot(tallyTable, c.Tallies),
		freshLot(recordTable, c.Records), freshLot(explanationTable, lastOfEach(c.Explanations, func(e *freight.Explanation) freight.ID { return e.Load })),
		freshLot(outlookTable, lastOfEach(c.Told, func(e *freight.TripExplanation) freight.ID { return e.Trip })),
		freshLot(eventTable, c.Events), freshLot(changeTable, c.Changes), freshLot(answerTable, answers),
		freshLot(&deedTable.table, c.Deeds),
		freshLot(ballastTable, ballastOf(c)),
	}
	lots := slices.DeleteFunc(all, func(l *lot) bool { return l.rows == 0 })
	return tx.w.engine.write(tx, c, lots)
}

// writeRows writes a commit row by row: on SQLite that is as fast as many rows
// in one statement.
func writeRows(tx *writeTx, c *freight.Commit, lots []*lot) error {
	rows, err := tx.query("UPDATE writers SET event_seq = event_seq + ?, change_seq = change_seq + ?, act_seq = act_seq + ?, act_head = COALESCE(?, act_head), "+
		"at = CASE WHEN at > ? THEN at ELSE ? END WHERE market_id = ? AND epoch = ? RETURNING event_seq, change_seq, act_seq",
		len(c.Events), len(c.Changes), len(c.Deeds), lastChain(c), int64(c.At), int64(c.At), string(c.Market), c.Epoch)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return cmp.Or(rows.Err(), fenced())
	}
	var events, changes, acts int64
	if err := rows.Scan(&events, &changes, &acts); err != nil {
		return err
	}
	if err := cmp.Or(rows.Close(), rows.Err(), joins(c, events, changes, acts)); err != nil {
		return err
	}
	for _, l := range lots {
		if err := tx.oneByOne(l); err != nil {
			return err
		}
	}
	return nil
}

// joins checks that the events, changes and acts of a commit, after which the
// market's numbering stands at these numbers, join what is there without a gap.
func joins(c *freight.Commit, events, changes, acts int64) error {
	for i, e := range c.Events {
		if want := events - int64(len(c.Events)-1-i); e.Seq != want || e.Market != c.Market {
			return outOfStep("event", e.Market, e.Seq, want)
		}
	}
	for i, ch := range c.Changes {
		if want := changes - int64(len(c.Changes)-1-i); ch.Seq != want || ch.Market != c.Market {
			return outOfStep("change", ch.Market, ch.Seq, want)
		}
	}
	for i, d := range c.Deeds {
		if want := acts - int64(len(c.Deeds)-1-i); d.Seq != want || d.Market != c.Market {
			return outOfStep("act", d.Market, d.Seq, want)
		}
	}
	return nil
}

// lastChain is what the log of acts ends with after the commit, nil where it adds nothing.
func lastChain(c *freight.Commit) any {
	if n := len(c.Deeds); n > 0 {
		return c.Deeds[n-1].Chain[:]
	}
	return nil
}

func outOfStep(what string, market freight.ID, seq, want int64) error {
	return &freight.CommitError{Fault: freight.CommitFenced,
		Cause: fmt.Errorf("%s %d of market %s, where %d was next", what, seq, market, want)}
}

// lastOfEach keeps the last explanation of each load or trip: one statement cannot
// replace a row twice.
func lastOfEach[T any](list []T, of func(*T) freight.ID) []T {
	last := make(map[freight.ID]int, len(list))
	for i := range list {
		last[of(&list[i])] = i
	}
	kept := make([]T, 0, len(last))
	for i := range list {
		if last[of(&list[i])] == i {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// ballast is what a probe writes.
type ballast struct {
	market freight.ID
	bytes  []byte
}

var ballastTable = &table[ballast]{name: "ballast", columns: []string{"market_id", "bytes"}, fields: func(b *ballast, to []any) []any {
	return append(to, &b.market, &b.bytes)
}, replace: "market_id"}

func ballastOf(c *freight.Commit) []ballast {
	if len(c.Ballast) == 0 {
		return nil
	}
	return []ballast{{c.Market, c.Ballast}}
}
