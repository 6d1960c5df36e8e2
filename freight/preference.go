package freight

import (
	"strconv"
	"unicode/utf8"
)

// Preference is how an organization wants to be asked, or whom its loads are asked
// of first. An organization has at most one.
type Preference struct {
	Meta
	PreferenceTerms
}

// PreferenceTerms is what an organization says about asking. The zero value says
// nothing: everybody who fits is asked at any time.
type PreferenceTerms struct {
	// Of a shipper.
	Partners  []ID  `json:"partners,omitempty"`   // organizations that are asked first
	PartnersS int64 `json:"partners_s,omitempty"` // seconds after posting for which nobody else is asked

	// Of an operator.
	Budget  int64  `json:"budget,omitempty"` // offers put before it in an hour at the most; 0 for any number
	Quiet   Quiet  `json:"quiet,omitzero"`
	Driving bool   `json:"driving,omitempty"` // somebody else than the driver answers: ask also while a truck drives
	Lanes   []Lane `json:"lanes,omitempty"`
}

// Quiet is the part of each day in which an operator is not asked, in minutes
// after midnight by the market's clock, From included and Till not; From above Till
// goes over midnight. From equal to Till is none.
type Quiet struct {
	From   int64 `json:"from"`
	Till   int64 `json:"till"`
	Urgent bool  `json:"urgent,omitempty"` // ask all the same about a load that cannot wait until Till
}

// Lane is a way that an operator wants loads on: it is asked first about them. With
// Auto it takes them at once.
type Lane struct {
	Name  string     `json:"name"`
	From  LaneEnd    `json:"from"`
	To    LaneEnd    `json:"to"`
	Days  int64      `json:"days,omitempty"` // of the pickup: bit 0 is Monday; 0 for any
	Least Fen        `json:"least,omitempty"`
	Most  Room       `json:"most,omitzero"` // that the load takes at the most; each 0 for any
	Needs Capability `json:"needs,omitempty"`
	// Special tells that dangerous goods and those that are kept at a temperature are
	// wanted too.
	Special bool `json:"special,omitempty"`
	Auto    bool `json:"auto,omitempty"`
}

// LaneEnd is a place and how far around it a stop may lie.
type LaneEnd struct {
	Point   Point  `json:"point"`
	Town    string `json:"town"`
	RadiusM int64  `json:"radius_m"`
}

// Bounds of what a preference may say.
const (
	MaxPartners   = 200
	MaxPartnersS  = 4 * 3600
	MaxBudget     = 1000
	MaxLanes      = 50 // of one organization
	MaxLaneName   = 40
	MaxLaneRadius = 200_000 // metres
	minLaneRadius = 1_000
	dayMinutes    = 24 * 60
)

// SetPreference replaces what an organization says about asking.
type SetPreference struct {
	Version int64 // that it replaces, 0 for whatever there is
	Terms   PreferenceTerms
}

// AskLater has a load or a trip planned again at an instant at which more may be
// asked than now.
type AskLater struct {
	ID ID
	At Instant
}

func (a SetPreference) act() Naming { return Naming{"set_preference", "", a.Version} }
func (a AskLater) act() Naming      { return Naming{"ask_later", a.ID, 0} }

// The kinds of clocks of asking.
const (
	ClockWave  ClockKind = "wave"  // more operators may be asked about a load at once
	ClockLater ClockKind = "later" // an operator may be asked about a load, or by a trip, who could not be before
)

// KindPreference is the kind of a Change of a preference, PrefixPreference begins
// its id.
const (
	KindPreference   = "preference"
	PrefixPreference = "pf"
)

// The events about asking.
const (
	EventPreferenceSet EventType = "pinhuo.preference.set"      // to an organization: what it says about asking has changed
	EventOfferReceived EventType = "pinhuo.offer.received"      // to an operator: it has reached one of its devices, and its clock runs
	EventOfferRuled    EventType = "pinhuo.offer.auto_accepted" // to an operator: one of its lanes has taken the offer
)

// Says tells whether the quiet hours are any.
func (q Quiet) Says() bool { return q.From != q.Till }

