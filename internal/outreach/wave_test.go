package outreach

import (
	"testing"

	"pinhuo/freight"
)

// TestWaves: how many are asked at once, by the time that the load has.
func TestWaves(t *testing.T) {
	const now = freight.Instant(1_700_000_000_000)
	for _, c := range []struct {
		name           string
		answer, ends   freight.Instant // from now
		first, elapsed freight.Instant
		want           int
	}{
		{"nobody was asked yet", 4 * freight.Hour, 6 * freight.Hour, 0, 0, 3},
		{"a moment before the second wave", 4 * freight.Hour, 6 * freight.Hour, now, 10*freight.Minute - 1, 3},
		{"the second wave", 4 * freight.Hour, 6 * freight.Hour, now, 10 * freight.Minute, 6},
		{"the third", 4 * freight.Hour, 6 * freight.Hour, now, 20 * freight.Minute, 12},
		{"no fourth", 4 * freight.Hour, 6 * freight.Hour, now, 5 * freight.Hour, 12},
		{"an hour left: five minutes a wave", freight.Hour, 6 * freight.Hour, now, 5 * freight.Minute, 6},
		{"half an hour left: no longer three", 30*freight.Minute - 1, 6 * freight.Hour, now, 0, 6},
		{"ten minutes left: all at once", 10*freight.Minute - 1, 6 * freight.Hour, now, 0, 12},
		{"answered long ago: the pickup counts", -freight.Hour, 2 * freight.Hour, now, 0, 3},
	} {
		l := &freight.Load{}
		l.AnswerBy, l.Pickup.Window.Close = now+c.answer, now+c.ends
		if got := Width(now+c.elapsed, c.first, l); got != c.want {
			t.Errorf("%s: %d at once, want %d", c.name, got, c.want)
		}
	}
}

// TestReserved: partners have their time, but no more than a tenth of the load's.
func TestReserved(t *testing.T) {
	const now = freight.Instant(1_700_000_000_000)
	l := &freight.Load{Posted: now}
	l.Pickup.Window.Close = now + 2*freight.Hour
	said := &freight.PreferenceTerms{Partners: []freight.ID{"og_a"}, PartnersS: 600}
	for _, c := range []struct {
		seconds int64
		at      freight.Instant
		org     freight.ID
		want    bool
	}{
		{600, now, "og_b", true}, {600, now, "og_a", false}, {600, now + 10*freight.Minute - 1, "og_b", true},
		{600, now + 10*freight.Minute, "og_b", false}, {3600, now + 12*freight.Minute - 1, "og_b", true},
		{3600, now + 12*freight.Minute, "og_b", false}, {0, now, "og_b", false},
	} {
		said.PartnersS = c.seconds
		if got := Closed(c.at, l, said, c.org); got != c.want {
			t.Errorf("%d s, after %d s, %s: closed %v, want %v", c.seconds, c.at.Seconds(now), c.org, got, c.want)
		}
	}
	if Closed(now, l, nil, "og_b") {
		t.Error("closed by a shipper that says nothing")
	}
}

// A planner may look at its clock, be put off, and then find a load that was posted since.
func TestALoadPostedSinceThePlannerLookedAtItsClock(t *testing.T) {
	l := &freight.Load{Posted: 1000}
	if Closed(999, l, nil, "og_truck") {
		t.Error("a load of a firm without partners is kept for them")
	}
	if partners := (&freight.PreferenceTerms{Partners: []freight.ID{"og_friend"}}); !Closed(999, l, partners, "og_truck") || Closed(999, l, partners, "og_friend") {
		t.Error("it is not the partners' own")
	}
}
