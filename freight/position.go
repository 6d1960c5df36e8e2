package freight

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// Position is where the truck of a trip was at an instant, as what rides along told: a
// driver's phone or a box in the truck. It forecasts; it never changes a promise.
type Position struct {
	Trip      ID      `json:"trip"`
	At        Instant `json:"at"` // by the clock of what told it
	Point     Point   `json:"point"`
	AccuracyM int64   `json:"accuracy_m,omitempty"` // within so many metres, 0 where not said
	Got       Instant `json:"got"`                  // when the exchange heard of it
}

// What positions are bound by.
const (
	PositionsAhead = 2 * Minute    // clocks of phones go fast by as much
	PositionsLate  = 2 * Day       // phones without a network keep them so long
	PositionsEarly = Hour          // before a trip leaves, the driver's ways are his own
	PositionsKept  = 30 * Day      // then they are removed
	maxAccuracyM   = 5_000         // a wider circle says nothing
	fastestKMH     = 160           // no truck is faster
	slackM         = 200           // by which a position without accuracy is wrong at the most
	thinLeast      = 30 * Second   // positions are kept no closer than this ...
	thinStill      = 5 * Minute    // ... and of a truck that stands, than this
	thinM          = 100           // nearer than so many metres a truck stands
	metresPerKM    = 1000.0 / 3600 // a kilometre per hour, in metres per second
)

// Sifted is what became of a report of positions.
type Sifted struct {
	Kept   []Position
	Thin   int     // said nothing new
	Faults []Error // one for each position refused, its Field "positions[i]..."
}

// Sift tells which of the positions told of a trip are kept beside those known of it,
// both in any order. One that was known already, or that says no more than its
// neighbours, is thinned out; one that no truck could have driven to is refused, and
// the others with it are judged all the same: phones that were without a network tell
// of hours at once.
func Sift(trip *Trip, known, told []Position, now Instant) Sifted {
	var out Sifted
	track := slices.Clone(known)
	slices.SortFunc(track, earlier)
	order := make([]int, len(told))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(told[a].At, told[b].At) })
	for _, i := range order {
		p := told[i]
		if e := p.check(trip, "positions["+strconv.Itoa(i)+"]", now); e != nil {
			out.Faults = append(out.Faults, *e)
			continue
		}
		at, found := slices.BinarySearchFunc(track, p, earlier)
		if found {
			out.Thin++
			continue
		}
		if e := reachable(track, at, &p); e != nil {
			e.Field = "positions[" + strconv.Itoa(i) + "].at"
			out.Faults = append(out.Faults, *e)
			continue
		}
		if thin(track, at, &p) {
			out.Thin++
			continue
		}
		p.Got = now
		track = slices.Insert(track, at, p)
		out.Kept = append(out.Kept, p)
	}
	return out
}

func earlier(a, b Position) int { return cmp.Compare(a.At, b.At) }

// check tells what is wrong with a position by itself.
func (p *Position) check(trip *Trip, field string, now Instant) *Error {
	first, last := max(trip.Plan[0].Leave-PositionsEarly, now-PositionsLate), now+PositionsAhead
	switch {
	case p.At > last:
		return &Error{Code: Invalid, Problem: ProblemRange, Field: field + ".at", Value: p.At.String(), Max: last.String()}
	case p.At < first:
		return &Error{Code: Invalid, Problem: ProblemRange, Field: field + ".at", Value: p.At.String(), Min: first.String()}
	case p.AccuracyM < 0 || p.AccuracyM > maxAccuracyM:
		return &Error{Code: Invalid, Problem: ProblemRange, Field: field + ".accuracy_m", Value: strconv.FormatInt(p.AccuracyM, 10), Min: "0 m", Max: strconv.Itoa(maxAccuracyM) + " m"}
	}
	return nil
}

// reachable refuses a position that a truck could not have reached from the one before it
// on the track, or from which it could not have reached the one after it.
func reachable(track []Position, at int, p *Position) *Error {
	for _, n := range []int{at - 1, at} {
		if n < 0 || n >= len(track) {
			continue
		}
		seconds := math.Abs(float64(p.At-track[n].At)) / float64(Second)
		far := p.Point.Metres(track[n].Point) - wrongBy(p) - wrongBy(&track[n])
		if far > fastestKMH*metresPerKM*seconds {
			kmh := int64(min(far/seconds/metresPerKM, 99_999))
			return &Error{Code: Invalid, Problem: ProblemTooFast, Value: strconv.FormatInt(kmh, 10) + " km/h", Max: strconv.Itoa(fastestKMH) + " km/h"}
		}
	}
	return nil
}

func wrongBy(p *Position) float64 { return float64(max(p.AccuracyM, slackM)) }

// thin tells whether a position says no more than its neighbours.
func thin(track []Position, at int, p *Position) bool {
	for _, n := range []int{at - 1, at} {
		if n < 0 || n >= len(track) {
			continue
		}
		apart := max(p.At-track[n].At, track[n].At-p.At)
		if apart < thinLeast || apart < thinStill && p.Point.Metres(track[n].Point) < thinM {
			return true
		}
	}
	return false
}
