package freight

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Road is how a trip that has set out does beside its plan, as people told it. It
// forecasts: the plan, and what was promised by it, stay as they are.
type Road struct {
	LateS int64    `json:"late_s"`         // so many seconds behind the plan
	At    Instant  `json:"at"`             // when it was so, by the clock of what told it
	Got   Instant  `json:"got"`            // when the exchange heard of it
	Why   DelayWhy `json:"why,omitempty"`  // "" where nobody said
	Text  string   `json:"text,omitempty"` // in the words of who told it
	From  int      `json:"from"`           // the first call of the plan that was still to be made then
	Ahead []Ahead  `json:"ahead"`          // of the calls from there on
}

// Ahead is when a call of a plan is expected to be: its legal rests are in it.
type Ahead struct {
	Arrive Instant `json:"arrive"`
	Start  Instant `json:"start"`
	Leave  Instant `json:"leave"`
	RestS  int64   `json:"rest_s,omitempty"` // on the way from the call before
	Drove  Drove   `json:"drove,omitzero"`   // when the call is left
}

// DelayWhy is what holds a truck up. The set is closed.
type DelayWhy string

// What holds trucks up.
const (
	DelayTraffic DelayWhy = "traffic"
	DelayDock    DelayWhy = "dock" // waiting to be loaded or unloaded
	DelayWeather DelayWhy = "weather"
	DelayTruck   DelayWhy = "truck"
	DelayOther   DelayWhy = "other"
)

// MaxDelay is the most that a truck may be told to be behind its plan: more is no delay.
const MaxDelay = Day

// DelayTrip tells how late a trip is by now, in all; 0 that it is on time again.
type DelayTrip struct {
	Trip  ID
	LateS int64
	At    Instant // by the clock of what tells it, 0 for now
	Why   DelayWhy
	Text  string
}

func (a DelayTrip) act() Naming { return Naming{"delay_trip", a.Trip, 0} }

// What is told of a delay: the carrier of the trip, and the firms whose goods it is about.
const (
	EventTripDelayed    EventType = "pinhuo.trip.delayed"
	EventBookingDelayed EventType = "pinhuo.booking.delayed"
)

// SetOut tells whether the truck has left its first stop by the instant, by its plan.
func (t *Trip) SetOut(at Instant) bool { return t.Live() && t.Plan[0].Leave < at }

// Late tells whether the truck was told to be behind its plan.
func (t *Trip) Late() bool { return t.Road != nil && t.Road.LateS > 0 }

// Onward returns the first call of the plan that a truck so late has still to make at the
// instant, or to leave; the number of calls where it has made them all.
func (t *Trip) Onward(at Instant, lateS int64) int {
	n := 1
	for n < len(t.Plan) && t.Plan[n].Leave.After(lateS) < at {
		n++
	}
	return n
}

// Delayed returns what is known of the trip's way once a delay was told of it at now, but
// for what is ahead; nil where that says nothing new: it was told before, or something
// later was. A trip that has not set out is a state conflict.
func (t *Trip) Delayed(now Instant, a DelayTrip) (*Road, error) {
	if !t.SetOut(now) {
		return nil, Refuse(ProblemState, "state", string(t.State))
	}
	if a.At == 0 {
		a.At = now
	}
	if err := a.check(t, now); err != nil {
		return nil, err
	}
	road := &Road{LateS: a.LateS, At: a.At, Got: now, Why: a.Why, Text: a.Text, From: t.Onward(a.At, a.LateS)}
	old := t.Road
	switch {
	case old == nil && a.LateS == 0:
		return nil, nil
	case old != nil && (a.At < old.At || a.LateS == old.LateS && a.Why == old.Why && a.Text == old.Text && road.From == old.From):
		return nil, nil
	}
	return road, nil
}

// check tells what is wrong with a delay that is told of a trip.
func (a *DelayTrip) check(t *Trip, now Instant) error {
	var faults Faults
	if most := MaxDelay.Seconds(0); a.LateS < 0 || a.LateS > most {
		faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: "late_s", Value: strconv.FormatInt(a.LateS, 10), Min: "0 s", Max: strconv.FormatInt(most, 10) + " s"})
	}
	if first, last := max(t.Plan[0].Leave, now-StepsLate), now+StepsAhead; a.At < first || a.At > last {
		faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: "at", Value: a.At.String(), Min: first.String(), Max: last.String()})
	}
	known := []DelayWhy{"", DelayTraffic, DelayDock, DelayWeather, DelayTruck, DelayOther}
	faults.Require(slices.Contains(known, a.Why), "why", ProblemMalformed, string(a.Why))
	if n := utf8.RuneCountInString(a.Text); n > MaxStepText || !utf8.ValidString(a.Text) {
		faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: "text", Value: Shorten(a.Text), Max: strconv.Itoa(MaxStepText)})
	}
	return faults.Err()
}

// Expected returns when service for a load is expected to begin, by what was last told of
// the truck's way: 0 for a call that it had made by then, and where nothing was told.
func (t *Trip) Expected(load ID) (pickup, drop Instant) {
	if t.Road == nil || t.Road.From+len(t.Road.Ahead) != len(t.Plan) {
		return 0, 0
	}
	for k, a := range t.Road.Ahead {
		switch c := &t.Plan[t.Road.From+k]; {
		case c.Load != load:
		case c.Kind == CallPickup:
			pickup = a.Start
		case c.Kind == CallDelivery && !c.Done:
			drop = a.Start
		}
	}
	return pickup, drop
}
