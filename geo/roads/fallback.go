// Package roads answers how far and how long the road is. Fallback needs no
// road data; it stands behind geo.Router, the port that a road graph uses too.
package roads

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"pinhuo/geo"
)

// ErrSetting is wrapped where a setting of the fallback makes no sense.
var ErrSetting = errors.New("fallback router setting")

// DefaultFactor is the usual length of a road for each great-circle metre.
const DefaultFactor = 1.24

// DefaultKmh is the usual truck speed of the fallback in km/h; for trucks that
// roam freely on short hauls 30 is nearer.
const DefaultKmh = 60

// Fallback is the router without road data: great circle times a factor, and
// across the lower Yangtze over the best of its crossings.
//
// Its metres and seconds are never below great circle times factor, and obey
// the triangle rule all over Asia: each place is on one bank, the border between
// the banks is the river from Anqing to the sea, crossed at the crossings only,
// and beyond its ends a line that is crossed freely. That line does not close
// on the far side of the earth, so drives of half its girth may miss the rule.
type Fallback struct {
	river   *river
	atlas   *atlas
	banks   *banks
	shores  *shores
	speed   float64 // metres a second
	version string
	bound   geo.Bound
}

// NewFallback makes the router. factor is the road metres for each great-circle
// metre (1 to 10), kmh the speed (1 to 200); others fail with ErrSetting.
func NewFallback(factor, kmh float64) (*Fallback, error) {
	if !(factor >= 1 && factor <= 10) {
		return nil, fmt.Errorf("factor %v is not within 1..10: %w", factor, ErrSetting)
	}
	if !(kmh >= 1 && kmh <= 200) {
		return nil, fmt.Errorf("speed %v km/h is not within 1..200: %w", kmh, ErrSetting)
	}
	f := &Fallback{
		river: newRiver(factor), atlas: new(atlas), banks: new(banks), shores: new(shores), speed: kmh / 3.6,
		version: fmt.Sprintf("gc%g-%gkmh-x%d", factor, kmh, tableVersion),
	}
	f.bound = f.promise()
	return f, nil
}

// Method is "fallback".
func (f *Fallback) Method() string { return "fallback" }

// Version states factor, speed and the version of the table of crossings, such
// as "gc1.24-60kmh-x1".
func (f *Fallback) Version() string { return f.version }

// Symmetric tells that Between(a, b) equals Between(b, a).
func (f *Fallback) Symmetric() bool { return true }

// Pace is the most driving seconds that 1,000 km of road take.
func (f *Fallback) Pace() int64 { return int64(math.Ceil(1_000_000 / f.speed)) }

// Bound is the plain distance at the router's speed, beside the drives themselves.
func (f *Fallback) Bound() geo.Bound { return f.bound }

// promise finds the bound.
func (f *Fallback) promise() geo.Bound {
	drives, _ := fallbackDrives.LoadOrStore(f.version, &geo.Drives{
		Seconds: func(a, b geo.Point) int64 {
			_, s := f.Between(a, b)
			return s
		},
		Side: func(p geo.Point) uint8 { return uint8(f.banks.find(f.river, p).bank) },
		Across: func(p geo.Point, far geo.Vec, side uint8) float64 {
			return f.river.across(f.shores.find(f.river, p), &site{vec: far, bank: bank(side)}) / f.speed
		},
	})
	return geo.NewBound(f.river.factor / f.speed).With(drives.(*geo.Drives))
}

// fallbackDrives are those of every fallback by its version, so that equal ones have
// equal bounds.
var fallbackDrives sync.Map

// Between is the road from a to b. Metres and seconds are rounded up, each from
// the exact value: rounding up keeps the triangle rule, since
// ceil(x) + ceil(y) >= ceil(x+y).
func (f *Fallback) Between(a, b geo.Point) (metres, seconds int64) {
	from, to := f.banks.find(f.river, a), f.banks.find(f.river, b)
	if plain, ok := f.river.freely(&from, &to); ok {
		return f.round(plain)
	}
	// Most often one of the two is asked about again and again, and the other never again.
	here, there := f.atlas.known(a), f.atlas.known(b)
	switch {
	case here == nil && there == nil:
		here, there = f.atlas.find(f.river, a), f.atlas.find(f.river, b)
	case here == nil:
		here = &from
	case there == nil:
		there = &to
	}
	return f.round(f.river.between(here, there))
}

func (f *Fallback) round(m float64) (metres, seconds int64) {
	return int64(math.Ceil(m)), int64(math.Ceil(m / f.speed))
}

// Matrix answers all pairs. It fails with the context's error when ctx ends.
func (f *Fallback) Matrix(ctx context.Context, sources, targets []geo.Point) (geo.Matrix, error) {
	m := geo.NewMatrix(f.Method(), f.Version(), len(sources), len(targets))
	from, to := f.sites(sources), f.sites(targets)
	f.prepare(from, to)
	for i := range from {
		if err := ctx.Err(); err != nil {
			return geo.Matrix{}, fmt.Errorf("fallback matrix: %w", err)
		}
		for j := range to {
			metres, seconds := f.round(f.river.between(&from[i], &to[j]))
			m.Set(i, j, metres, seconds)
		}
	}
	return m, nil
}

func (f *Fallback) sites(points []geo.Point) []site {
	out := make([]site, len(points))
	for i, p := range points {
		out[i] = f.river.site(p)
	}
	return out
}

// prepare lets every site know its way to the landings, once instead of once a
// pair, where the river is in the way of any.
func (f *Fallback) prepare(lists ...[]site) {
	var seen [3]bool
	for _, list := range lists {
		for i := range list {
			seen[list[i].bank] = true
		}
	}
	if seen == [3]bool{north: true} || seen == [3]bool{south: true} || seen == [3]bool{island: true} {
		return
	}
	for _, list := range lists {
		for i := range list {
			list[i].reach = f.river.reach(list[i].vec)
		}
	}
}
