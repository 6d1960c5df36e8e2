package outreach

import (
	"testing"

	"pinhuo/freight"
)

func TestExpiry(t *testing.T) {
	const now = freight.Instant(1_700_000_000_000)
	for departure, want := range map[freight.Instant]freight.Instant{
		now + 10*freight.Hour:   now + 15*freight.Minute,
		now + freight.Hour:      now + 15*freight.Minute,
		now + 20*freight.Minute: now + 5*freight.Minute,
		now:                     now + freight.Second,
		now - freight.Hour:      now + freight.Second,
	} {
		if got := Expiry(now, departure); got != want {
			t.Errorf("departure in %d s: expires in %d s, want %d", departure.Seconds(now), got.Seconds(now), want.Seconds(now))
		}
	}
}
