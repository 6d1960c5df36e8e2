package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/dispatch"
)

// roundCommand measures one round of the writer without its commit.
type roundCommand struct{}

// Settings of the round benchmark.
const (
	roundsARun  = 20
	roundsMost  = 30.0 // ms
	roundLoads  = 2000 // before the first round, and posted anew with each
	roundSize   = 256
	roundClocks = 24 // of a round, at the most, are clocks that have run out
)

// Run plays rounds on two engines in step: on one whole, which is timed, and on the other
// a command at a time. What both answer and write must be the same.
func (roundCommand) Run(b *bench) error {
	runtime.LockOSThread() // threadTime is that of one thread
	defer runtime.UnlockOSThread()
	for run := range b.Runs {
		p, err := b.newPair(b.Seed + uint64(run))
		if err != nil {
			return fmt.Errorf("round: %w", err)
		}
		var times []float64
		for n := range roundsARun {
			took, err := p.measured(b)
			if err != nil {
				return fmt.Errorf("round %d of run %d: %w", n+1, run+1, err)
			}
			times = append(times, took)
		}
		slices.Sort(times)
		open, err := p.enough()
		if err != nil {
			return fmt.Errorf("round: run %d: %w", run+1, err)
		}
		b.add("round", "", "open trips at the end", "", float64(open), nil)
		b.add("round", "", "commands carried out", "%", 100*float64(p.done)/float64(p.asked), nil)
		b.add("round", "", "one round, p50", "ms", quantile(times, 0.5), nil)
		b.add("round", "", "one round, slowest", "ms", times[len(times)-1], atMost(roundsMost))
		b.say("round: run %d of %d", run+1, b.Runs)
	}
	return nil
}

// pair is a market twice: on an engine that is given whole rounds, and on one that is
// given a command at a time.
type pair struct {
	w             *world
	r             *rand.Rand
	now           freight.Instant
	whole, single *dispatch.Engine
	kept, other   *memory
	keys          int64
	asked, done   int
	refused       map[freight.Problem]int
	carried       map[string]int
}

// newPair opens trips and puts loads before them.
func (b *bench) newPair(seed uint64) (*pair, error) {
	w, err := newWorld(seed, 5, time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC))
	if err != nil {
		return nil, err
	}
	p := &pair{w: w, r: rand.New(rand.NewPCG(seed, 6)), now: w.begin, refused: map[freight.Problem]int{}, carried: map[string]int{}}
	if p.whole, p.kept, err = b.inMemory(); err != nil {
		return nil, err
	}
	if p.single, p.other, err = b.inMemory(); err != nil {
		return nil, err
	}
	var list []freight.Command
	for range b.Trips {
		list = append(list, p.by(p.carrier(), freight.AnnounceTrip{Terms: w.trip()}))
	}
	if err := p.both(b, list); err != nil {
		return nil, err
	}
	p.whole.Needs() // there is no load yet
	p.single.Needs()
	list = nil
	for range roundLoads {
		list = append(list, p.by(p.firm(), freight.PostLoad{Terms: w.load()}))
	}
	if err := p.both(b, list); err != nil {
		return nil, err
	}
	return p, p.planned(b)
}

func (p *pair) firm() freight.ID    { return freight.ID(fmt.Sprint("og_firm", p.r.IntN(firms))) }
func (p *pair) carrier() freight.ID { return freight.ID(fmt.Sprint("og_truck", p.r.IntN(carriers))) }

// by is what a clerk of an organization asks for.
func (p *pair) by(org freight.ID, act freight.Act) freight.Command {
	p.keys++
	return freight.Command{Org: org, Actor: "us_bench", Key: fmt.Sprint("key ", p.keys), Act: act}
}

// both lets the engines carry out the same commands in the same rounds.
func (p *pair) both(b *bench, list []freight.Command) error {
	for batch := range slices.Chunk(list, roundSize) {
		for _, e := range []*dispatch.Engine{p.whole, p.single} {
			if _, err := p.round(b, e, batch); err != nil {
				return err
			}
		}
	}
	if d := p.kept.differs(p.other); d != "" {
		return errors.New(d)
	}
	return nil
}

