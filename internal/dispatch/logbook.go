package dispatch

import (
	"context"
	"errors"
	"maps"
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// refusal is an act of a person that an attempt refused, and what it met.
type refusal struct {
	at  int // in the batch
	was freight.Present
}

// refuse notes that a command was refused, before the next one changes anything.
func (a *attempt) refuse(cmd freight.Command, i int) {
	if cmd.Logged() {
		a.refused = append(a.refused, refusal{i, a.round.Present(freight.NamingOf(cmd.Act).Subject)})
	}
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
func (b logbook) turn(round *book.Book, at freight.Instant, final bool) logbook {
	next := logbook{minute: at - at%freight.Minute, rows: maps.Clone(b.rows), left: maps.Clone(b.left)}
	if next.minute != b.minute {
		next.rows = nil
	} else if !final {
		return next
	}
	for _, org := range slices.Sorted(maps.Keys(b.left)) {
		round.Log(at, freight.Deed{Meta: freight.Meta{Org: org}, What: freight.Naming{Act: freight.ActOmitted},
			Code: freight.TooMany, Problem: freight.ProblemRate, Times: b.left[org]})
	}
	next.left = nil
	return next
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

// log adds to the round a row for each act that it refused, unless the same request has
// one already: what is wrong with a request is found again by whoever repeats it.
func (e *Engine) log(ctx context.Context, at freight.Instant, batch []freight.Command, a *attempt) error {
	has, err := e.deedsOf(ctx, batch, a)
	if err != nil {
		return err
	}
	a.logbook = e.logbook.turn(a.round, at, false)
	for _, r := range a.refused {
		cmd := batch[r.at]
		if cmd.Key != "" && has[keyOf(cmd)] {
			continue
		}
		has[keyOf(cmd)] = true
		if a.logbook.admits(cmd.Org) {
			a.round.Log(at, rowOf(cmd, a.outcomes[r.at].Err, r.was))
		}
	}
	return nil
}

// deedsOf finds which of the refused requests have a row. A conflict is the first answer
// to its key, which is given again without being judged; of the others the store is asked.
func (e *Engine) deedsOf(ctx context.Context, batch []freight.Command, a *attempt) (map[freight.Key]bool, error) {
	ask := freight.Prior{Market: e.market.ID}
	for _, r := range a.refused {
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
func rowOf(cmd freight.Command, err error, was freight.Present) freight.Deed {
	d := freight.Deed{Meta: freight.Meta{Org: cmd.Org, Actor: cmd.Actor, Behalf: cmd.Behalf}, What: freight.NamingOf(cmd.Act),
		Key: cmd.Key, Hash: cmd.Hash, Code: freight.CodeOf(err), Problem: freight.ProblemOf(err), Times: 1, Was: was}
	if !errors.As(err, &d.Refusal) {
		d.Refusal = &freight.Error{Code: d.Code, Problem: d.Problem}
	}
	if d.Code == freight.NotFound {
		d.Was = freight.Present{} // it is another's, or nobody's
	}
	return d
}
