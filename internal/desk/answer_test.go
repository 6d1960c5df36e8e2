package desk

import (
	"testing"

	"pinhuo/freight"
)

// These were written by hand, from the sentences of the guide.
func TestWhatMakesATicket(t *testing.T) {
	for _, tc := range []struct {
		what string
		p    Plight
		want freight.TicketCause
	}{
		{"explained, nothing helps, nobody was asked", Plight{Answered: true, Left: freight.Hour}, ""},
		{"not explained in time", Plight{Left: freight.Hour}, freight.CauseUnexplained},
		{"not explained, though somebody is asked", Plight{Asked: 1}, freight.CauseUnexplained},
		{"explained, two said no", Plight{Answered: true, Refusers: 2}, freight.CauseRefused},
		{"explained, two said no, a third is asked", Plight{Answered: true, Refusers: 2, Asked: 1}, ""},
		{"explained, the change was made", Plight{Answered: true, Applied: true}, freight.CauseInVain},
		{"explained, the change was made and its truck said no", Plight{Answered: true, Applied: true, Refusers: 1}, freight.CauseInVain},
		{"explained, the change was made and somebody is asked", Plight{Answered: true, Applied: true, Asked: 1}, ""},
		{"lost an hour before the end", Plight{Lost: true, Left: freight.Hour}, freight.CauseLost},
		{"lost a moment too late", Plight{Lost: true, Left: Rematch - 1}, freight.CauseLost},
		{"lost just in time", Plight{Lost: true, Left: Rematch}, ""},
		{"lost in the morning, others had said no before", Plight{Lost: true, Left: freight.Day, Refusers: 3}, ""},
		{"lost in the morning, a changed load", Plight{Lost: true, Left: freight.Day, Applied: true}, ""},
	} {
		if got := Needs(tc.p); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.what, got, tc.want)
		}
	}
}

// Every cause stands in the table once, so that the guide tells all of them.
func TestEveryCauseHasItsRule(t *testing.T) {
	rows := map[freight.TicketCause]int{}
	for _, r := range rules {
		rows[r.cause]++
	}
	for _, cause := range freight.TicketCauses {
		if rows[cause] != 1 {
			t.Errorf("%s has %d rules", cause, rows[cause])
		}
	}
	if len(rows) != len(freight.TicketCauses) {
		t.Errorf("rules %v, causes %v", rows, freight.TicketCauses)
	}
}

func TestBareCountsByFirmAndLane(t *testing.T) {
	load := func(firm freight.ID, from, to string) freight.Load {
		l := freight.Load{Meta: freight.Meta{Org: firm}}
		l.Pickup.Place.Town, l.Delivery.Place.Town = from, to
		return l
	}
	got := Bare([]freight.Load{load("b", "Haimen", "Changzhou"), load("a", "Haimen", "Wuxi"), load("b", "Haimen", "Changzhou"), load("a", "Haimen", "Changzhou")})
	want := []freight.BareLine{{Firm: "b", From: "Haimen", To: "Changzhou", Loads: 2}, {Firm: "a", From: "Haimen", To: "Changzhou", Loads: 1}, {Firm: "a", From: "Haimen", To: "Wuxi", Loads: 1}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %+v, want %+v", i, got[i], want[i])
		}
	}
}
