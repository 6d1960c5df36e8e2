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
// the market: each is small, and has one pointer for the collector to follow.
type findings struct {
	mu    sync.Mutex
	list  []noted // the latest on a trip counts
	views []*loadView
	said  []said
	most  int // length at which earlier ones are next left out
}

// noted is a finding as it is kept.
type noted struct {
	*outline
	at   freight.Instant
	view int32 // index into views
	said int32 // 1 + index into said, 0 where nothing is
}

// finding is a trip that came near a load: both as they were at the instant,
// which is all that a verdict depends on.
type finding struct {
	*outline
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
		f.keep(latest(f.flat()))
		f.most = 2 * (len(f.list) + len(list))
	}
	f.add(list)
}

// remember adds findings that are older than all others.
func (f *findings) remember(list []finding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keep(latest(append(list, f.flat()...)))
}

// flat is everything that is kept.
func (f *findings) flat() []finding {
	if len(f.list) == 0 {
		return nil
	}
	list := make([]finding, len(f.list))
	for i, one := range f.list {
		list[i] = finding{outline: one.outline, view: f.views[one.view], at: one.at}
		if one.said > 0 {
			list[i].said = &f.said[one.said-1]
		}
	}
	return list
}

// keep puts a list in the place of everything that is kept.
func (f *findings) keep(list []finding) {
	f.list, f.views, f.said = nil, nil, nil
	f.add(list)
}

func (f *findings) add(list []finding) {
	f.list = slices.Grow(f.list, len(list))
	for _, one := range list {
		if n := len(f.views); n == 0 || f.views[n-1] != one.view {
			f.views = append(f.views, one.view)
		}
		kept := noted{outline: one.outline, at: one.at, view: int32(len(f.views) - 1)}
		if one.said != nil {
			f.said = append(f.said, *one.said)
			kept.said = int32(len(f.said))
		}
		f.list = append(f.list, kept)
	}
}

// latest returns the last finding on each trip.
func latest(list []finding) []finding {
	if len(list) == 0 {
		return nil
	}
	seen := make(map[freight.ID]bool, len(list))
	kept := list[:0:0]
	for _, one := range slices.Backward(list) {
		if id := one.ID(); !seen[id] {
			seen[id] = true
			kept = append(kept, one)
		}
	}
	slices.Reverse(kept)
	return kept
}

// all returns the last verdict on each trip, in order of trip id. judge gives
// those that nobody has asked for before.
func (f *findings) all(judge func(*finding, *freight.Trip) matcher.Verdict) []matcher.Judged {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := latest(f.flat())
	judged := make([]matcher.Judged, len(list))
	for i := range list {
		one := &list[i]
		trip := one.Unpack()
		if one.said == nil {
			verdict := judge(one, trip)
			one.said = saidOf(&verdict)
		}
		judged[i] = matcher.Judged{Trip: trip, Load: one.view.load,
			Verdict: matcher.Verdict{OK: one.said.ok, Reason: one.said.reason, By: one.said.by, Unit: one.said.unit}}
	}
	f.keep(list)
	slices.SortFunc(judged, func(a, b matcher.Judged) int { return cmp.Compare(a.Trip.ID, b.Trip.ID) })
	return judged
}
