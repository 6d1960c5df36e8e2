package matcher_test

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
	"pinhuo/matcher/remedy"
)

var remedies = freight.DefaultRemedies()

// everyTrip is a market that leaves nothing out.
type everyTrip []*freight.Trip

func (m everyTrip) Near(*freight.Load) []*freight.Trip { return append([]*freight.Trip(nil), m...) }

func (m everyTrip) Open(*freight.Load) []*freight.Trip { return m }

// byIndex is the same market behind the corridor index and the headers.
type byIndex struct {
	everyTrip
	index   *geo.Corridor
	headers []matcher.Header // by slot
}

func newByIndex(w *world) *byIndex {
	m := &byIndex{everyTrip: w.trips, index: geo.NewCorridor()}
	for _, trip := range w.trips {
		must(m.index.AddTrip(w.fit.Journey(trip)))
		m.headers = append(m.headers, w.fit.Header(trip, trip.Router))
	}
	return m
}

func (m *byIndex) Near(load *freight.Load) []*freight.Trip {
	var trips []*freight.Trip
	for _, c := range must(m.index.TripsFor(matcher.Errand(load), nil)) {
		if _, ok := m.headers[c.Slot].AtMost(load, c.DetourS); ok {
			trips = append(trips, m.everyTrip[c.Slot])
		}
	}
	return trips
}

func (m *byIndex) Open(load *freight.Load) []*freight.Trip {
	var trips []*freight.Trip
	for i, trip := range m.everyTrip {
		if _, ok := m.headers[i].AtMost(load, 0); ok {
			trips = append(trips, trip)
		}
	}
	return trips
}

// takers is which trips accept a load.
func takers(w *world, load *freight.Load) map[*freight.Trip]bool {
	list := map[*freight.Trip]bool{}
	for _, trip := range w.trips {
		if w.fit.Weigh(trip, load).OK {
			list[trip] = true
		}
	}
	return list
}

// after is the load after a change that leaves it one.
func after(load *freight.Load, r freight.Remedy) *freight.Load {
	l := *load
	l.LoadTerms = r.Apply(l.LoadTerms)[0]
	return &l
}

// won tells whether a trip accepts the load that does not accept the one before.
func won(w *world, before map[*freight.Trip]bool, load *freight.Load) bool {
	for trip := range takers(w, load) {
		if !before[trip] {
			return true
		}
	}
	return false
}

// monotone are the kinds of change of which more never does harm.
var monotone = []freight.RemedyKind{freight.RemedyPickupEarlier, freight.RemedyPickupLater, freight.RemedyDeliveryEarlier,
	freight.RemedyDeliveryLater, freight.RemedyPrice}

// hardWorld draws a world in which many loads need a change.
func hardWorld(number int, measure matcher.Measure) *world {
	w := newWorld(*seed, number, 8, 6, measure)
	for _, load := range w.loads {
		switch w.IntN(8) {
		case 0:
			load.Ceiling = load.Alone * freight.Fen(w.between(1, 40)) / 100
		case 1:
			load.Pickup.Window.Open += w.minutes(0, 600)
			load.Pickup.Window.Close = load.Pickup.Window.Open + w.minutes(0, 60)
			load.Delivery.Window.Close = max(load.Delivery.Window.Close, load.Pickup.Window.Close+w.minutes(60, 600))
		case 6:
			load.Delivery.Window.Open += w.minutes(300, 1200)
			load.Delivery.Window.Close = max(load.Delivery.Window.Close, load.Delivery.Window.Open)
		case 2:
			load.Pickup.Window.Close = load.Pickup.Window.Open + w.minutes(0, 60)
		case 3:
			load.Needs |= freight.CapTailLift
		case 4:
			n := w.between(2, 9)
			load.Size = freight.Size{Room: freight.Room{Grams: n * 900_000, Millilitres: n * 3_000_000, FloorMM: n * 500},
				Pieces: []freight.Piece{{Count: n, LengthMM: 1200, WidthMM: 1000, HeightMM: 1100}}}
			load.Ceiling *= 4
		case 5:
			load.Size.Access = freight.AccessSide
		case 7:
			load.Size = freight.Size{Room: freight.Room{Grams: 200_000, Millilitres: 5_000_000, FloorMM: 6000},
				Pieces: []freight.Piece{{Count: 12, LengthMM: 1200, WidthMM: 1000, HeightMM: 500}}}
			load.Ceiling *= 4
		}
	}
	return w
}

// What is said to be the smallest change is taken, nine tenths of it is not, and
// no cheaper change of any monotone kind is: not even the greatest that would be
// cheaper, on any trip. Where none is said to help, none does at its limit.
func TestRemedyIsSmallest(t *testing.T) {
	logSeed(t)
	kinds := map[freight.RemedyKind]int{}
	for number := range *worlds / 8 {
		w := hardWorld(number, byRoad)
		seeker := remedy.Seeker{Fit: w.fit, Table: &remedies, Market: everyTrip(w.trips)}
		for _, load := range w.loads {
			before := takers(w, load)
			r := seeker.Seek(load)
			kinds[r.Kind]++
			checkRemedy(t, w, load, before, r)
			if t.Failed() {
				t.Fatalf("world %d (%v), load %s: %+v", number, w.kind, load.ID, r)
			}
		}
	}
	for _, kind := range append([]freight.RemedyKind{freight.RemedyNone}, freight.RemedyKinds...) {
		t.Logf("%6d %s", kinds[kind], kind)
		if kinds[kind] < 5 {
			t.Errorf("%d loads with remedy %s: the worlds are too tame", kinds[kind], kind)
		}
	}
}

