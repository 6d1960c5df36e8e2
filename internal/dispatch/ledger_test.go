package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo/roads"
)

const start = freight.Instant(1_700_000_000_000)

// ledger is a store for tests of what happens around the commit: it keeps
// whole commits, judges versions as a database would, and breaks on demand.
type ledger struct {
	mu      sync.Mutex
	state   freight.State
	answers map[freight.ID]freight.Answer
	commits [][]byte
	faults  []fault // taken one a commit
	deaf    int     // look-ups that fail
	full    bool    // commits fail
	probes  int     // commits with ballast
	records []freight.TripRecord
	written written
	deeds   []freight.Deed
}

// fault breaks one commit.
type fault struct {
	kind   freight.CommitFault // "" for none
	wrote  bool                // the database wrote all the same
	victim bool                // name the batch's last row
}

var market = freight.Market{ID: "mk_test", Name: "test", Zone: "Asia/Shanghai",
	Box: freight.Box{South: 290_000_000, West: 1_150_000_000, North: 340_000_000, East: 1_230_000_000}}

func newLedger() *ledger {
	return &ledger{state: freight.State{Market: market, Epoch: 1}, answers: map[freight.ID]freight.Answer{}}
}

func (l *ledger) Acquire(context.Context, freight.ID, string) (freight.State, error) {
	return l.Reload(context.Background(), "")
}

func (l *ledger) Reload(context.Context, freight.ID) (freight.State, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text, err := json.Marshal(l.state)
	if err != nil {
		return freight.State{}, err
	}
	var copied freight.State
	err = json.Unmarshal(text, &copied)
	copied.Gone = l.gone()
	l.asking(&copied)
	return copied, err
}

func (l *ledger) Desks(context.Context, freight.ID) ([]freight.ID, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Desks, nil
}

// asking reads from the offers what the operators were asked and would not do.
func (l *ledger) asking(state *freight.State) {
	state.Reached, state.Declines = nil, nil
	asked := map[freight.ID]int64{}
	for _, o := range l.state.Offers {
		if o.Made >= freight.HourOf(l.state.At) {
			asked[o.Org]++
		}
		trip := slices.IndexFunc(l.state.Trips, func(t freight.Trip) bool { return t.ID == o.Trip })
		if o.State == freight.OfferDeclined && slices.Contains(freight.Remembered, o.Reason) {
			state.Declines = append(state.Declines, freight.Decline{Vehicle: l.state.Trips[trip].VehicleID, At: o.Changed, Reason: o.Reason,
				DetourM: o.DetourM, DetourS: o.DetourS, Price: o.Price})
		}
	}
	for org, n := range asked {
		state.Reached = append(state.Reached, freight.Reached{Org: org, Hour: freight.HourOf(l.state.At), N: n})
	}
}

// gone lists the trips that have left, each as it was before.
func (l *ledger) gone() (list []freight.Departed) {
	ended := func(s freight.TripState) bool { return s != freight.TripOpen && s != freight.TripUnderway }
	last := map[freight.ID]freight.Trip{}
	for _, r := range l.records {
		if before, ok := last[r.Trip.ID]; ok && ended(r.Trip.State) && !ended(before.State) {
			list = append(list, freight.Departed{Trip: before, Left: r.At})
		}
		last[r.Trip.ID] = r.Trip
	}
	return list
}

func (l *ledger) Prior(_ context.Context, ask freight.Prior) (freight.Known, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var known freight.Known
	if l.deaf > 0 {
		l.deaf--
		return known, errors.New("injected")
	}
	for _, row := range l.state.Loads {
		if slices.Contains(ask.Loads, row.ID) {
			known.Loads = append(known.Loads, row)
		}
	}
	for _, row := range l.state.Offers {
		if slices.Contains(ask.Offers, row.ID) {
			known.Offers = append(known.Offers, row)
		}
	}
	for _, row := range l.state.Bookings {
		if slices.Contains(ask.Bookings, row.ID) {
			known.Bookings = append(known.Bookings, row)
		}
	}
	for _, d := range l.deeds {
		if key := (freight.Key{Org: d.Org, Name: d.Key, Hash: d.Hash}); slices.Contains(ask.Deeds, key) {
			known.Deeds = append(known.Deeds, key)
		}
	}
	for _, k := range ask.Keys {
		if a, ok := l.answers[nameOf(k)]; ok {
			known.Answers = append(known.Answers, a)
		}
	}
	return known, nil
}

