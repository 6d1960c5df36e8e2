package freight

import (
	_ "embed" // the table of leases
	"fmt"
	"slices"
)

//go:embed leases.json
var defaultLeases []byte

// LeaseKind is what is posted, as the table of leases tells it apart.
type LeaseKind string

// The kinds of what is posted.
const (
	LeaseLoad    LeaseKind = "load"
	LeaseTrip    LeaseKind = "trip"
	LeaseRoaming LeaseKind = "roaming" // a trip without a destination
	LeaseDrive   LeaseKind = "drive"   // a trip with bookings: its term ends so long before it sets out
)

// LeaseRow is one line of the table: what is posted with at most so much time left is
// asked after anew each term, so long before the term ends.
type LeaseRow struct {
	Kind    LeaseKind `json:"kind"`
	WithinS int64     `json:"within_s"` // to the end of a load's pickup, a trip's departure, a roaming trip's horizon; 0 for any time
	TermS   int64     `json:"term_s"`   // 0 where it is not asked after: its own end is near
	NoticeS int64     `json:"notice_s"`
}

// Leases is the table by which owners are asked whether what they posted is still true.
// The rows of a kind stand together, the nearest first, and the last is for any time.
type Leases struct {
	From int64      `json:"from"` // minutes after midnight by the market's clock: no term ends before,
	Till int64      `json:"till"` // nor after
	Rows []LeaseRow `json:"rows"`
}

// Lease is until when what an owner posted counts as true. The zero value is that of
// what is not asked after: it counts until it ends by itself.
type Lease struct {
	Until Instant `json:"until,omitempty"`
	Ask   Instant `json:"ask,omitempty"`   // when he is asked
	Asked Instant `json:"asked,omitempty"` // when he was, since he last said that it is true; 0 for not yet
}

// DefaultLeases returns the built-in table.
func DefaultLeases() Leases {
	l, err := ParseLeases(defaultLeases)
	if err != nil {
		panic(fmt.Sprintf("freight: built-in table of leases: %v", err))
	}
	return l
}

// ParseLeases reads a table of leases; an Invalid error names what is wrong in it.
func ParseLeases(text []byte) (Leases, error) {
	var l Leases
	if _, err := decodeTable(text, &l); err != nil {
		return Leases{}, &Error{Code: Invalid, Problem: ProblemMalformed, Field: "leases", Cause: err}
	}
	var faults Faults
	faults.Require(l.From >= 0 && l.From < l.Till && l.Till <= dayMinutes, "leases.till", ProblemRange, fmt.Sprint(l.Till))
	last, known := map[LeaseKind]int64{}, []LeaseKind{LeaseLoad, LeaseTrip, LeaseRoaming, LeaseDrive}
	for i, row := range l.Rows {
		field := fmt.Sprintf("leases.rows[%d]", i)
		before, again := last[row.Kind]
		faults.Require(slices.Contains(known, row.Kind), field+".kind", ProblemUnknown, string(row.Kind))
		faults.Require(row.WithinS >= 0 && (!again || before != 0 && (row.WithinS > before || row.WithinS == 0)), field+".within_s", ProblemRange, fmt.Sprint(row.WithinS))
		faults.Require(row.NoticeS >= 0 && row.TermS >= row.NoticeS && (row.TermS == 0 || row.NoticeS > 0), field+".notice_s", ProblemRange, fmt.Sprint(row.NoticeS))
		last[row.Kind] = row.WithinS
	}
	for _, kind := range known {
		within, there := last[kind]
		faults.Require(there && within == 0, "leases.rows."+string(kind), ProblemRequired, "")
	}
	return l, faults.Err()
}

// Load returns the lease of a load whose owner says at an instant that it is true.
func (l *Leases) Load(load *LoadTerms, now Instant, zone string) Lease {
	return l.of(LeaseLoad, now, load.Pickup.Window.Close, zone)
}

// Trip returns the lease of a trip whose operator says at an instant that it is true.
func (l *Leases) Trip(t *TripTerms, now Instant, zone string) Lease {
	if t.Roaming {
		return l.of(LeaseRoaming, now, min(t.Horizon, t.Lease), zone)
	}
	return l.of(LeaseTrip, now, min(t.Starts(), t.Lease), zone)
}