func checkRemedy(t *testing.T, w *world, load *freight.Load, before map[*freight.Trip]bool, r freight.Remedy) {
	limit := freight.Fen(1) << 40
	if r.Helps() {
		limit = r.Cost
		rate, _ := remedies.Of(r.Kind)
		switch {
		case r.Kind == freight.RemedySplit:
			checkSplit(t, w, load, r)
		case !won(w, before, after(load, r)):
			t.Errorf("the change is not taken")
		case r.Kind != freight.RemedyAccess:
			if less := shrunk(load, r, rate.Grain); less.By > 0 && won(w, before, after(load, less)) {
				t.Errorf("%d is enough where %d is said to be needed", less.By, r.By)
			}
		}
	}
	for _, kind := range monotone {
		rate, _ := remedies.Of(kind)
		most := rate.Most
		if kind == freight.RemedyPrice {
			most = int64(load.Alone - load.Ceiling)
		}
		most = min(most, rate.Within(limit)) / rate.Grain * rate.Grain
		if most > 0 && won(w, before, after(load, freight.Remedy{Kind: kind, By: most})) {
			t.Errorf("%s by %d is cheaper and taken", kind, most)
		}
	}
}

// shrunk is nine tenths of a change, on its grain.
func shrunk(load *freight.Load, r freight.Remedy, grain int64) freight.Remedy {
	less := r
	less.By = r.By / grain * 9 / 10 * grain
	if r.Point != nil {
		from := load.Pickup.Place.Point
		if r.Kind == freight.RemedyDeliveryPlace {
			from = load.Delivery.Place.Point
		}
		part := func(a, b int32) int32 { return a + int32(int64(b-a)*less.By/r.By) }
		less.Point = &freight.Point{LatE7: part(from.LatE7, r.Point.LatE7), LngE7: part(from.LngE7, r.Point.LngE7)}
	}
	return less
}

func checkSplit(t *testing.T, w *world, load *freight.Load, r freight.Remedy) {
	parts := r.Apply(load.LoadTerms)
	if len(parts) != 2 || r.Price+r.Beside > load.Ceiling || r.Trip == r.Other {
		t.Errorf("parts %d, prices %d and %d of %d, trips %s and %s", len(parts), r.Price, r.Beside, load.Ceiling, r.Trip, r.Other)
		return
	}
	for i, id := range []freight.ID{r.Trip, r.Other} {
		part := *load
		part.LoadTerms = parts[i]
		for trip := range takers(w, &part) {
			if trip.ID == id {
				id = ""
			}
		}
		if id != "" {
			t.Errorf("part %d is not taken by %s", i, id)
		}
	}
	if whole, sum := load.Size, parts[0].Size.Plus(parts[1].Size.Room); whole.Count() != parts[0].Size.Count()+parts[1].Size.Count() || sum.Min(whole.Room) != whole.Room {
		t.Errorf("the parts %+v are less than the whole %+v", parts, whole)
	}
}

// More of a change never does harm: what fits after a smaller one fits after a
// greater one, whatever the trip. Without this "none helps" could not be said.
func TestChangesAreMonotone(t *testing.T) {
	logSeed(t)
	gained := map[freight.RemedyKind]int{}
	for name, measure := range map[string]matcher.Measure{"roads": byRoad, "no metric": noMetric} {
		for number := range *worlds / 8 {
			w := hardWorld(number, measure)
			for _, trip := range w.trips {
				for _, load := range w.loads {
					for _, kind := range monotone {
						rate, _ := remedies.Of(kind)
						a := w.between(0, max(rate.Most, int64(load.Alone)))
						b := w.between(a, max(rate.Most, int64(load.Alone)))
						less, more := after(load, freight.Remedy{Kind: kind, By: a}), after(load, freight.Remedy{Kind: kind, By: b})
						small, great := w.fit.Weigh(trip, less).OK, w.fit.Weigh(trip, more).OK
						if small && !great {
							t.Fatalf("%s, world %d (%v), %s on %s: %s by %d fits, by %d does not", name, number, w.kind, load.ID, trip.ID, kind, a, b)
						}
						if great && !small {
							gained[kind]++
						}
					}
				}
			}
		}
	}
	for _, kind := range monotone {
		if t.Logf("%6d %s", gained[kind], kind); gained[kind] < 5 {
			t.Errorf("%d pairs fit after more of %s only: the worlds are too tame", gained[kind], kind)
		}
	}
}

// The index and the headers leave no trip out that a changed load needs.
func TestRemedyByIndexEqualsRemedyByAll(t *testing.T) {
	logSeed(t)
	helped := 0
	for number := range *worlds / 20 {
		w := hardWorld(number, byRoad)
		all := remedy.Seeker{Fit: w.fit, Table: &remedies, Market: everyTrip(w.trips)}
		near := remedy.Seeker{Fit: w.fit, Table: &remedies, Market: newByIndex(w)}
		for _, load := range w.loads {
			want, got := all.Seek(load), near.Seek(load)
			if want.Point != nil && got.Point != nil && *want.Point == *got.Point {
				got.Point = want.Point
			}
			if got != want {
				t.Fatalf("world %d (%v), %s:\n got %+v\nwant %+v", number, w.kind, load.ID, got, want)
			}
			if got.Helps() {
				helped++
			}
		}
	}
	if helped < 30 {
		t.Errorf("%d remedies: the worlds are too tame", helped)
	}
}