func (l *ledger) Commit(_ context.Context, c *freight.Commit) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(c.Ballast) > 0 {
		l.probes++
	}
	if l.full {
		return &freight.CommitError{Fault: freight.CommitFailed, Cause: errors.New("disk full")}
	}
	var broken fault
	if len(l.faults) > 0 {
		broken, l.faults = l.faults[0], l.faults[1:]
	}
	if broken.kind == "" || broken.wrote {
		if err := l.write(c); err != nil {
			return err
		}
	}
	if broken.kind == "" {
		return nil
	}
	err := &freight.CommitError{Fault: broken.kind, Cause: errors.New("injected")}
	if broken.victim {
		last := c.Changes[len(c.Changes)-1]
		err.Kind, err.ID = last.Kind, last.ID
	}
	return err
}

func (l *ledger) write(c *freight.Commit) error {
	for i, e := range c.Events {
		if e.Seq != l.state.EventSeq+int64(i)+1 {
			return &freight.CommitError{Fault: freight.CommitStale, Kind: "event", Cause: fmt.Errorf("seq %d after %d", e.Seq, l.state.EventSeq)}
		}
	}
	merge(&l.state.Loads, c.Loads, func(v *freight.Load) freight.ID { return v.ID })
	merge(&l.state.Trips, c.Trips, func(v *freight.Trip) freight.ID { return v.ID })
	merge(&l.state.Offers, c.Offers, func(v *freight.Offer) freight.ID { return v.ID })
	merge(&l.state.Bookings, c.Bookings, func(v *freight.Booking) freight.ID { return v.ID })
	merge(&l.state.Pools, c.Pools, func(v *freight.Pool) freight.ID { return v.ID })
	merge(&l.state.Members, c.Members, func(v *freight.Member) freight.ID { return v.ID })
	merge(&l.state.Tickets, c.Tickets, func(v *freight.Ticket) freight.ID { return v.ID })
	merge(&l.state.Officers, c.Officers, func(v *freight.Officer) freight.ID { return v.ID })
	merge(&l.state.Preferences, c.Preferences, func(v *freight.Preference) freight.ID { return v.ID })
	merge(&l.written.proofs, c.Proofs, func(v *freight.Proof) freight.ID { return v.ID })
	merge(&l.state.Vehicles, c.Vehicles, func(v *freight.Vehicle) freight.ID { return v.ID })
	for _, t := range c.Tallies {
		same := func(o freight.Tally) bool { return o.Org == t.Org && o.Day == t.Day }
		l.state.Tallies = append(slices.DeleteFunc(l.state.Tallies, same), t)
	}
	l.records = append(l.records, c.Records...)
	l.written.events = append(l.written.events, c.Events...)
	l.written.changes = append(l.written.changes, c.Changes...)
	l.written.explanations = append(l.written.explanations, c.Explanations...)
	for _, row := range c.Briefs {
		l.written.briefs = append(l.written.briefs, row.Value)
	}
	l.state.EventSeq += int64(len(c.Events))
	l.state.ChangeSeq += int64(len(c.Changes))
	l.state.At = max(l.state.At, c.At)
	for _, d := range c.Deeds {
		if l.state.DeedSeq++; d.Seq != l.state.DeedSeq {
			return &freight.CommitError{Fault: freight.CommitStale, Kind: freight.KindDeed, ID: d.ID, Cause: fmt.Errorf("seq %d before %d", d.Seq, l.state.DeedSeq)}
		}
		l.state.DeedHead = d.Chain
		l.deeds = append(l.deeds, d)
	}
	for _, a := range c.Answers {
		l.answers[nameOf(a.Key)] = a
	}
	text, err := json.Marshal(c)
	l.commits = append(l.commits, text)
	return err
}

func merge[T any](rows *[]T, changed []freight.Row[T], id func(*T) freight.ID) {
	for _, row := range changed {
		at := slices.IndexFunc(*rows, func(v T) bool { return id(&v) == id(&row.Value) })
		if at < 0 {
			*rows = append(*rows, row.Value)
			continue
		}
		(*rows)[at] = row.Value
	}
}

// told collects what was published.
type told struct {
	mu     sync.Mutex
	events []freight.Event
	ledger *ledger
	early  int // events published before they were committed
	missed int
}

