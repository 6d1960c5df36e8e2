package matcher

import (
	"cmp"
	"slices"

	"pinhuo/freight"
)

// Judged is one pair and its verdict. Rent is what the pair would take from others,
// in fen: the room of the trip from other loads, or the load from other trips.
type Judged struct {
	Trip    *freight.Trip
	Load    *freight.Load
	Verdict Verdict
	Rent    int64
}

// net is what the pair is worth to the market.
func (j *Judged) net() int64 { return j.Verdict.Value - j.Rent }

// Best returns at most n of the accepted pairs, best first: higher value
// after rent, then trip id, then load id. It leaves its argument as it is.
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
		cmp.Compare(b.net(), a.net()),
		cmp.Compare(a.Trip.ID, b.Trip.ID),
		cmp.Compare(a.Load.ID, b.Load.ID),
	)
}

// Hope is a candidate that has not been judged: what it can be worth at the most, and
// where it stands in its maker's list.
type Hope struct {
	Most int64
	At   int32
	Seen Sight // what Most was reckoned from
}

// Sight is how closely a candidate was looked at.
type Sight uint8

// The sights, one closer than the other.
const (
	ByTag    Sight = iota // the Tag, and what the index knows at a glance
	ByRecord              // the trip's record in the index too
	ByHeader              // and the Header: as near to the truth as it gets without judging
)

// Hopes hands out candidates with the most promising first: equals by their place in
// the list. It is a heap, because most are never asked for.
type Hopes []Hope

// Reset forgets all.
func (h *Hopes) Reset() { *h = (*h)[:0] }

// Add takes a candidate in; not after the first Next.
func (h *Hopes) Add(hope Hope) { *h = append(*h, hope) }

// Waits puts a candidate back that promises less than was thought, and tells so, if another
// promises more now. It is for the one that was taken last.
func (h *Hopes) Waits(hope Hope) bool {
	list := *h
	if len(list) == 0 || !list[0].before(hope) {
		return false
	}
	list = append(list, hope)
	*h = list
	for i := len(list) - 1; i > 0; {
		up := (i - 1) / 2
		if !list[i].before(list[up]) {
			break
		}
		list[i], list[up] = list[up], list[i]
		i = up
	}
	return true
}

// Order makes the heap of what was added, before the first Next.
func (h Hopes) Order() {
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.sink(i)
	}
}

// Next takes out the most promising candidate; false when there is none.
func (h *Hopes) Next() (Hope, bool) {
	list := *h
	if len(list) == 0 {
		return Hope{}, false
	}
	best, last := list[0], len(list)-1
	list[0] = list[last]
	*h = list[:last]
	h.sink(0)
	return best, true
}

func (h Hope) before(k Hope) bool { return h.Most > k.Most || h.Most == k.Most && h.At < k.At }

func (h Hopes) sink(i int) {
	for {
		k := 2*i + 1
		if k+1 < len(h) && h[k+1].before(h[k]) {
			k++
		}
		if k >= len(h) || !h[k].before(h[i]) {
			return
		}
		h[i], h[k] = h[k], h[i]
		i = k
	}
}
