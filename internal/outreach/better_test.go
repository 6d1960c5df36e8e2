package outreach

import (
	"testing"

	"pinhuo/freight"
)

func TestWhoWantsMoreIsAskedForMore(t *testing.T) {
	for _, tc := range []struct {
		what          string
		refused, most freight.Fen
		want          freight.Fen
	}{
		{"an eighth of the way", 1000, 17_000, 3000},
		{"a quarter more", 4000, 6000, 5000},
		{"no more than half of what is left", 4000, 5000, 4500},
		{"no less than a twentieth", 4500, 4800, 4725},
		{"never above the most", 4000, 4100, 4100},
		{"nothing is left", 4100, 4100, 4100},
		{"it is above already", 4200, 4100, 4200},
	} {
		if got := Better(tc.refused, tc.most); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.what, got, tc.want)
		}
	}
}

func TestNobodyIsAskedForEver(t *testing.T) {
	for _, tc := range []struct {
		what           string
		noes, silences int
		why            freight.Reason
		want           bool
	}{
		{"he said no", 1, 0, freight.ReasonDeclined, true},
		{"he wants more still", 5, 0, freight.ReasonPrice, true},
		{"enough is enough", 6, 0, freight.ReasonPrice, false},
		{"reminded once", 1, 1, freight.ReasonExpiredOffer, true},
		{"reminded twice", 2, 2, freight.ReasonExpiredOffer, true},
		{"silent for good", 3, 3, freight.ReasonExpiredOffer, false},
		{"silent, but he spoke between", 4, 2, freight.ReasonExpiredOffer, true},
		{"spoke at last, and was silent too often before", 4, 3, freight.ReasonDeclined, false},
		{"the way is too long for him", 1, 0, freight.ReasonDetourDistance, false},
	} {
		if got := Again(tc.noes, tc.silences, tc.why); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.what, got, tc.want)
		}
	}
}
