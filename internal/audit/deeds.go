package audit

import (
	"context"

	"pinhuo/freight"
)

// keyed is for how long a request's key stands for it.
const keyed = 7 * freight.Day

// acts follows the log of acts of a market from row to row.
type acts struct {
	w        *world
	last     freight.Deed
	want     int64    // number of the next row, 0 where any is right
	prev     [32]byte // chain of the row before it
	chained  bool     // the log has been chained
	requests map[freight.Key]freight.Instant
	heads    map[Head]bool // written down elsewhere, and whether they were found
}

// deeds wants the log of acts numbered without a gap from where it begins, in order of
// time, each row chained to the one before it up to where the writer's row says that it
// ends; each row saying who did or was refused what and why, and no refused request in it
// twice while its key stands for it.
func (w *world) deeds(ctx context.Context, src Source, heads map[Head]bool) error {
	market, root := w.market.Market.ID, w.market.DeedRoot
	a := &acts{w: w, prev: root.Hash, chained: root.Since != 0, requests: map[freight.Key]freight.Instant{}, heads: heads}
	if a.chained {
		a.want = root.Seq + 1
		a.seen(root.Seq, root.Hash)
	}
	for d, err := range src.AuditDeeds(ctx, market) {
		if err != nil {
			return err
		}
		a.row(&d)
		w.count(freight.KindDeed, 1)
	}
	if end := max(a.want-1, a.last.Seq); end != w.market.DeedSeq || a.prev != w.market.DeedHead {
		at := Row{freight.KindDeed, a.last.ID}
		if a.last.ID == "" {
			at = Row{"market", market}
		}
		if a.chained || w.market.DeedSeq != 0 {
			w.note(ActEnd, []Row{at}, Number{"seq", end}, Number{"want_seq", w.market.DeedSeq})
		}
	}
	return nil
}

// row judges the next row.
func (a *acts) row(d *freight.Deed) {
	w, row := a.w, []Row{{freight.KindDeed, d.ID}}
	gap := a.want != 0 && d.Seq != a.want
	if gap || d.Made < a.last.Made || d.Seq < 1 {
		w.note(ActGap, row, Number{"seq", d.Seq}, Number{"want_seq", a.want}, Number{"at_ms", int64(d.Made)}, Number{"before_ms", int64(a.last.Made)})
	}
	switch {
	case !a.chained && d.Chain != [32]byte{}: // what it is chained to is gone
		w.note(ActEnd, row, Number{"seq", d.Seq})
	case a.chained && !gap && d.Link(a.prev) != d.Chain:
		w.note(ActChain, row, Number{"seq", d.Seq})
	}
	a.seen(d.Seq, d.Chain)
	a.last, a.want, a.prev = *d, d.Seq+1, d.Chain
	if err := d.Unseal(); err != nil {
		w.note(ActForm, row, Number{"seq", d.Seq})
		return
	}
	w.checkDeed(d)
	if d.Key != "" {
		key := freight.Key{Org: d.Org, Name: d.Key, Hash: d.Hash}
		if at, ok := a.requests[key]; ok && d.Made < at+keyed {
			w.note(ActTwice, row, Number{"seq", d.Seq}, Number{"first_ms", int64(at)})
		}
		a.requests[key] = d.Made
	}
}

// checkDeed wants a row whole.
func (w *world) checkDeed(d *freight.Deed) {
	row := Row{freight.KindDeed, d.ID}
	if d.Org != "" || d.Actor != "" {
		w.wantOrg(row, d.Org)
	}
	var whole bool
	switch {
	case d.Code == "": // done: a person's act, or a clock's or planner's that changed a row
		whole = d.Problem == "" && d.Refusal == nil && d.Key == "" && d.Times == 1 && d.Was == freight.Present{} &&
			(d.Actor != "" || d.Changes[0] > 0) && d.Changes[0] <= d.Changes[1]
	case d.What.Act == "omitted":
		whole = d.Actor == "" && d.Key == "" && d.What.Subject == "" && d.Refusal == nil && d.Times >= 1
	default:
		whole = d.Actor != "" && d.Refusal != nil && d.Refusal.Code == d.Code && d.Refusal.Problem == d.Problem && d.Times == 1 &&
			d.Became == freight.Present{} && d.Changes == [2]int64{}
	}
	refused := d.Code != ""
	if !whole || d.What.Act == "" || refused && (d.Problem == "" || d.Problem == freight.ProblemStore) || d.Version != 1 || d.Changed != d.Made {
		w.note(ActForm, []Row{row}, Number{"seq", d.Seq}, Number{"times", d.Times}, Number{"version", d.Version})
	}
}
