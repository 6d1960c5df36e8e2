package replay

import (
	"context"
	"fmt"
	"os"
	"slices"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/internal/audit"
	"pinhuo/internal/store"
)

// lateness is how long after answer_by an answer still counts as in time: the
// clock behind it runs out when the instant has passed.
const lateness = freight.Second

// samples is how many reasons the auditor derives anew.
const samples = 100

// examples is how many of what was found amiss a report shows.
const examples = 20

// outcome is the market as it ended, read back from the database.
type outcome struct {
	loads    map[string]*freight.Load // by the shipper's reference
	trips    map[string]*freight.Trip
	names    map[freight.ID]string // references by id
	bookings map[freight.ID]*freight.Booking
	why      map[freight.ID]*freight.Explanation
}

func readOutcome(ctx context.Context, src audit.Source, market freight.ID) (*outcome, error) {
	o := &outcome{loads: map[string]*freight.Load{}, trips: map[string]*freight.Trip{}, names: map[freight.ID]string{},
		bookings: map[freight.ID]*freight.Booking{}, why: map[freight.ID]*freight.Explanation{}}
	for l, err := range src.AuditLoads(ctx, market) {
		if err != nil {
			return nil, err
		}
		o.loads[l.Ref], o.names[l.ID] = &l, l.Ref
	}
	for t, err := range src.AuditTrips(ctx, market) {
		if err != nil {
			return nil, err
		}
		name := t.Ref
		if name == "" { // of a pool: no row of the input
			name = string(t.ID)
		}
		o.trips[name], o.names[t.ID] = &t, name
	}
	for b, err := range src.AuditBookings(ctx, market) {
		if err != nil {
			return nil, err
		}
		if b.State != freight.BookingReleased {
			o.bookings[b.Load] = &b
		}
	}
	for e, err := range src.AuditExplanations(ctx, market) {
		if err != nil {
			return nil, err
		}
		o.why[e.Load] = &e
	}
	return o, nil
}

// report reads the market back, counts, and has the auditor look at it where
// that is asked for; it also writes the plan.
func (m *market) report(ctx context.Context) (*Report, error) {
	r := &Report{
		Rejected: len(m.in.rejected), Capped: m.in.capped, Offers: m.desk.offers, Counters: m.desk.counters, OffersBy: m.desk.by, Method: m.router.Method(), Router: m.router.Version(),
		Seed: m.opts.Seed, Reasons: map[freight.Reason]int64{}, Remedies: map[freight.RemedyKind]int{}, TripRemedies: map[freight.RemedyKind]int{}, Commits: m.count.commits, Tickets: TicketReport{Causes: map[freight.TicketCause]int{}},
		Settings: Settings{Policy: m.opts.Policy, KMH: m.opts.KMH, Because: m.in.because, Factor: roads.DefaultFactor, DetourM: m.opts.DetourM,
			DetourPercent: m.opts.DetourPercent, ExtraStops: m.opts.ExtraStops, ServiceS: m.opts.ServiceS,
			CeilingPercent: m.opts.CeilingPercent},
	}
	err := m.db.Snapshot(ctx, func(snapshot *store.Snapshot) error {
		o, err := readOutcome(ctx, snapshot, m.id)
		if err != nil {
			return err
		}
		r.tally(o, &m.opts.Costs)
		for e, err := range snapshot.AuditTold(ctx, m.id) {
			if err != nil {
				return err
			}
			r.told(&e)
		}
		for k, err := range snapshot.AuditTickets(ctx, m.id) {
			if err != nil {
				return err
			}
			r.Tickets.count(&k)
		}
		if m.opts.Pools > 0 {
			if err := r.pools(ctx, snapshot, m.id); err != nil {
				return err
			}
		}
		if m.opts.Bound {
			if r.Bound, err = m.bound(o, r.Value); err != nil {
				return fmt.Errorf("bound: %w", err)
			}
		}
		if m.opts.Export != "" {
			if r.Export, err = m.export(o); err != nil {
				return fmt.Errorf("export: %w", err)
			}
		}
		if m.opts.Plan != "" {
			if err := m.writePlan(o); err != nil {
				return err
			}
		}
		if m.opts.Verify {
			return m.verify(ctx, snapshot, r)
		}
		return nil
	})
	return r, err
}

