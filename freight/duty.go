package freight

import "strconv"

// Duty is by which rules the drivers of a trip drive and rest, in seconds. The
// zero Duty says nothing; with drivers and no limits nothing is asked of them.
type Duty struct {
	Drivers int64 `json:"drivers"`            // 1 or 2; two relieve each other at the wheel
	DriveS  int64 `json:"drive_s,omitempty"`  // most driving from one rest to the next; 0 for no limit
	RestS   int64 `json:"rest_s,omitempty"`   // least uninterrupted rest
	DayS    int64 `json:"day_s,omitempty"`    // most driving of one driver from one reset to the next; 0 for no limit
	ResetS  int64 `json:"reset_s,omitempty"`  // least uninterrupted rest that begins a new day
	Counts  Rests `json:"rests_at,omitempty"` // what counts as rest beside standing on the way
}

// Rests says which of the time at a stop counts as rest.
type Rests string

// The kinds of time at a stop that count as rest.
const (
	RestsRoad     Rests = "road"     // none: drivers rest on the way
	RestsWaiting  Rests = "waiting"  // what the truck waits from its arrival until service begins
	RestsStanding Rests = "standing" // all of it, as a recorder in the truck sees it: others load
)

// The rule that drivers keep everywhere in China: four hours at the wheel, then
// twenty minutes of rest (regulations of the Road Traffic Safety Law, article 62).
const (
	RuleDriveS = 4 * 3600
	RuleRestS  = 20 * 60
)

// Bounds of what a Duty may say.
const (
	minDriveS = 30 * 60
	minRestS  = 5 * 60
	maxDutyS  = 24 * 3600
	maxCrew   = 2
)

// Drove is what a driver has behind him when a call is left, as far as the trip's
// Duty limits it: seconds at the wheel since the last rest, and since the last
// reset by all drivers together.
type Drove struct {
	SinceS int64 `json:"since_rest_s"`
	DayS   int64 `json:"day_s"`
}

// Said tells whether the Duty says anything.
func (d *Duty) Said() bool { return d.Drivers > 0 }

// IsZero tells whether the Duty is the zero Duty, also where it is written behind a
// pointer.
func (d Duty) IsZero() bool { return d == Duty{} }

// Check notes what is wrong with the Duty under the name of its field. Two drivers
// relieve each other, which only rests of at most half of what may be driven
// allow; and a day has at least one whole spell at the wheel.
func (d *Duty) Check(field string, faults *Faults) {
	if *d == (Duty{}) {
		return
	}
	within := func(part string, n, least, most int64) {
		if n < least || n > most {
			faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: field + part, Value: strconv.FormatInt(n, 10),
				Min: strconv.FormatInt(least, 10), Max: strconv.FormatInt(most, 10)})
		}
	}
	within(".drivers", d.Drivers, 1, maxCrew)
	if d.DriveS != 0 || d.RestS != 0 {
		within(".drive_s", d.DriveS, minDriveS, maxDutyS)
		within(".rest_s", d.RestS, minRestS, max(minRestS, d.DriveS/2))
	}
	if d.DayS != 0 || d.ResetS != 0 {
		within(".day_s", d.DayS, max(minDriveS, d.DriveS), maxDutyS)
		within(".reset_s", d.ResetS, max(minRestS, d.RestS), maxDutyS)
	}
	switch d.Counts {
	case "", RestsRoad, RestsWaiting, RestsStanding:
	default:
		faults.Require(false, field+".rests_at", ProblemMalformed, string(d.Counts))
	}
}
