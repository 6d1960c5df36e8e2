package roads

import (
	"cmp"
	"slices"
	"sync/atomic"

	"pinhuo/geo"
)

// shoresSize is how many places' shores are remembered: more than are asked about at one
// time. A power of two; all of them take less than 4 MB.
const shoresSize = 1 << 12

// shores remembers places from which the drives to many on the other bank are asked for. A
// place may be forgotten for another one. It is safe for concurrent use.
type shores struct {
	pages [shoresSize]atomic.Pointer[shore]
}

// shore is a place on a bank and what every way from there over the river comes to, the
// nearest first.
type shore struct {
	at     geo.Point
	site   site
	landed []landed
}

// landed is where a way has come over the river, after so many metres.
type landed struct {
	metres float64
	at     geo.Vec
}

func (s *shores) find(r *river, p geo.Point) *shore {
	page := &s.pages[pageOf(p)%shoresSize]
	if known := page.Load(); known != nil && known.at == p {
		return known
	}
	made := &shore{at: p, site: r.site(p)}
	made.site.reach = r.reach(made.site.vec)
	for _, w := range r.ways {
		from, to := w.from, w.to
		if made.site.bank == south {
			from, to = to, from
		}
		made.landed = append(made.landed, landed{made.site.reach[from] + w.metres, r.landings[to].vec})
	}
	slices.SortFunc(made.landed, func(a, b landed) int { return cmp.Compare(a.metres, b.metres) })
	page.Store(made)
	return made
}

// across is the road in metres between the shore's place and one on another bank, as
// between reckons it. A straight line through the earth tells of most ways that they are
// longer than the best.
func (r *river) across(s *shore, far *site) float64 {
	if s.site.bank == island || far.bank == island || s.site.bank == far.bank {
		return r.between(&s.site, far)
	}
	a, b := &s.site, far
	if a.bank == south {
		a, b = b, a
	}
	plain, best := r.plain(a.vec, b.vec), r.beyond(a, b)
	if best <= plain {
		return plain
	}
	for i := range s.landed {
		l := &s.landed[i]
		if l.metres >= best {
			break
		}
		x, y, z := l.at.X-far.vec.X, l.at.Y-far.vec.Y, l.at.Z-far.vec.Z
		if room := (best - l.metres) / r.factor / geo.EarthRadiusM; x*x+y*y+z*z < room*room {
			best = min(best, l.metres+r.plain(far.vec, l.at))
		}
	}
	return max(best, plain)
}
