package dispatch

import (
	"context"
	"errors"
	"maps"
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// entry is an act of an attempt that the log has a row for.
type entry struct {
	at   int             // in the batch
	was  freight.Present // what a refused one met
	done *freight.Deed   // the row of one that was done, nil for one that was refused
}

// refuse notes that a command was refused, before the next one changes anything.
func (a *attempt) refuse(cmd freight.Command, i int) {
	if cmd.Logged() {
		a.entries = append(a.entries, entry{at: i, was: a.round.Present(freight.NamingOf(cmd.Act).Subject)})
	}
}

// did notes what a command brought about: a person's anything, a clock's or a planner's a
// changed row.
func (a *attempt) did(cmd freight.Command, i int, result freight.Result, fork *book.Book) {
	changes := fork.Changes()
	if len(changes) == 0 && (cmd.Actor == "" || !fork.Written()) {
		return
	}
	d := freight.Deed{Meta: freight.Meta{Org: cmd.Org, Actor: cmd.Actor, Behalf: cmd.Behalf}, What: freight.LoggedAs(cmd.Act), Hash: cmd.Hash, Times: 1}
	if d.What.Subject == "" {
		d.What.Subject = result.Subject()
	}
	d.Became = became(d.What.Subject, fork)
	if n := len(changes); n > 0 {
		d.Changes = [2]int64{changes[0].Seq, changes[n-1].Seq}
	}
	a.entries = append(a.entries, entry{at: i, done: &d})
}

// became is what a row is after a fork's command.
func became(id freight.ID, fork *book.Book) freight.Present {
	is := fork.Present(id)
	if is.Version != 0 {
		return is
	}
	for _, c := range slices.Backward(fork.Changes()) {
		if c.ID == id {
			return freight.Present{Version: c.Version}
		}
	}
	return is
}

// logbook bounds what refused acts may write. It is a value: an attempt has its own,
// which counts once the attempt is committed.
type logbook struct {
	minute  freight.Instant      // that is counted
	rows    map[freight.ID]int64 // of an organization in it
	left    map[freight.ID]int64 // acts of an organization in it that have no rows
	omitted int64                // of them, in the last round
}

// turn begins the minute of the instant. What the one before left out goes into the
// round as one row for each organization; final does so although the minute goes on.
func (b logbook) turn(round *book.Book, at freight.Instant, final bool) (logbook, error) {
	next := logbook{minute: at - at%freight.Minute, rows: maps.Clone(b.rows), left: maps.Clone(b.left)}
	if next.minute != b.minute {
		next.rows = nil
	} else if !final {
		return next, nil
	}
	for _, org := range slices.Sorted(maps.Keys(b.left)) {
		if err := round.Log(at, freight.Deed{Meta: freight.Meta{Org: org}, What: freight.Naming{Act: freight.ActOmitted},
			Code: freight.TooMany, Problem: freight.ProblemRate, Times: b.left[org]}); err != nil {
			return b, err
		}
	}
	next.left = nil
	return next, nil
}

// admits tells whether an organization may have one more row.
func (b *logbook) admits(org freight.ID) bool {
	if b.rows[org] < freight.MostDeeds {
		b.rows = with(b.rows, org)
		return true
	}
	b.left = with(b.left, org)
	b.omitted++
	return false
}

func with(counts map[freight.ID]int64, org freight.ID) map[freight.ID]int64 {
	if counts == nil {
		counts = map[freight.ID]int64{}
	}
	counts[org]++
	return counts
}

// log adds to the round a row for each act that it did or refused, in the order of the
// batch. A refused request that has a row already gets no other: what is wrong with it is
// found again by whoever repeats it.
func (e *Engine) log(ctx context.Context, at freight.Instant, batch []freight.Command, a *attempt) error {
	has, err := e.deedsOf(ctx, batch, a)
	if err != nil {
		return err
	}
	if a.logbook, err = e.logbook.turn(a.round, at, false); err != nil {
		return err
	}
	for _, n := range a.entries {
		row := n.done
		if row == nil {
			cmd := batch[n.at]
			if cmd.Key != "" && has[keyOf(cmd)] {
				continue
			}
			has[keyOf(cmd)] = true
			if !a.logbook.admits(cmd.Org) {
				continue
			}
			row = rowOf(cmd, a.outcomes[n.at].Err, n.was)
		}
		if err := a.round.Log(at, *row); err != nil {
			return err
		}
	}
	return nil
}

// deedsOf finds which of the refused requests have a row. A conflict is the first answer
// to its key, which is given again without being judged; of the others the store is asked.
func (e *Engine) deedsOf(ctx context.Context, batch []freight.Command, a *attempt) (map[freight.Key]bool, error) {
	ask := freight.Prior{Market: e.market.ID}
	for _, r := range a.entries {
		if r.done != nil {
			continue
		}
		err := a.outcomes[r.at].Err
		again := freight.CodeOf(err) != freight.Conflict || freight.ProblemOf(err) == freight.ProblemKeyReused
		cmd := batch[r.at]
		_, note := cmd.Act.(freight.NoteRefusal)
		if cmd.Key != "" && (again || note) {
			ask.Deeds = append(ask.Deeds, keyOf(cmd))
		}
	}
	has := map[freight.Key]bool{}
	if len(ask.Deeds) == 0 {
		return has, nil
	}
	known, err := e.cfg.Store.Prior(ctx, ask)
	for _, key := range known.Deeds {
		has[key] = true
	}
	return has, err
}

// rowOf is the row of a refused command.
func rowOf(cmd freight.Command, err error, was freight.Present) *freight.Deed {
	d := &freight.Deed{Meta: freight.Meta{Org: cmd.Org, Actor: cmd.Actor, Behalf: cmd.Behalf}, What: freight.NamingOf(cmd.Act),
		Key: cmd.Key, Hash: cmd.Hash, Code: freight.CodeOf(err), Problem: freight.ProblemOf(err), Times: 1, DeedBody: freight.DeedBody{Was: was}}
	if !errors.As(err, &d.Refusal) {
		d.Refusal = &freight.Error{Code: d.Code, Problem: d.Problem}
	}
	if d.Code == freight.NotFound {
		d.Was = freight.Present{} // it is another's, or nobody's
	}
	return d
}
