package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"pinhuo/freight"
	"pinhuo/internal/outreach"
)

// wavesCommand measures whom to ask for one load.
type wavesCommand struct{}

const (
	askedOperators = 100_000
	askedLanes     = freight.MaxLanes
	askedNearby    = 250 // of them have a trip that the index proposes
	askedLoads     = 500 // a run
)

// crowd is a market of operators who all say how they want to be asked.
type crowd struct {
	rules     outreach.Rules
	now       freight.Instant
	operators sync.Map // id -> *outreach.Operator
	trips     []freight.Trip
	declines  []outreach.Declines
	rng       *rand.Rand
}

// bid is a trip that fits the load.
type bid struct {
	at    int // in the crowd
	value int64
	terms freight.Terms
}

// Run plans waves, each for another load and other trips nearby.
func (wavesCommand) Run(b *bench) error {
	runtime.LockOSThread() // threadTime is that of one thread
	defer runtime.UnlockOSThread()
	for run := range b.Runs {
		c := newCrowd(b.Seed + uint64(run))
		runtime.GC()
		var times []float64
		for i := range askedLoads {
			load := c.load()
			bids := c.bids(askedNearby)
			before := threadTime()
			got := c.wave(load, bids)
			times = append(times, float64(threadTime()-before)/1e6)
			if want := c.everybody(load, bids); !slices.Equal(got, want) {
				return fmt.Errorf("waves: load %d of run %d: asks %v, want %v", i, run, got, want)
			}
		}
		slices.Sort(times)
		b.add("waves", "", "one load, p50", "ms", quantile(times, 0.5), nil)
		b.add("waves", "", "one load, p99", "ms", quantile(times, 0.99), atMost(1))
		b.say("waves: run %d of %d", run+1, b.Runs)
	}
	return nil
}

func newCrowd(seed uint64) *crowd {
	c := &crowd{rules: outreach.Rules{Zone: "Asia/Shanghai", Silent: true}, now: 1_700_020_800_000, rng: rand.New(rand.NewPCG(seed, 7))}
	c.trips, c.declines = make([]freight.Trip, askedOperators), make([]outreach.Declines, askedOperators)
	for i := range askedOperators {
		id := freight.ID(fmt.Sprintf("og_%06d", i))
		said := &freight.PreferenceTerms{Budget: 1 + c.rng.Int64N(8), Quiet: freight.Quiet{From: c.rng.Int64N(1440), Till: c.rng.Int64N(1440)}}
		for k := range c.rng.IntN(askedLanes + 1) {
			said.Lanes = append(said.Lanes, freight.Lane{Name: fmt.Sprint(k), From: c.end(), To: c.end(), Days: c.rng.Int64N(128)})
		}
		op := outreach.Operator{Hour: freight.HourOf(c.now), Asked: c.rng.Int64N(9)}
		c.operators.Store(id, op.Says(said))
		c.trips[i] = freight.Trip{Meta: freight.Meta{ID: id, Org: id}, State: freight.TripOpen}
		for range c.rng.IntN(4) {
			c.declines[i] = c.declines[i].With(freight.Decline{At: c.now - freight.Instant(c.rng.Int64N(int64(freight.DeclineMemory))),
				Reason: freight.Remembered[c.rng.IntN(3)], DetourM: c.rng.Int64N(50_000), DetourS: c.rng.Int64N(3600), Price: freight.Fen(c.rng.Int64N(50_000))})
		}
	}
	return c
}

func (c *crowd) point() freight.Point {
	return freight.Point{LatE7: 305_000_000 + c.rng.Int32N(25_000_000), LngE7: 1_185_000_000 + c.rng.Int32N(35_000_000)}
}

func (c *crowd) end() freight.LaneEnd {
	return freight.LaneEnd{Point: c.point(), RadiusM: 5000 + c.rng.Int64N(45_000)}
}

func (c *crowd) load() *freight.Load {
	l := &freight.Load{Posted: c.now}
	l.Pickup.Place.Point, l.Delivery.Place.Point = c.point(), c.point()
	l.Pickup.Window = freight.Window{Open: c.now + freight.Hour, Close: c.now + freight.Instant(1+c.rng.Int64N(8))*freight.Hour}
	l.AnswerBy, l.Ceiling = l.Pickup.Window.Close, 100_000
	return l
}

// bids are trips of so many operators, the best first.
func (c *crowd) bids(n int) []bid {
	list := make([]bid, n)
	for i := range list {
		list[i] = bid{at: c.rng.IntN(askedOperators), value: c.rng.Int64N(1_000_000),
			terms: freight.Terms{DetourM: c.rng.Int64N(50_000), DetourS: c.rng.Int64N(3600), Price: freight.Fen(c.rng.Int64N(50_000))}}
	}
	slices.SortFunc(list, func(a, b bid) int { return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.at, b.at)) })
	return list
}

func (c *crowd) operator(i int) *outreach.Operator {
	o, _ := c.operators.Load(c.trips[i].Org)
	return o.(*outreach.Operator)
}

// wave is whom to ask: those on a lane of theirs, then the best, until enough are.
func (c *crowd) wave(l *freight.Load, bids []bid) (ask []int) {
	asking := outreach.Asking{Now: c.now, Rules: c.rules, Load: l}
	var rest []int
	width := outreach.Width(c.now, 0, l)
	for i := range bids {
		at := bids[i].at
		from, laned := asking.Sift(&c.trips[at], c.operator(at))
		if from > c.now || !laned && len(rest) >= width {
			continue
		}
		if c.declines[at].Bars(c.now, &bids[i].terms) != freight.NoReason {
			continue
		}
		if laned && c.operator(at).Lane(l, bids[i].terms.Price, c.rules.Zone) != nil {
			ask = append(ask, at)
			continue
		}
		rest = append(rest, at)
	}
	ask = append(ask, rest...)
	return ask[:min(width, len(ask))]
}

// everybody is the same by looking at each of the bids in full, and sorting.
func (c *crowd) everybody(l *freight.Load, bids []bid) []int {
	type ranked struct {
		bid
		first bool
	}
	var may []ranked
	for _, b := range bids {
		asking := outreach.Asking{Now: c.now, Rules: c.rules, Load: l}
		if asking.From(&c.trips[b.at], c.operator(b.at)) <= c.now && c.declines[b.at].Bars(c.now, &b.terms) == freight.NoReason {
			may = append(may, ranked{b, c.operator(b.at).Lane(l, b.terms.Price, c.rules.Zone) != nil})
		}
	}
	slices.SortStableFunc(may, func(a, b ranked) int {
		if a.first != b.first {
			return map[bool]int{true: -1, false: 1}[a.first]
		}
		return 0
	})
	var ask []int
	for _, one := range may[:min(len(may), outreach.Width(c.now, 0, l))] {
		ask = append(ask, one.at)
	}
	return ask
}