// Until returns when the quiet hours end that the instant lies in, by a clock that is
// so much ahead of UTC; the instant itself where it lies in none.
func (q Quiet) Until(at, ahead Instant) Instant {
	if !q.Says() {
		return at
	}
	local := at + ahead
	since, length := local-floorDiv(local, Day)*Day-Instant(q.From)*Minute, Instant((q.Till-q.From+dayMinutes)%dayMinutes)*Minute
	if since < 0 {
		since += Day
	}
	if since >= length {
		return at
	}
	return at - since + length
}

// Ahead returns by how much the clock of the IANA zone is ahead of UTC at the instant;
// 0 for a zone that is not known.
func (i Instant) Ahead(zone string) Instant {
	place, err := location(zone)
	if err != nil {
		return 0
	}
	_, s := i.Time().In(place).Zone()
	return Instant(s) * Second
}

// Weekday returns the day of the week of the instant by the clock of the IANA zone,
// 0 for Monday.
func (i Instant) Weekday(zone string) int64 {
	return int64((floorDiv(i+i.Ahead(zone), Day)%7 + 7 + 3) % 7)
}

// Check returns an Invalid error that names everything that is wrong with the terms.
func (p *PreferenceTerms) Check() error {
	var f Faults
	within := func(field string, n, least, most int64) {
		if n < least || n > most {
			f.Add(Error{Code: Invalid, Problem: ProblemRange, Field: field, Value: strconv.FormatInt(n, 10),
				Min: strconv.FormatInt(least, 10), Max: strconv.FormatInt(most, 10)})
		}
	}
	within("partners", int64(len(p.Partners)), 0, MaxPartners)
	within("partners_s", p.PartnersS, 0, MaxPartnersS)
	within("budget", p.Budget, 0, MaxBudget)
	within("quiet.from", p.Quiet.From, 0, dayMinutes-1)
	within("quiet.till", p.Quiet.Till, 0, dayMinutes-1)
	within("lanes", int64(len(p.Lanes)), 0, MaxLanes)
	for i := range p.Lanes[:min(len(p.Lanes), MaxLanes)] {
		p.Lanes[i].check("lanes["+strconv.Itoa(i)+"]", &f, within)
	}
	return f.Err()
}

func (l *Lane) check(field string, f *Faults, within func(field string, n, least, most int64)) {
	f.Require(l.Name != "", field+".name", ProblemRequired, "")
	f.Require(utf8.ValidString(l.Name) && utf8.RuneCountInString(l.Name) <= MaxLaneName, field+".name", ProblemRange, l.Name)
	for _, end := range []struct {
		name string
		at   *LaneEnd
	}{{".from", &l.From}, {".to", &l.To}} {
		within(field+end.name+".radius_m", end.at.RadiusM, minLaneRadius, MaxLaneRadius)
		within(field+end.name+".lat", int64(end.at.Point.LatE7), -900_000_000, 900_000_000)
		within(field+end.name+".lng", int64(end.at.Point.LngE7), -1_800_000_000, 1_800_000_000)
		f.Require(utf8.RuneCountInString(end.at.Town) <= MaxRef, field+end.name+".town", ProblemRange, end.at.Town)
	}
	within(field+".days", l.Days, 0, 1<<7-1)
	within(field+".least", int64(l.Least), 0, int64(MaxFen))
	within(field+".most.g", l.Most.Grams, 0, 1<<40)
	within(field+".most.ml", l.Most.Millilitres, 0, 1<<40)
	within(field+".most.floor_mm", l.Most.FloorMM, 0, 1<<40)
}

// Decline is an operator's no that is remembered for a vehicle: what it was asked and
// why it would not.
type Decline struct {
	Vehicle ID
	At      Instant
	Reason  Reason
	DetourM int64
	DetourS int64
	Price   Fen
}

// Reached is how many offers were put before an operator in the hour that begins at
// an instant.
type Reached struct {
	Org  ID
	Hour Instant
	N    int64
}

// HourOf returns the beginning of the hour that the instant lies in.
func HourOf(at Instant) Instant { return at - at%Hour }

// DeclineMemory is for how long a Decline is remembered.
const DeclineMemory = 7 * Day

// Remembered are the reasons of a decline that tell what the next offer has to be
// like.
var Remembered = []Reason{ReasonDetourDistance, ReasonDetourTime, ReasonPrice}