// round prepares commands, which is their senders' work, and has them carried out.
func (p *pair) round(b *bench, e *dispatch.Engine, list []freight.Command) ([]dispatch.Outcome, error) {
	ready, err := p.prepared(e, list)
	if err != nil {
		return nil, err
	}
	return e.Round(b.ctx, p.now, ready)
}

func (p *pair) prepared(e *dispatch.Engine, list []freight.Command) ([]freight.Command, error) {
	ready := slices.Clone(list)
	for i := range ready {
		var err error
		if ready[i], err = e.Prepare(p.now, ready[i]); err != nil {
			return nil, err
		}
	}
	return ready, nil
}

// planned has planners find trips for what was posted.
func (p *pair) planned(b *bench) error {
	p.single.Needs() // the same
	var plans []freight.Command
	for _, need := range p.whole.Needs() {
		plans = append(plans, p.whole.Plan(p.now, need)...)
	}
	if err := p.both(b, plans); err != nil {
		return err
	}
	p.whole.Needs() // those that were asked for once and found nothing
	p.single.Needs()
	return nil
}

// measured lets a minute pass, times a round of mixed commands and holds it against the same
// commands one by one; in milliseconds.
func (p *pair) measured(b *bench) (float64, error) {
	p.now += freight.Minute
	due := p.whole.Due(p.now)
	p.single.Due(p.now) // the same
	timed := min(len(due), roundClocks)
	if err := p.both(b, due[timed:]); err != nil {
		return 0, err
	}
	list := append(slices.Clone(due[:timed]), p.mixed(roundSize-timed)...)
	ready, err := p.prepared(p.whole, list)
	if err != nil {
		return 0, err
	}
	runtime.GC()
	began := threadTime()
	got, err := p.whole.Round(b.ctx, p.now, ready)
	took := float64(threadTime()-began) / 1e6
	if err != nil {
		return 0, err
	}
	for i := range list {
		want, err := p.round(b, p.single, list[i:i+1])
		if err != nil {
			return 0, err
		}
		if err := p.same(list[i].Act, got[i], want[0]); err != nil {
			return 0, err
		}
	}
	if d := p.kept.differs(p.other); d != "" {
		return 0, fmt.Errorf("in a round and by itself %s", d)
	}
	return took, p.planned(b)
}

// same holds what a command was answered in the round against its answer by itself.
func (p *pair) same(act freight.Act, got, want dispatch.Outcome) error {
	name := freight.NamingOf(act).Act
	if fmt.Sprint(got.Err) != fmt.Sprint(want.Err) || !reflect.DeepEqual(got.Result, want.Result) {
		return fmt.Errorf("%s is answered %+v in a round and %+v by itself", name, got, want)
	}
	p.asked++
	if got.Err == nil {
		p.done++
		p.carried[name]++
		return nil
	}
	p.refused[freight.ProblemOf(got.Err)]++
	return nil
}

// enough wants each kind of act carried out in each round, most commands carried out and
// some refused, and returns how many trips take loads at the end.
func (p *pair) enough() (open int, err error) {
	for _, name := range []string{"accept_offer", "decline_offer", "counter_offer", "see_offer", "withdraw_load", "post_load", "announce_trip",
		"edit_load", "cancel_trip"} {
		if p.carried[name] < roundsARun {
			err = errors.Join(err, fmt.Errorf("%s was carried out %d times in %d rounds", name, p.carried[name], roundsARun))
		}
	}
	if p.done*2 < p.asked || p.refused[freight.ProblemTaken] < roundsARun {
		err = errors.Join(err, fmt.Errorf("%d of %d commands were carried out, %v refused", p.done, p.asked, p.refused))
	}
	for _, t := range p.kept.trips {
		if t.Matchable(p.now) {
			open++
		}
	}
	return open, err
}

// sorted lists rows that a look approves, in an order of the seed's.
func sorted[T any](p *pair, rows map[freight.ID]T, look func(T) bool) (list []T) {
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if look(rows[id]) {
			list = append(list, rows[id])
		}
	}
	p.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