func (p *told) Publish(events []freight.Event) {
	p.ledger.mu.Lock()
	head := p.ledger.state.EventSeq
	p.ledger.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range events {
		if e.Seq > head {
			p.early++
		}
	}
	p.events = append(p.events, events...)
}

func (p *told) Missed() { p.missed++ }

func (p *told) types() []freight.EventType {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []freight.EventType
	for _, e := range p.events {
		list = append(list, e.Type)
	}
	return list
}

type mint struct{ n byte }

func (m *mint) Mint(prefix string, at freight.Instant) freight.ID {
	m.n++
	return freight.NewID(prefix, at, [10]byte{m.n})
}

type rig struct {
	t      *testing.T
	engine *Engine
	ledger *ledger
	told   *told
	now    freight.Instant
}

func newRig(t *testing.T) *rig {
	t.Helper()
	l := newLedger()
	r := &rig{t: t, ledger: l, told: &told{ledger: l}, now: start}
	router, err := roads.NewFallback(1.24, 60)
	if err != nil {
		t.Fatal(err)
	}
	r.engine, err = Open(context.Background(), Config{Market: market.ID, Store: l, Publisher: r.told, Router: router,
		Costs: freight.DefaultCosts(), Mint: &mint{}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) prepared(cmds []freight.Command) []freight.Command {
	r.t.Helper()
	list := make([]freight.Command, len(cmds))
	for i, cmd := range cmds {
		var err error
		if list[i], err = r.engine.Prepare(r.now, cmd); err != nil {
			r.t.Fatalf("prepare %T: %v", cmd.Act, err)
		}
	}
	return list
}

// round prepares and applies one batch.
func (r *rig) round(cmds ...freight.Command) []Outcome {
	r.t.Helper()
	outcomes, err := r.engine.Round(context.Background(), r.now, r.prepared(cmds))
	if err != nil {
		r.t.Fatal(err)
	}
	return outcomes
}

// settle plans and applies until the planners have nothing more to say.
func (r *rig) settle() {
	r.t.Helper()
	for range 20 {
		var batch []freight.Command
		for _, need := range r.engine.Needs() {
			batch = append(batch, r.engine.Plan(r.now, need)...)
		}
		if len(batch) == 0 {
			return
		}
		r.round(batch...)
	}
	r.t.Fatal("planners and writer never come to rest")
}

var (
	haimen    = freight.Point{LatE7: 318_960_000, LngE7: 1_211_730_000}
	changzhou = freight.Point{LatE7: 317_740_000, LngE7: 1_199_540_000}
)

func stop(at freight.Point, from, to freight.Instant) freight.Stop {
	return freight.Stop{Place: freight.Place{Point: at, Town: "town"}, Window: freight.Window{Open: start + from, Close: start + to}, ServiceS: 600}
}

func post(ref string, grams int64) freight.Command {
	return freight.Command{Org: "og_firm", Actor: "us_clerk", Act: freight.PostLoad{Terms: freight.LoadTerms{Ref: ref, Goods: "crates",
		Pickup: stop(haimen, freight.Hour, 8*freight.Hour), Delivery: stop(changzhou, freight.Hour, 20*freight.Hour),
		Size: freight.Size{Room: freight.Room{Grams: grams}}, Ceiling: 1_000_000}}}
}

func announce(plate string, grams int64) freight.Command {
	return freight.Command{Org: "og_truck", Actor: "us_driver", Act: freight.AnnounceTrip{Terms: freight.TripTerms{
		Vehicle: freight.VehicleTerms{Plate: freight.Plate{Number: "苏F" + plate, Colour: "yellow"}, Type: freight.Type9M6, Payload: 18_000_000,
			Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}},
		Stops: []freight.Stop{stop(haimen, 2*freight.Hour, 3*freight.Hour), stop(changzhou, 2*freight.Hour, 18*freight.Hour)},
		Rooms: []freight.Room{{Grams: grams}}, Limits: freight.Limits{DetourM: 60_000, DetourS: 3600, ExtraStops: 6}}}}
}

func accept(o *freight.Offer) freight.Command {
	return freight.Command{Org: o.Org, Actor: "us_driver", Act: freight.AcceptOffer{Offer: o.ID, Version: o.Version}}
}

// refused are the rows of refused acts in the log.
func (l *ledger) refused() []freight.Deed {
	return slices.DeleteFunc(slices.Clone(l.deeds), func(d freight.Deed) bool { return d.Code == "" })
}
