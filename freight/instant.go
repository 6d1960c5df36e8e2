package freight

import "time"

// Instant is a point in time: milliseconds since the Unix epoch, UTC.
type Instant int64

// Spans of time in the milliseconds an Instant counts.
const (
	Second Instant = 1000
	Minute         = 60 * Second
	Hour           = 60 * Minute
	Day            = 24 * Hour
)

// At converts a time to an Instant, dropping what is finer than a millisecond.
func At(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time converts the instant back, in UTC.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// String writes the instant as RFC 3339 in UTC.
func (i Instant) String() string { return i.Time().Format(time.RFC3339Nano) }

// After returns the instant s seconds later.
func (i Instant) After(s int64) Instant { return i + Instant(s)*Second }

// Seconds returns the whole seconds from j to i, rounded towards zero.
func (i Instant) Seconds(j Instant) int64 { return int64((i - j) / Second) }

// Window is the time in which service at a stop may begin, both ends included.
type Window struct {
	Open  Instant `json:"open"`
	Close Instant `json:"close"`
}

// Whole narrows the window to whole seconds: a finer opening moves up, a finer
// closing moves down, so nothing is promised that was not offered.
func (w Window) Whole() Window {
	if r := w.Open % Second; r > 0 {
		w.Open += Second - r
	}
	w.Close -= w.Close % Second
	return w
}
