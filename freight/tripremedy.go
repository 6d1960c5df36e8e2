package freight

import _ "embed" // the table of remedies

//go:embed tripremedies.json
var defaultTripRemedies []byte

// The kinds of change of a trip, in the order in which those of equal cost are
// preferred. A window is widened, never moved: a truck that may leave earlier or
// arrive later can do all that it could before, so that more of a change never does
// harm.
const (
	RemedyDepartEarlier  RemedyKind = "depart_earlier"  // the truck can be had earlier at its first stop
	RemedyArriveLater    RemedyKind = "arrive_later"    // every own stop, and the horizon, may be so much later
	RemedyDetourTime     RemedyKind = "detour_time"     // more extra seconds
	RemedyDetourDistance RemedyKind = "detour_distance" // more extra metres
	RemedyDetour         RemedyKind = "detour"          // more of both, at DetourPace
	RemedyExtraStops     RemedyKind = "extra_stops"
	RemedyLeast          RemedyKind = "least" // a lower least price
)

// TripRemedyKinds lists the kinds that a table for trips must price.
var TripRemedyKinds = []RemedyKind{
	RemedyDepartEarlier, RemedyArriveLater, RemedyDetourTime, RemedyDetourDistance, RemedyDetour, RemedyExtraStops, RemedyLeast,
}

// DetourPace is the metres that come with each minute of RemedyDetour.
const DetourPace = 1000

// DefaultTripRemedies returns the built-in table for trips.
func DefaultTripRemedies() RemedyTable { return builtIn(defaultTripRemedies, TripRemedyKinds) }

// ApplyTrip returns the terms of a trip as the change makes them, in slices of
// their own. A lease that ends with the trip goes on doing so.
func (r *Remedy) ApplyTrip(t TripTerms) TripTerms {
	by := Instant(r.By) * Second
	t.Stops = append([]Stop(nil), t.Stops...)
	if t.Lease == t.Ends() {
		t.Lease = 0
	}
	switch r.Kind {
	case RemedyDepartEarlier:
		t.Stops[0].Window.Open -= by
	case RemedyArriveLater:
		for i := range t.Stops {
			t.Stops[i].Window.Close += by
		}
		if t.Roaming {
			t.Horizon += by
		}
	case RemedyDetourTime:
		t.Limits.DetourS += r.By
	case RemedyDetourDistance:
		t.Limits.DetourM += r.By
	case RemedyDetour:
		t.Limits.DetourS += r.By
		t.Limits.DetourM += r.By / 60 * DetourPace
	case RemedyExtraStops:
		t.Limits.ExtraStops += r.By
	case RemedyLeast:
		t.Least = max(0, t.Least-Fen(r.By))
	}
	if t.Lease == 0 {
		t.Lease = t.Ends()
	}
	return t
}
