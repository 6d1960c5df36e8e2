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

// finding is a trip that came near a load: both as they were at the instant,
// which is all that a verdict depends on.
type finding struct {
	trip *freight.Trip
	view *loadView
	at   freight.Instant
	said *said // nil until it is asked for
}

// said is a verdict without the terms.
type said struct {
	ok     bool
	reason freight.Reason
	by     int64
	unit   string
}

func saidOf(v *matcher.Verdict) *said {
	return &said{ok: v.OK, reason: v.Reason, by: v.By, unit: v.Unit}
}

// note adds findings. The list is looked through each time it has doubled.
func (f *findings) note(list ...finding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list)+len(list) > f.most {
		f.list = latest(f.list)
		f.most = 2 * (len(f.list) + len(list))
	}
	f.list = append(f.list, list...)
}

// remember adds findings that are older than all others.
func (f *findings) remember(list []finding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = latest(append(list, f.list...))
}

// latest returns the last finding on each trip.
func latest(list []finding) []finding {
	if len(list) == 0 {
		return nil
	}
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

// all returns the last verdict on each trip, in order of trip id. judge gives
// those that nobody has asked for before.
func (f *findings) all(judge func(*finding) matcher.Verdict) []matcher.Judged {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = latest(f.list)
	slices.SortFunc(f.list, func(a, b finding) int { return cmp.Compare(a.trip.ID, b.trip.ID) })
	judged := make([]matcher.Judged, 0, len(f.list))
	for i := range f.list {
		one := &f.list[i]
		if one.said == nil {
			verdict := judge(one)
			one.said = saidOf(&verdict)
		}
		judged = append(judged, matcher.Judged{Trip: one.trip, Load: one.view.load,
			Verdict: matcher.Verdict{OK: one.said.ok, Reason: one.said.reason, By: one.said.by, Unit: one.said.unit}})
	}
	return judged
}
