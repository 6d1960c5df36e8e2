package outreach

import (
	"testing"

	"pinhuo/freight"
)

// TestSole: one at a time for as long as the shipper says, but half of the time to the
// answer is left for everybody, and each has half of what is left, two minutes at least.
func TestSole(t *testing.T) {
	const now = freight.Instant(1_700_000_000_000)
	for _, c := range []struct {
		name            string
		wants           int64           // seconds
		answer, elapsed freight.Instant // from now
		first, alone    bool
		clock           freight.Instant
	}{
		{"nothing said", 0, 4 * freight.Hour, 0, false, false, 0},
		{"an hour", 3600, 4 * freight.Hour, 0, false, true, 30 * freight.Minute},
		{"the second has half of the rest", 3600, 4 * freight.Hour, 30 * freight.Minute, false, true, 45 * freight.Minute},
		{"the last has two minutes", 3600, 4 * freight.Hour, 58 * freight.Minute, false, true, freight.Hour},
		{"no time for another", 3600, 4 * freight.Hour, 58*freight.Minute + 1, false, false, 0},
		{"over", 3600, 4 * freight.Hour, freight.Hour, false, false, 0},
		{"no more than half of the time to the answer", 86400, freight.Hour, 28 * freight.Minute, false, true, 30 * freight.Minute},
		{"half of it is over", 86400, freight.Hour, 30 * freight.Minute, false, false, 0},
		{"answered before it was posted anew: to the pickup", 86400, -freight.Hour, 3 * freight.Hour, false, false, 0},
		{"its truck was lost", 3600, 4 * freight.Hour, 0, true, false, 0},
	} {
		l := &freight.Load{Posted: now, First: c.first}
		l.ExclusiveS, l.AnswerBy, l.Pickup.Window.Close = c.wants, now+c.answer, now+6*freight.Hour
		at := now + c.elapsed
		if got := Sole(at, l); got != c.alone {
			t.Errorf("%s: alone %v", c.name, got)
		}
		if got := SoleClock(at, l); c.alone && got != now+c.clock {
			t.Errorf("%s: until %d s, want %d s", c.name, got.Seconds(now), c.clock/1000)
		}
	}
}
