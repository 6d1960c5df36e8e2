package batch

import (
	"cmp"
	"slices"
)

// Lot is one trip by itself with the loads that it could carry, for a bound on
// what any packing is worth. Its Problem has that trip alone, and the rules in it
// must allow whatever the market's do; they may allow more. Ways must obey the
// triangle rule, so that every subset of a feasible set is feasible and costs no
// more.
//
// A trip of which not even that can be said has Problem nil. It is bounded by the
// Most loads of its own that are worth most, whatever the way to them.
type Lot struct {
	Problem *Problem
	Loads   []int32 // the number of each of its loads in the whole market
	Gains   []int64 // where Problem is nil: what each load can be worth at the most
	Most    int     // where Problem is nil: how many it can take
}

// BoundEffort says how long a bound is sought.
type BoundEffort struct {
	Known  []Column    // sets that some lots can carry, and no less than what they are worth
	Rounds int         // of pricing; at least one
	Steps  int         // of the search for the best set of one trip in one round; 0 for 200,000
	Stop   func() bool // nil for never
}

// Bounded is a bound and how it came about.
type Bounded struct {
	Bound  int64   // no packing is worth more
	Prices []int64 // of loads, at which it holds
	Cut    int     // trips whose sets were not all looked at or cut off by a proof, but bounded roughly
	Rounds int
}

// Bound returns a value that no packing of the lots exceeds in which no load
// rides twice: the prices of all loads, plus for each trip the most that any set
// it can carry is worth beyond its prices. That most is found by trying all sets
// but those that a bound of their own rules out. prices are those to begin with;
// loads is how many there are.
func Bound(lots []Lot, loads int, prices []int64, effort BoundEffort) Bounded {
	b := newBounder(lots, loads, prices, effort)
	var best Bounded
	for round := 0; ; round++ {
		now, fresh := b.round()
		now.Rounds = round + 1
		if round == 0 || now.Bound < best.Bound {
			best = now
			best.Prices = slices.Clone(b.descent.price)
		}
		best.Rounds = round + 1
		if fresh == 0 && round > 0 || round+1 >= effort.Rounds || effort.Stop != nil && effort.Stop() {
			return best
		}
		b.balance()
	}
}

// bounder is one run.
type bounder struct {
	lots    []Lot
	pricers []*pricer
	pool    [][]priced // by lot
	rough   []bool     // by lot: its sets are too many to search
	descent descent
}

// priced is a set of a lot's loads, by their numbers in the market, and its value.
type priced struct {
	loads []int32
	value int64
}

func newBounder(lots []Lot, loads int, prices []int64, effort BoundEffort) *bounder {
	b := &bounder{lots: lots, pool: make([][]priced, len(lots)), rough: make([]bool, len(lots))}
	all, most := make([]int32, loads), make([]int64, loads)
	for l := range all {
		all[l] = int32(l)
	}
	for i := range lots {
		b.pricers = append(b.pricers, newPricer(&lots[i], cmp.Or(effort.Steps, 200_000), effort.Stop))
		for k, l := range lots[i].Loads {
			most[l] = max(most[l], lots[i].gain(k))
		}
	}
	for _, c := range effort.Known {
		b.pool[c.Trip] = append(b.pool[c.Trip], priced{c.Loads, c.Value})
	}
	b.descent = descent{loads: all, price: make([]int64, loads), use: make([]int32, loads), most: most,
		patience: 8, shorten: 0.7, shortest: 0.001, steps: 300}
	for l := range prices {
		b.descent.price[l] = min(max(0, prices[l]), most[l])
	}
	return b
}

// gain is what a lot's load can be worth before its price.
func (l *Lot) gain(k int) int64 {
	if l.Problem == nil {
		return l.Gains[k]
	}
	return l.Problem.Loads[k].Saving
}

// round prices every lot at the present prices, and takes in the sets found.
func (b *bounder) round() (now Bounded, fresh int) {
	for _, price := range b.descent.price {
		now.Bound += price
	}
	for i, p := range b.pricers {
		worth, sound := p.price(b.descent.price)
		now.Bound += worth
		if b.rough[i] = b.lots[i].Problem == nil || !sound; b.rough[i] {
			now.Cut++
			continue
		}
		for _, set := range p.found {
			if !slices.ContainsFunc(b.pool[i], func(known priced) bool { return slices.Equal(known.loads, set.loads) }) {
				b.pool[i] = append(b.pool[i], set)
				fresh++
			}
		}
	}
	return now, fresh
}

// balance moves the prices to where the sets found so far are worth least.
func (b *bounder) balance() {
	b.descent.run(func() (worth int64) {
		for i, sets := range b.pool {
			if b.rough[i] {
				worth += b.relaxed(i)
				continue
			}
			best, most := -1, int64(0)
			for k := range sets {
				if w := b.worth(&sets[k]); w > most {
					best, most = k, w
				}
			}
			worth += most
			if best >= 0 {
				for _, l := range sets[best].loads {
					b.descent.use[l]++
				}
			}
		}
		return worth
	}, func() int64 { return 0 }, nil)
}

// relaxed lets a lot that cannot be searched want what its relaxation takes.
func (b *bounder) relaxed(lot int) int64 {
	p := b.pricers[lot]
	worth, wants := p.relaxed(b.descent.price)
	for _, k := range wants {
		b.descent.use[b.lots[lot].Loads[k.load]]++
	}
	return worth
}

func (b *bounder) worth(set *priced) int64 {
	worth := set.value
	for _, l := range set.loads {
		worth -= b.descent.price[l]
	}
	return worth
}
