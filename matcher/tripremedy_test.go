package matcher_test

import (
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
	"pinhuo/matcher/remedy"
)

var tripRemedies = freight.DefaultTripRemedies()

// everyLoad is the open loads, none left out.
type everyLoad []*freight.Load

func (m everyLoad) Along(*freight.Trip) []*freight.Load { return append([]*freight.Load(nil), m...) }

// alongIndex is the same loads behind the corridor index and the trip's header.
type alongIndex struct {
	everyLoad
	fit   *matcher.Fit
	index *geo.Corridor
}

func newAlongIndex(w *world) *alongIndex {
	m := &alongIndex{everyLoad: w.loads, fit: w.fit, index: geo.NewCorridor()}
	for _, load := range w.loads {
		must(m.index.AddLoad(matcher.Errand(load)))
	}
	return m
}

func (m *alongIndex) Along(trip *freight.Trip) []*freight.Load {
	header := m.fit.Header(trip, trip.Router)
	var loads []*freight.Load
	for _, c := range must(m.index.LoadsFor(m.fit.Journey(trip), nil)) {
		if _, ok := header.AtMost(m.everyLoad[c.Slot], 0); ok {
			loads = append(loads, m.everyLoad[c.Slot])
		}
	}
	return loads
}

// wantingWorld draws trips without loads, many of which need a change.
func wantingWorld(number int, measure matcher.Measure) *world {
	w := newWorld(*seed, number, 6, 8, measure)
	for i, trip := range w.trips {
		switch w.IntN(7) {
		case 0:
			trip.Limits.DetourS = w.between(0, 900)
		case 1:
			trip.Limits.DetourM = w.between(0, 15_000)
		case 2:
			trip.Limits.DetourS, trip.Limits.DetourM = w.between(0, 900), w.between(0, 15_000)
		case 3:
			trip.Limits.ExtraStops = w.between(0, 1)
		case 4:
			trip.Least = freight.Fen(w.between(10_000, 400_000))
		case 5:
			last := &trip.Stops[len(trip.Stops)-1].Window
			last.Close = max(last.Open, trip.Plan[len(trip.Plan)-1].Start) + w.minutes(0, 20)
		}
		stated, err := w.fit.Restated(trip, trip.TripTerms)
		if err != nil || !trip.Idle() || trip.Plan[0].Leave < w.fit.Now {
			stated = nil // it has loads or has left
		}
		w.trips[i] = stated
	}
	w.trips = slices.DeleteFunc(w.trips, func(t *freight.Trip) bool { return t == nil })
	for _, load := range w.loads {
		if w.chance(30) {
			load.Pickup.Window.Close = load.Pickup.Window.Open + w.minutes(0, 30)
			load.Pickup.Window.Open -= w.minutes(0, 300)
			load.Pickup.Window.Close -= w.minutes(0, 300)
			load.Pickup.Window.Open = min(load.Pickup.Window.Open, load.Pickup.Window.Close)
		}
	}
	return w
}

func anything(freight.TripTerms) bool { return true }

// taken is which loads a trip takes.
func taken(w *world, trip *freight.Trip) map[freight.ID]bool {
	list := map[freight.ID]bool{}
	for _, load := range w.loads {
		if w.fit.Weigh(trip, load).OK {
			list[load.ID] = true
		}
	}
	return list
}

// gains tells whether the trip, stated anew with the change, takes a load that it did
// not take before.
func gains(w *world, trip *freight.Trip, before map[freight.ID]bool, r freight.Remedy) bool {
	next, err := w.fit.Restated(trip, r.ApplyTrip(trip.TripTerms))
	if err != nil {
		return false
	}
	for id := range taken(w, next) {
		if !before[id] {
			return true
		}
	}
	return false
}

// tripMost is the greatest change of a kind that is sought.
func tripMost(trip *freight.Trip, now freight.Instant, rate *freight.RemedyRate) int64 {
	most := rate.Most
	switch {
	case rate.Kind == freight.RemedyLeast:
		most = int64(trip.Least) + rate.Grain - 1
	case rate.Kind == freight.RemedyDepartEarlier:
		most = min(most, max(0, int64((trip.Stops[0].Window.Open-now)/freight.Second))+rate.Grain-1)
	}
	return most / rate.Grain * rate.Grain
}

// What is said to be the smallest change of a trip wins a load, nine tenths of it win
// none, and no cheaper change of any kind does, whatever the load. Where none is said
// to help, none does at its limit.
func TestTripRemedyIsSmallest(t *testing.T) {
	logSeed(t)
	kinds := map[freight.RemedyKind]int{}
	for number := range *worlds / 4 {
		w := wantingWorld(number, byRoad)
		seeker := remedy.TripSeeker{Fit: w.fit, Table: &tripRemedies, Loads: everyLoad(w.loads), Admits: anything}
		for _, trip := range w.trips {
			r, ok := seeker.Seek(trip)
			if !ok {
				continue
			}
			kinds[r.Kind]++
			checkTripRemedy(t, w, trip, r)
			if t.Failed() {
				t.Fatalf("world %d (%v), trip %s: %+v", number, w.kind, trip.ID, r)
			}
		}
	}
	for _, kind := range append([]freight.RemedyKind{freight.RemedyNone}, freight.TripRemedyKinds...) {
		t.Logf("%6d %s", kinds[kind], kind)
		if kinds[kind] < 5 {
			t.Errorf("%d trips with remedy %s: the worlds are too tame", kinds[kind], kind)
		}
	}
}

