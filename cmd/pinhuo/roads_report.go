package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"text/tabwriter"

	"pinhuo/geo"
	"pinhuo/geo/places"
	"pinhuo/geo/roads"
)

// roadsReport holds the estimates against the roads.
type roadsReport struct {
	roadFile
	Pairs int    `help:"Pairs of towns." default:"200"`
	Seed  uint64 `help:"Seed of the pairs." default:"1"`
}

// townPair is a drive from town to town, measured three ways.
type townPair struct {
	from, to           places.Place
	leg                roads.Leg
	line               []geo.Point
	fallbackM, crowM   int64 // the estimate, and great circle × 1.3
	offFallback, offGC float64
}

// Run prints all pairs, the mean errors and the ten worst with what makes them so.
func (c *roadsReport) Run(ctx context.Context, io streams) (err error) {
	g, r, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	fallback, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		return err
	}
	gazetteer, err := places.Load()
	if err != nil {
		return err
	}
	draw := rand.New(rand.NewPCG(c.Seed, 1))
	towns := townsOn(r, gazetteer.Sample(draw, gazetteer.Len()))
	if len(towns) < 2 {
		return fmt.Errorf("fewer than two towns lie on the roads of %s", c.Roads)
	}
	var pairs []townPair
	for len(pairs) < c.Pairs && ctx.Err() == nil {
		a, b := towns[draw.IntN(len(towns))], towns[draw.IntN(len(towns))]
		if a.ID == b.ID || geo.GreatCircleM(a.Point, b.Point) < 5000 {
			continue
		}
		pair, err := newTownPair(r, fallback, a, b)
		if err != nil {
			return err
		}
		pairs = append(pairs, pair)
	}
	return errors.Join(ctx.Err(), printPairs(io, pairs))
}

// townsOn are the towns that may be driven to.
func townsOn(r *roads.Router, all []places.Place) (out []places.Place) {
	var s roads.Snap
	for _, p := range all {
		if (p.Kind == places.Town || p.Kind == places.County) && p.Bookable() && r.Snap(p.Point, &s) == nil {
			out = append(out, p)
		}
	}
	return out
}

func newTownPair(r *roads.Router, fallback *roads.Fallback, a, b places.Place) (townPair, error) {
	leg, course, err := r.Path(a.Point, b.Point)
	if err != nil {
		return townPair{}, err
	}
	p := townPair{from: a, to: b, leg: leg, line: course.Line}
	p.fallbackM, _ = fallback.Between(a.Point, b.Point)
	p.crowM = int64(geo.GreatCircleM(a.Point, b.Point) * 1.3)
	p.offFallback, p.offGC = float64(p.fallbackM)/float64(leg.Metres)-1, float64(p.crowM)/float64(leg.Metres)-1
	return p, nil
}

func printPairs(io streams, pairs []townPair) error {
	w := tabwriter.NewWriter(io.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "road km\tof it access\testimate km\terror\tgreat circle × 1.3 km\terror\t\tfrom, to\n")
	var fallback, crow float64
	for _, p := range pairs {
		fmt.Fprintf(w, "%.1f\t%.1f\t%.1f\t%+.0f %%\t%.1f\t%+.0f %%\t\t%s, %s\n", km(p.leg.Metres), km(p.leg.FromAccessM+p.leg.ToAccessM),
			km(p.fallbackM), 100*p.offFallback, km(p.crowM), 100*p.offGC, p.from.Name, p.to.Name)
		fallback += math.Abs(p.offFallback) / float64(len(pairs))
		crow += math.Abs(p.offGC) / float64(len(pairs))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(io.out, "\nmean error of %d pairs: estimate %.1f %%, great circle × 1.3 %.1f %%\n\nthe worst estimates\n", len(pairs), 100*fallback, 100*crow)
	worst := slices.SortedFunc(slices.Values(pairs), func(a, b townPair) int {
		return cmp.Compare(math.Abs(b.offFallback), math.Abs(a.offFallback))
	})
	for _, p := range worst[:min(10, len(worst))] {
		fmt.Fprintf(io.out, "%s (%s) – %s (%s): %+.0f %%, %s\n", p.from.Name, p.from.Parent, p.to.Name, p.to.Parent, 100*p.offFallback, p.why())
	}
	return nil
}

func km(metres int64) float64 { return float64(metres) / 1000 }

// why names what sets the road apart from the estimate: legs off the road, else
// where it strays farthest from the straight line.
func (p *townPair) why() string {
	access := p.leg.FromAccessM + p.leg.ToAccessM
	if float64(access) > 0.25*float64(p.leg.Metres) {
		return fmt.Sprintf("%.1f of %.1f km lead to the nearest road and from it", km(access), km(p.leg.Metres))
	}
	crow := geo.GreatCircleM(p.from.Point, p.to.Point)
	farthest, stray := p.from.Point, 0.0
	for _, at := range p.line {
		if over := geo.GreatCircleM(p.from.Point, at) + geo.GreatCircleM(at, p.to.Point) - crow; over > stray {
			farthest, stray = at, over
		}
	}
	side := "goes round by"
	if p.offFallback > 0 {
		side = "is straighter than reckoned, at most by"
	}
	return fmt.Sprintf("the road of %.1f km (%.2f × great circle) %s %.3f,%.3f", km(p.leg.Metres), float64(p.leg.Metres)/crow, side, farthest.Lat(), farthest.Lng())
}
