package dispatch

import (
	"cmp"
	"slices"
	"sync"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// findings is what planners found out about one load, kept until it has had its
// last explanation. There are as many as trips came near, for every open load of
// the market, so each is small.
type findings struct {
	mu   sync.Mutex
	list []finding // the latest on a trip counts
	most int       // length at which earlier ones are next left out
}

// finding is a verdict without the terms.
type finding struct {
	trip   *freight.Trip
	load   *freight.Load
	ok     bool
	reason freight.Reason
	by     int64
	unit   string
}

func findingOf(pair *matcher.Judged) finding {
	v := &pair.Verdict
	return finding{trip: pair.Trip, load: pair.Load, ok: v.OK, reason: v.Reason, by: v.By, unit: v.Unit}
}

// note adds verdicts. The list is looked through each time it has doubled.
func (f *findings) note(list ...finding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list)+len(list) > f.most {
		f.list = latest(f.list)
		f.most = 2 * (len(f.list) + len(list))
	}
	f.list = append(f.list, list...)
}

// latest returns the last finding on each trip.
func latest(list []finding) []finding {
	seen := make(map[freight.ID]bool, len(list))
	kept := list[:0:0]
	for _, one := range slices.Backward(list) {
		if !seen[one.trip.ID] {
			seen[one.trip.ID] = true
			kept = append(kept, one)
		}
	}
	slices.Reverse(kept)
	return kept
}

// all returns the last verdict on each trip, in order of trip id.
func (f *findings) all() []matcher.Judged {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []matcher.Judged
	for _, one := range latest(f.list) {
		list = append(list, matcher.Judged{Trip: one.trip, Load: one.load,
			Verdict: matcher.Verdict{OK: one.ok, Reason: one.reason, By: one.by, Unit: one.unit}})
	}
	slices.SortFunc(list, func(a, b matcher.Judged) int { return cmp.Compare(a.Trip.ID, b.Trip.ID) })
	return list
}