// tally counts what became of loads and trips.
func (r *Report) tally(o *outcome, costs *freight.Costs) {
	r.Loads, r.Trips = len(o.loads), len(o.trips)
	service := map[freight.ID]int64{}
	for _, l := range o.loads {
		b, why := o.bookings[l.ID], o.why[l.ID]
		answered := l.Answer
		switch {
		case b != nil:
			r.Booked++
			r.Price, r.Alone = r.Price+b.Price, r.Alone+b.Alone
			service[b.Trip] += l.Pickup.ServiceS + l.Delivery.ServiceS
			if answered == 0 || b.Made < answered {
				answered = b.Made
			}
		case why != nil && why.Final:
			r.Explained++
			r.reasons(why)
			if answered == 0 {
				answered = why.At
			}
		}
		if answered == 0 || answered > l.AnswerBy+lateness {
			r.Unanswered++
		}
	}
	r.Value = r.Alone
	for _, t := range o.trips {
		metres, seconds := t.Detour()
		r.DetourM, r.DetourS = r.DetourM+metres, r.DetourS+seconds
		if cost, ok := costs.Of(t.Vehicle.Type); ok {
			r.Value -= cost.Drive(max(metres, 0), max(seconds, 0)+service[t.ID])
			if t.Ref == "" {
				r.Value -= cost.Fixed
				r.Trips--
			}
		}
	}
}

func (r *Report) reasons(why *freight.Explanation) {
	for _, c := range why.Counts {
		r.Reasons[c.Reason] += c.N
	}
	if why.Parts > 1 {
		r.Split++
	}
	if why.Remedy != nil {
		r.Remedies[why.Remedy.Kind]++
	}
}

// told counts the answer to a trip without loads.
func (r *Report) told(why *freight.TripExplanation) {
	r.TripsTold++
	if why.Remedy != nil {
		r.TripRemedies[why.Remedy.Kind]++
	}
}

// routers lists those that may have measured a trip.
func (m *market) routers() []geo.Router {
	if guide, ok := m.router.(*roads.Guide); ok {
		return guide.Routers()
	}
	return []geo.Router{m.router}
}

// verify has the auditor check every row, look for missed matches and derive
// reasons anew.
func (m *market) verify(ctx context.Context, src audit.Source, r *Report) error {
	found, err := audit.Audit(ctx, src, audit.Options{Routers: m.routers(), Grace: lateness})
	if err != nil {
		return err
	}
	judge := &audit.Judge{Router: m.router, Costs: m.opts.Costs, Holds: m.opts.Batch.Every > 0 && m.opts.Batch.Hold > 0, TopOff: m.opts.TopOff}
	missing, err := audit.Missed(ctx, src, judge, m.id)
	if err != nil {
		return err
	}
	claimed := make([]audit.Claim, 0, len(m.claims))
	for _, c := range m.claims {
		claimed = append(claimed, c)
	}
	reasons, err := audit.Why(ctx, src, judge, m.id, claimed, missing.Open, samples, m.opts.Seed)
	if err != nil {
		return err
	}
	table := freight.DefaultRemedies()
	remedies, err := audit.Remedies(ctx, src, judge, m.id, &table)
	if err != nil {
		return err
	}
	tripTable := freight.DefaultTripRemedies()
	trips, err := audit.TripRemedies(ctx, src, judge, m.id, &tripTable)
	if err != nil {
		return err
	}
	told := slices.Concat(reasons.Violations, remedies.Violations, trips.Violations)
	violations, missed := found.Violations+len(told), len(missing.Missed)
	r.Violations, r.Missed = &violations, &missed
	r.Verify = &Verification{Rows: found.Rows, Counts: found.Counts, Pairs: missing.Judged, Queued: missing.Queued,
		Explained: reasons.Explanations, Sampled: reasons.Sampled, Unmeasured: found.Unmeasured, Remedies: remedies.Checked, Helping: remedies.Helping,
		TripRemedies: trips.Checked, TripHelping: trips.Helping}
	for _, v := range append(found.List, told...) {
		r.Verify.example(v.String())
	}
	for _, p := range missing.Missed {
		r.Verify.example("missed: load " + string(p.Load) + " trip " + string(p.Trip) + " at " + p.At.String())
	}
	for _, v := range told {
		r.Verify.Counts[v.Name]++
	}
	return nil
}

func (v *Verification) example(text string) {
	if len(v.Examples) < examples {
		v.Examples = append(v.Examples, text)
	}
}

// writePlan writes the plan file.
func (m *market) writePlan(o *outcome) error {
	text, err := planOf(m, o)
	if err != nil {
		return err
	}
	return os.WriteFile(m.opts.Plan, text, 0o644)
}
