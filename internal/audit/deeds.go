package audit

import (
	"context"

	"pinhuo/freight"
)

// keyed is for how long a request's key stands for it.
const keyed = 7 * freight.Day

// deeds wants the log of acts numbered without a gap from its first row on, in order of
// time, each row saying who was refused what and why, and no request in it twice while its
// key stands for it.
func (w *world) deeds(ctx context.Context, src Source) error {
	var last freight.Deed
	requests := map[freight.Key]freight.Instant{}
	for d, err := range src.AuditDeeds(ctx, w.market.Market.ID) {
		if err != nil {
			return err
		}
		row := []Row{{freight.KindDeed, d.ID}}
		if last.Seq != 0 && (d.Seq != last.Seq+1 || d.Made < last.Made) || d.Seq < 1 {
			w.note(ActGap, row, Number{"seq", d.Seq}, Number{"want_seq", last.Seq + 1}, Number{"at_ms", int64(d.Made)}, Number{"before_ms", int64(last.Made)})
		}
		last = d
		w.checkDeed(&d)
		if d.Key != "" {
			key := freight.Key{Org: d.Org, Name: d.Key, Hash: d.Hash}
			if at, ok := requests[key]; ok && d.Made < at+keyed {
				w.note(ActTwice, row, Number{"seq", d.Seq}, Number{"first_ms", int64(at)})
			}
			requests[key] = d.Made
		}
		w.count(freight.KindDeed, 1)
	}
	return nil
}

// checkDeed wants a row whole.
func (w *world) checkDeed(d *freight.Deed) {
	row := Row{freight.KindDeed, d.ID}
	w.wantOrg(row, d.Org)
	many := d.What.Act == "omitted"
	person := d.Actor != "" && d.Refusal != nil && d.Refusal.Code == d.Code && d.Refusal.Problem == d.Problem && d.Times == 1
	sum := d.Actor == "" && d.Key == "" && d.What.Subject == "" && d.Refusal == nil && d.Times >= 1
	if d.What.Act == "" || d.Code == "" || d.Problem == "" || d.Problem == freight.ProblemStore || d.Version != 1 || d.Changed != d.Made || many && !sum || !many && !person {
		w.note(ActForm, []Row{row}, Number{"seq", d.Seq}, Number{"times", d.Times}, Number{"version", d.Version})
	}
}
