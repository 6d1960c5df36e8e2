package freight

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const someDay = 1_700_000_000_000 / Day * Day

// Worked out by hand: points lose a thirtieth a day, and the steps are 6, 12 and 24.
func TestWhoIsAskedLater(t *testing.T) {
	days := func(n int) Instant { return someDay + Instant(n)*Day }
	for _, tc := range []struct {
		what   string
		past   Past
		on     int
		points int64
		rung   int
	}{
		{"nobody knows him", nil, 0, 0, 0},
		{"two posts lapsed today", Past{{Day: someDay, Lapsed: 2}}, 0, 6000, 1},
		{"and a day later", Past{{Day: someDay, Lapsed: 2}}, 1, 5800, 0},
		{"five silences and seven answers", Past{{Day: someDay, Asked: 12, Answered: 7}}, 0, 5000, 0},
		{"twelve noes", Past{{Day: someDay, Asked: 12, Answered: 12}}, 0, 0, 0},
		{"two bookings taken back with their trip", Past{{Day: someDay, Owed: 2, Cancelled: 1}}, 0, 13000, 2},
		{"and half a month later", Past{{Day: someDay, Owed: 2, Cancelled: 1}}, 15, 6500, 1},
		{"and a month later", Past{{Day: someDay, Owed: 2, Cancelled: 1}}, 30, 0, 0},
		{"four taken back, five kept", Past{{Day: someDay, Owed: 9, Kept: 5}}, 0, 24000, 3},
	} {
		costs, points := tc.past.Costs(days(tc.on))
		if rung := tc.past.Rung(days(tc.on)); points != tc.points || rung != tc.rung || RungOf(points) != rung {
			t.Errorf("%s: %d points, step %d (%+v); by hand %d and %d", tc.what, points, rung, costs, tc.points, tc.rung)
		}
	}
}

func TestThePastForgets(t *testing.T) {
	var p Past
	for day := range 100 {
		before := len(p)
		kept := append(Past(nil), p...)
		p = p.With(someDay+Instant(day)*Day+Hour, Tally{Asked: 1}).With(someDay+Instant(day)*Day+2*Hour, Tally{Answered: 1})
		if last := p[len(p)-1]; len(p) != min(day+1, 30) || last.Asked != 1 || last.Answered != 1 || last.Day != someDay+Instant(day)*Day {
			t.Fatalf("day %d: %d days, the last %+v", day, len(p), last)
		}
		if len(kept) != before || day > 0 && kept[before-1].Answered != 1 {
			t.Fatal("a past has changed")
		}
	}
}

// What an offer counts for when it ends.
func TestWhatTheEndOfAnOfferCounts(t *testing.T) {
	for _, tc := range []struct {
		what  string
		o     Offer
		asked int64
		said  int64
	}{
		{"yes", Offer{State: OfferAccepted}, 1, 1},
		{"no", Offer{State: OfferDeclined}, 1, 1},
		{"silence", Offer{State: OfferExpired, Latest: 9, Received: 3}, 1, 0},
		{"silence where clocks run from the start", Offer{State: OfferExpired}, 1, 0},
		{"it never reached him", Offer{State: OfferExpired, Latest: 9}, 0, 0},
		{"he named a price and the shipper slept", Offer{State: OfferExpired, Counter: 5, By: SideCarrier, Latest: 9, Received: 3}, 1, 1},
		{"the shipper named a price and he slept", Offer{State: OfferExpired, Counter: 5, By: SideShipper, Latest: 9, Received: 3}, 1, 0},
		{"somebody else was quicker", Offer{State: OfferSuperseded}, 0, 0},
		{"taken back", Offer{State: OfferWithdrawn}, 0, 0},
	} {
		if got := tc.o.Ended(); got.Asked != tc.asked || got.Answered != tc.said {
			t.Errorf("%s: %+v", tc.what, got)
		}
	}
}

// The table in the guide is the one that the code goes by.
func TestTheGuideShowsWhatCostsRank(t *testing.T) {
	text, err := os.ReadFile("../docs/trust.md")
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, w := range weights {
		found := strings.Index(string(text)[at:], "| `"+w.What+"`: ")
		if found < 0 {
			t.Fatalf("docs/trust.md does not show %s in its place", w.What)
		}
		line, _, _ := strings.Cut(string(text)[at+found:], "\n")
		if !strings.HasSuffix(line, fmt.Sprintf("| %d |", w.Points)) {
			t.Errorf("%s: %s", w.What, line)
		}
		at += found
	}
}
