package matcher

import (
	"cmp"
	"slices"

	"pinhuo/freight"
)

// Judged is one pair and its verdict.
type Judged struct {
	Trip    *freight.Trip
	Load    *freight.Load
	Verdict Verdict
}

// Best returns at most n of the accepted pairs, best first: higher value, then
// trip id, then load id. It leaves its argument as it is.
func Best(judged []Judged, n int) []Judged {
	ranked := make([]*Judged, 0, len(judged))
	for i := range judged {
		if judged[i].Verdict.OK {
			ranked = append(ranked, &judged[i])
		}
	}
	slices.SortFunc(ranked, byValue)
	best := make([]Judged, min(max(n, 0), len(ranked)))
	for i := range best {
		best[i] = *ranked[i]
	}
	return best
}

func byValue(a, b *Judged) int {
	return cmp.Or(
		cmp.Compare(b.Verdict.Value, a.Verdict.Value),
		cmp.Compare(a.Trip.ID, b.Trip.ID),
		cmp.Compare(a.Load.ID, b.Load.ID),
	)
}