func checkTripRemedy(t *testing.T, w *world, trip *freight.Trip, r freight.Remedy) {
	before, limit := taken(w, trip), freight.Fen(1)<<40
	if r.Helps() {
		limit = r.Cost
		rate, _ := tripRemedies.Of(r.Kind)
		if !gains(w, trip, before, r) || before[r.Load] {
			t.Error("the change wins nothing")
		}
		less := r
		if less.By = r.By / rate.Grain * 9 / 10 * rate.Grain; less.By > 0 && gains(w, trip, before, less) {
			t.Errorf("%d is enough where %d is said to be needed", less.By, r.By)
		}
	}
	for i := range tripRemedies.Kinds {
		rate := &tripRemedies.Kinds[i]
		most := tripMost(trip, w.fit.Now, rate)
		for most > 0 && rate.Cost(most) >= limit {
			most -= rate.Grain
		}
		if most > 0 && gains(w, trip, before, freight.Remedy{Kind: rate.Kind, By: most}) {
			t.Errorf("%s by %d is cheaper and wins a load", rate.Kind, most)
		}
	}
}

// More of a change of a trip never does harm, whatever the load. Without this "none
// helps" could not be said.
func TestTripChangesAreMonotone(t *testing.T) {
	logSeed(t)
	gained := map[freight.RemedyKind]int{}
	for name, measure := range map[string]matcher.Measure{"roads": byRoad, "no metric": noMetric} {
		for number := range *worlds / 4 {
			w := wantingWorld(number, measure)
			for _, trip := range w.trips {
				for i := range tripRemedies.Kinds {
					rate := &tripRemedies.Kinds[i]
					most := tripMost(trip, w.fit.Now, rate)
					a := w.between(0, most) >> w.IntN(10)
					b := min(most, a+w.between(0, most)>>w.IntN(6))
					for _, load := range w.loads {
						small, great := wins(w, trip, load, rate.Kind, a), wins(w, trip, load, rate.Kind, b)
						if small && !great {
							t.Fatalf("%s, world %d (%v), %s with %s: %s by %d fits, by %d does not", name, number, w.kind, load.ID, trip.ID, rate.Kind, a, b)
						}
						if great && !small {
							gained[rate.Kind]++
						}
					}
				}
			}
		}
	}
	for _, kind := range freight.TripRemedyKinds {
		if t.Logf("%6d %s", gained[kind], kind); gained[kind] < 5 {
			t.Errorf("%d pairs fit after more of %s only: the worlds are too tame", gained[kind], kind)
		}
	}
}

func wins(w *world, trip *freight.Trip, load *freight.Load, kind freight.RemedyKind, by int64) bool {
	r := freight.Remedy{Kind: kind, By: by}
	next, err := w.fit.Restated(trip, r.ApplyTrip(trip.TripTerms))
	return err == nil && w.fit.Weigh(next, load).OK
}

// The index and the header leave no load out that a changed trip would take.
func TestTripRemedyByIndexEqualsRemedyByAll(t *testing.T) {
	logSeed(t)
	helped := 0
	for number := range *worlds / 10 {
		w := wantingWorld(number, byRoad)
		all := remedy.TripSeeker{Fit: w.fit, Table: &tripRemedies, Loads: everyLoad(w.loads), Admits: anything}
		near := remedy.TripSeeker{Fit: w.fit, Table: &tripRemedies, Loads: newAlongIndex(w), Admits: anything}
		for _, trip := range w.trips {
			want, stated := all.Seek(trip)
			got, ok := near.Seek(trip)
			if got != want || ok != stated {
				t.Fatalf("world %d (%v), %s:\n got %+v\nwant %+v", number, w.kind, trip.ID, got, want)
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

// Terms that may not be stated are no change, and the greatest that may be is looked
// for.
func TestTripRemedyKeepsWhatIsAdmitted(t *testing.T) {
	logSeed(t)
	bound := 0
	for number := range *worlds / 10 {
		w := wantingWorld(number, byRoad)
		free := remedy.TripSeeker{Fit: w.fit, Table: &tripRemedies, Loads: everyLoad(w.loads), Admits: anything}
		for _, trip := range w.trips {
			until := trip.Ends() + w.minutes(0, 120)
			tied := free
			tied.Admits = func(terms freight.TripTerms) bool { return terms.Ends() <= until }
			r, ok := tied.Seek(trip)
			if terms := r.ApplyTrip(trip.TripTerms); ok && r.Helps() && terms.Ends() > until {
				t.Fatalf("world %d, %s: %+v ends too late", number, trip.ID, r)
			}
			if want, _ := free.Seek(trip); want.Kind == freight.RemedyArriveLater {
				if ends := want.ApplyTrip(trip.TripTerms); ends.Ends() <= until && r != want {
					t.Fatalf("world %d, %s: %+v is admitted, found %+v", number, trip.ID, want, r)
				}
				bound++
			}
		}
	}
	if bound < 5 {
		t.Errorf("%d trips that want to arrive later: the worlds are too tame", bound)
	}
}