// of returns the lease of what ends by itself at an instant. A term that would end by
// night ends in the morning; one that ends when no time is left to answer is none.
func (l *Leases) of(kind LeaseKind, now, ends Instant, zone string) Lease {
	if l == nil {
		return Lease{}
	}
	at := slices.IndexFunc(l.Rows, func(r LeaseRow) bool {
		return r.Kind == kind && (r.WithinS == 0 || ends-now <= Instant(r.WithinS)*Second)
	})
	if at < 0 || l.Rows[at].TermS == 0 {
		return Lease{}
	}
	notice := Instant(l.Rows[at].NoticeS) * Second
	until := l.byDay(now+Instant(l.Rows[at].TermS)*Second, zone)
	if until+notice > ends {
		return Lease{}
	}
	return Lease{Until: until, Ask: until - notice}
}

// byDay returns the instant, or the next morning where it lies in the night.
func (l *Leases) byDay(at Instant, zone string) Instant {
	night := Quiet{From: l.Till % dayMinutes, Till: l.From}
	return night.Until(at, at.Ahead(zone))
}

// Again is whether the operator of a trip with bookings has said once more that he drives.
type Again struct {
	Lease
	Said   Instant `json:"said,omitempty"`   // when he did, 0 for not yet
	Silent Instant `json:"silent,omitempty"` // when his shippers were told that he has not, 0 for never
}

// Fresh is for how long before the question a word counts: who has just said that he
// drives is not asked.
const Fresh = 6 * Hour

// Drive returns when the operator of a trip is asked once more whether he drives, should
// somebody have booked on it: he answers so long before it sets out, or the evening before.
func (l *Leases) Drive(t *TripTerms, zone string) Again {
	at := -1
	if l != nil {
		at = slices.IndexFunc(l.Rows, func(r LeaseRow) bool { return r.Kind == LeaseDrive })
	}
	if at < 0 || l.Rows[at].TermS == 0 {
		return Again{}
	}
	until := t.Starts() - Instant(l.Rows[at].TermS)*Second
	if morning := l.byDay(until, zone); morning != until {
		until = morning - Instant((l.From-l.Till+dayMinutes)%dayMinutes)*Minute
	}
	return Again{Lease: Lease{Until: until, Ask: until - Instant(l.Rows[at].NoticeS)*Second}}
}

// Due tells whether the operator is still to be asked, or to answer.
func (a *Again) Due() bool { return a.Until != 0 && a.Said == 0 && a.Silent == 0 }

// Open tells whether he was asked and has not answered, in time or not.
func (a *Again) Open() bool { return a.Asked != 0 && a.Said == 0 }

// Over tells whether nobody has said in time, asked, that it is still true.
func (l Lease) Over(now Instant) bool { return l.Until != 0 && l.Asked != 0 && l.Until < now }

// Reminded returns the lease once its owner has been asked: he has his full notice from
// then on, however late the question is.
func (l Lease) Reminded(now Instant) Lease {
	l.Until, l.Asked = max(l.Until, now+l.Until-l.Ask), now
	return l
}

// KeepLoad says that a load is still true. One that has lapsed comes back as it was.
type KeepLoad struct {
	Load    ID
	Version int64 // 0 for whatever there is
}

// KeepTrip says that a trip is still true. One that has lapsed takes loads again.
type KeepTrip struct {
	Trip    ID
	Version int64 // 0 for whatever there is
}

func (a KeepLoad) act() Naming { return Naming{"keep_load", a.Load, a.Version} }
func (a KeepTrip) act() Naming { return Naming{"keep_trip", a.Trip, a.Version} }

// The kinds of clocks of leases.
const (
	ClockStill ClockKind = "still" // its owner is asked whether what he posted is still true
	ClockLapse ClockKind = "lapse" // he has not said so
)

// The events about leases, to who posted it.
const (
	EventLoadStill  EventType = "pinhuo.load.still_true" // it is asked whether the load still is: it lapses otherwise
	EventLoadKept   EventType = "pinhuo.load.kept"
	EventLoadLapsed EventType = "pinhuo.load.lapsed"
	EventTripStill  EventType = "pinhuo.trip.still_true"
	EventTripKept   EventType = "pinhuo.trip.kept"

	EventTripAgain        EventType = "pinhuo.trip.reconfirm"   // the operator is asked whether he drives as booked
	EventTripReconfirmed  EventType = "pinhuo.trip.reconfirmed" // he says so
	EventTripUnconfirmed  EventType = "pinhuo.trip.unconfirmed" // he did not in time: his shippers are told, and the desk
	EventBookingAgain     EventType = "pinhuo.booking.reconfirmed"
	EventBookingUncertain EventType = "pinhuo.booking.unconfirmed"
)
