package store

import (
	"context"
	"errors"
	"fmt"

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
	err := s.writer.do(ctx, s.guarded(c.Market, s.epochs.get(c.Market).holder), func(tx *writeTx) error { return writeCommit(tx, c) })
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
	if err := advance(tx, c); err != nil {
		return err
	}
	if err := writeEntities(tx, c); err != nil {
		return err
	}
	if err := insert(tx, recordTable, c.Records); err != nil {
		return err
	}
	if err := insert(tx, explanationTable, lastOfEach(c.Explanations)); err != nil {
		return err
	}
	if err := insert(tx, eventTable, c.Events); err != nil {
		return err
	}
	if err := insert(tx, changeTable, c.Changes); err != nil {
		return err
	}
	if err := writeAnswers(tx, c.Answers); err != nil {
		return err
	}
	return ring(tx, c)
}

// advance checks the epoch and moves the market's numbering on; the events and
// changes must join what is there without a gap.
func advance(tx *writeTx, c *freight.Commit) error {
	rows, err := tx.query("UPDATE writers SET event_seq = event_seq + ?, change_seq = change_seq + ?, "+
		"at = CASE WHEN at > ? THEN at ELSE ? END WHERE market_id = ? AND epoch = ? RETURNING event_seq, change_seq",
		len(c.Events), len(c.Changes), int64(c.At), int64(c.At), string(c.Market), c.Epoch)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return fenced()
	}
	var events, changes int64
	if err := rows.Scan(&events, &changes); err != nil {
		return err
	}
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
	return rows.Err()
}

func outOfStep(what string, market freight.ID, seq, want int64) error {
	return &freight.CommitError{Fault: freight.CommitFenced,
		Cause: fmt.Errorf("%s %d of market %s, where %d was next", what, seq, market, want)}
}

func writeEntities(tx *writeTx, c *freight.Commit) error {
	if err := put(tx, vehicleTable, c.Vehicles); err != nil {
		return err
	}
	if err := put(tx, loadTable, c.Loads); err != nil {
		return err
	}
	if err := put(tx, tripTable, c.Trips); err != nil {
		return err
	}
	if err := put(tx, offerTable, c.Offers); err != nil {
		return err
	}
	return put(tx, bookingTable, c.Bookings)
}

// lastOfEach keeps the last explanation of each load: one statement cannot
// replace a row twice.
func lastOfEach(list []freight.Explanation) []freight.Explanation {
	last := make(map[freight.ID]int, len(list))
	for i := range list {
		last[list[i].Load] = i
	}
	kept := make([]freight.Explanation, 0, len(last))
	for i := range list {
		if last[list[i].Load] == i {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// ring tells other processes that there is something to read.
func ring(tx *writeTx, c *freight.Commit) error {
	if tx.w.engine.doorbell == "" || len(c.Events) == 0 {
		return nil
	}
	rows, err := tx.query(tx.w.engine.doorbell, fmt.Sprintf("%s %d", c.Market, c.Events[len(c.Events)-1].Seq))
	if err != nil {
		return err
	}
	return errors.Join(rows.Close(), rows.Err())
}
