package audit

import (
	"context"
	"fmt"

	"pinhuo/freight"
	"pinhuo/geo"
)

// Options tune an audit. The zero value is right for a database whose router is
// not at hand.
type Options struct {
	// Routers are those by which legs can be measured anew; the legs of trips
	// of other routers are taken as they stand.
	Routers []geo.Router
	// Grace is how long a clock may have run out before its effect must be
	// there: the command behind it needs a moment. 0 means one minute.
	Grace freight.Instant
	// Blobs tells whether the content of a picture is kept as its row says. Where it
	// is nil that is not looked at.
	Blobs func(context.Context, freight.Picture) (bool, error)
}

// defaultGrace is for the longest pause of a healthy writer.
const defaultGrace = freight.Minute

// Audit checks every market of the database and reports what does not hold. It
// fails only where the database cannot be read.
func Audit(ctx context.Context, src Source, opts Options) (Report, error) {
	if opts.Grace == 0 {
		opts.Grace = defaultGrace
	}
	report := Report{Rows: map[string]int{}, Counts: map[Name]int{}}
	markets, err := src.AuditMarkets(ctx)
	if err != nil {
		return report, fmt.Errorf("audit: markets: %w", err)
	}
	report.Markets = len(markets)
	for _, m := range markets {
		w := &world{market: m, report: &report, opts: opts}
		if err := w.judge(ctx, src); err != nil {
			return report, fmt.Errorf("audit: market %s: %w", m.Market.ID, err)
		}
	}
	report.sort()
	return report, nil
}

// judge reads one market and runs every check over it.
func (w *world) judge(ctx context.Context, src Source) error {
	if err := w.read(ctx, src); err != nil {
		return err
	}
	if err := w.events(ctx, src); err != nil {
		return err
	}
	if err := w.changes(ctx, src); err != nil {
		return err
	}
	w.checkVehicles()
	w.checkLoads()
	w.checkOffers()
	w.checkBundles()
	w.checkBookings()
	w.checkPools()
	w.checkFares()
	w.checkCosts()
	w.checkTrips()
	w.checkExplanations()
	w.checkTickets()
	w.checkLeases()
	w.checkCustody()
	w.checkRisks()
	w.checkAgain()
	if err := w.checkProofs(ctx); err != nil {
		return err
	}
	if err := w.tallies(ctx, src); err != nil {
		return err
	}
	if err := w.records(ctx, src); err != nil {
		return err
	}
	if err := w.deeds(ctx, src, nil); err != nil {
		return err
	}
	return w.answers(ctx, src)
}

// records follows every trip through its records.
func (w *world) records(ctx context.Context, src Source) error {
	routers := map[freight.Router]geo.Router{}
	for _, r := range w.opts.Routers {
		routers[freight.Router{Method: r.Method(), Version: r.Version()}] = r
	}
	var c *course
	seen := map[freight.ID]bool{}
	for rec, err := range src.AuditRecords(ctx, w.market.Market.ID) {
		if err != nil {
			return err
		}
		if c == nil || c.prev.Trip.ID != rec.Trip.ID {
			w.finish(c)
			c = &course{w: w, routers: routers, told: map[Name]bool{}}
		}
		slimTrip(&rec.Trip)
		c.follow(&rec)
		seen[rec.Trip.ID] = true
		w.count("record", 1)
	}
	w.finish(c)
	for _, id := range sorted(w.trips) {
		if !seen[id] {
			w.note(RecordGap, []Row{{freight.KindTrip, id}}, Number{"version", w.trips[id].Version}, Number{"records", 0})
		}
	}
	return nil
}

// finish compares a trip with its last record.
func (w *world) finish(c *course) {
	if c == nil {
		return
	}
	if c.blind {
		w.report.Unmeasured++
	}
	last := &c.prev.Trip
	t := w.trips[last.ID]
	if t == nil {
		w.note(DanglingRow, []Row{{"record", last.ID}}, Number{"version", last.Version})
		return
	}
	if !sameTrip(t, last) {
		c.note(RecordDiffers, t, Number{"record_version", last.Version}, Number{"calls", int64(len(t.Plan))},
			Number{"record_calls", int64(len(last.Plan))})
	}
}
