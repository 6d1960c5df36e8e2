package freight

import "testing"

// TestBehind: room is not free because a plan says so, but when somebody said so.
func TestBehind(t *testing.T) {
	trip := Trip{State: TripUnderway, TripTerms: TripTerms{Lease: 100}, Plan: []Call{
		{Kind: CallStart, Leave: 10}, {Kind: CallPickup, Own: -1, Load: "a", Leave: 20}, {Kind: CallDelivery, Own: -1, Load: "a", Leave: 30},
		{Kind: CallVia, Own: 1, Leave: 40}, {Kind: CallEnd, Own: 2, Leave: 50},
	}}
	for at, want := range map[Instant]bool{10: true, 25: true, 30: true, 31: false, 45: false, 60: false} {
		if got := trip.Matchable(at); got != want {
			t.Errorf("at %d nobody said anything: takes loads %v, want %v", at, got, want)
		}
	}
	trip.Plan[2].Done = true
	for _, at := range []Instant{25, 31, 45, 60} {
		if !trip.Matchable(at) {
			t.Errorf("at %d the goods are handed over, and no load may join", at)
		}
	}
}
