package outreach

import (
	"testing"

	"pinhuo/freight"
)

func TestWhoWantsMoreIsAskedForMore(t *testing.T) {
	for _, tc := range []struct {
		what          string
		refused, most freight.Fen
		noes          int
		why           freight.Reason
		want          freight.Fen
	}{
		{"an eighth of the way", 1000, 17_000, 1, freight.ReasonPrice, 3000},
		{"a quarter more", 4000, 6000, 1, freight.ReasonDeclined, 5000},
		{"never above the most", 4000, 4100, 1, freight.ReasonDeclined, 4100},
		{"nothing is left", 4100, 4100, 1, freight.ReasonDeclined, 4100},
		{"it is above already", 4200, 4100, 1, freight.ReasonDeclined, 4200},
		{"enough is enough", 1000, 17_000, 6, freight.ReasonPrice, 1000},
		{"reminded twice", 1000, 17_000, 2, freight.ReasonExpiredOffer, 3000},
		{"silent for good", 1000, 17_000, 3, freight.ReasonExpiredOffer, 1000},
		{"the way is too long for him", 1000, 17_000, 1, freight.ReasonDetourDistance, 1000},
	} {
		if got := Better(tc.refused, tc.most, tc.noes, tc.why); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.what, got, tc.want)
		}
	}
}
