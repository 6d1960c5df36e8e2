package audit

import (
	"testing"

	"pinhuo/freight"
)

// Two offers are open on a truck, and both are taken at one instant. What fitted only
// between the two was given away; what fitted before, or came up beside what was offered
// at that instant and is worth less than it, was not.
func TestWhatWasAskedBeforeComesFirst(t *testing.T) {
	const before, now = 1000, 2000
	for _, c := range []struct {
		what    string
		made    freight.Instant
		left    freight.Fen // of what was taken
		since   freight.Instant
		waiting freight.Fen // is left of the pair
		given   bool
	}{
		{"asked before, of less", before, 10, now, 50, true},
		{"asked at the instant, of less", now, 10, now, 50, false},
		{"asked at the instant, of more", now, 90, now, 50, true},
		{"fitted before the instant", before, 10, before, 50, false},
	} {
		h := newHistory(&world{}, &Judge{})
		h.now = now
		h.taken(&freight.Offer{Meta: freight.Meta{Made: c.made}, State: freight.OfferAccepted, Trip: "tr_1", Terms: freight.Terms{Alone: c.left}})
		if got := h.givenAway(wait{Pair{Trip: "tr_1", At: c.since}, c.waiting}); got != c.given {
			t.Errorf("%s: given away %v", c.what, got)
		}
	}
}
