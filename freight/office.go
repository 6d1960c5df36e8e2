package freight

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Office is when an officer is at work, by the market's clock. The zero Office is that of
// one who always is.
type Office struct {
	Days int64    `json:"days,omitempty"` // bit 0 is Monday; 0 for every day
	From int64    `json:"from"`           // minutes after midnight
	Till int64    `json:"till"`           // before From: of the next day; the same: round the clock
	Free []string `json:"free,omitempty"` // dates such as 2026-10-01 on which he is not there
}

// MaxFree is how many dates an Office may leave out.
const MaxFree = 100

// officeDays is for how many days ahead time at work is looked for. Longer than that
// nobody is away: clocks run as if he were there.
const officeDays = 2 * 366

// Always tells whether the Office has no hours: its officer is there at any time.
func (o *Office) Always() bool { return o.Days == 0 && o.From == 0 && o.Till == 0 && len(o.Free) == 0 }

// shift returns when work begins and ends that begins on the day that many days after that
// of a time, whose location is the market's; false where none does.
func (o *Office) shift(near time.Time, days int) (from, till Instant, ok bool) {
	y, m, d := near.Date()
	day := time.Date(y, m, d+days, 0, 0, 0, 0, near.Location())
	if o.Days != 0 && o.Days>>((int64(day.Weekday())+6)%7)&1 == 0 || slices.Contains(o.Free, day.Format(time.DateOnly)) {
		return 0, 0, false
	}
	till = Instant(o.Till)
	if o.Till <= o.From {
		till += dayMinutes
	}
	return At(day.Add(time.Duration(o.From) * time.Minute)), At(day.Add(time.Duration(till) * time.Minute)), true
}

// Open tells whether the officer is at work at the instant, by the clock of the IANA zone.
func (o *Office) Open(at Instant, zone string) bool {
	place, err := location(zone)
	if err != nil || o.Always() {
		return true
	}
	for day := -1; day <= 0; day++ {
		if from, till, ok := o.shift(at.Time().In(place), day); ok && from <= at && at < till {
			return true
		}
	}
	return false
}

// Plus returns when so much of the officer's time is over, from an instant on. Whole days
// of it are days on which he works: three of them end at the same time of the third after.
func (o *Office) Plus(at, span Instant, zone string) Instant {
	place, err := location(zone)
	if err != nil || o.Always() {
		return at + span
	}
	days, rest, into, begun := span/Day, span%Day, Instant(0), false
	for day := -1; day < officeDays; day++ {
		from, till, ok := o.shift(at.Time().In(place), day)
		if !ok || till <= at {
			continue
		}
		if !begun {
			into, begun = max(0, at-from), true
		}
		if days > 0 {
			days--
			continue
		}
		if left := till - from - into; rest <= left {
			return from + into + rest
		}
		rest, into = rest-(till-from-into), 0
	}
	return at + span
}

// Check notes what is wrong with the Office under the name of its field.
func (o *Office) Check(field string, f *Faults) {
	f.Require(o.Days >= 0 && o.Days < 1<<7, field+".days", ProblemRange, strconv.FormatInt(o.Days, 10))
	f.Require(o.From >= 0 && o.From < dayMinutes, field+".from", ProblemRange, strconv.FormatInt(o.From, 10))
	f.Require(o.Till >= 0 && o.Till < dayMinutes, field+".till", ProblemRange, strconv.FormatInt(o.Till, 10))
	f.Require(len(o.Free) <= MaxFree, field+".free", ProblemRange, strconv.Itoa(len(o.Free)))
	for i, date := range o.Free[:min(len(o.Free), MaxFree)] {
		_, err := time.Parse(time.DateOnly, date)
		f.Require(err == nil, fmt.Sprintf("%s.free[%d]", field, i), ProblemMalformed, date)
	}
}
