package geo

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"pinhuo/internal/seed"
)

// A pin is where its vector is, to less than two of them may add to a way by the slop,
// at the poles and on the axes as well; and a head is half a line of the cache.
func TestPinsAreRight(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 41))
	places := []Point{{}, {LatE7: 90e7}, {LatE7: -90e7}, {LngE7: 180e7}, {LngE7: 90e7}, {LngE7: -90e7}}
	for range 20_000 {
		places = append(places, anywhere(r))
	}
	for _, p := range places {
		v := p.Vec()
		for _, got := range [][3]float32{pinOf(v).vec(), (pinOf(v) | openEnd).vec()} {
			x, y, z := float64(got[0])-v.X, float64(got[1])-v.Y, float64(got[2])-v.Z
			if off := math.Sqrt(x*x + y*y + z*z); off > 0.4*slopRadii {
				t.Fatalf("%v: off by %.1f m", p, off*EarthRadiusM)
			}
		}
	}
	if size := unsafe.Sizeof(head{}); size != 32 {
		t.Errorf("a head has %d bytes", size)
	}
}

// The traits of a page rule out no trip that its head allows.
func TestTraitsRuleOutNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 42))
	w := newIntercity(r.Uint64())
	ix := w.filled(t, 6000/raceShare)
	dense, ruledOut, aside := 0, 0, 0
	for range 60 {
		l := w.load()
		l.PickupCloseMs = l.PickupOpenMs + 4*hourMs
		var e loadEntry
		var s standing
		if err := e.set(l); err != nil {
			t.Fatal(err)
		}
		f := (*ix.fields.Load())[0]
		f.stand(&e, &s)
		var v sight
		v.look(&e, &s)
		for level := range slabLevels {
			for _, slab := range f.book.between(level, v.from, v.to) {
				slab.pages.each(func(p *page) {
					var all, left [pageTrips / 64]uint64
					for w := range p.width {
						all[w] = p.alive[w].Load()
					}
					left = all
					v.refine(p, &left)
					v.steer(p, &left)
					for at := range p.count {
						kept := left[at/64]>>(at%64)&1 != 0
						faced := v.sectors[p.heads[at].sector()]
						if _, ok := v.sees(&p.heads[at]); ok && !(kept && faced) {
							t.Fatalf("a trip that the head allows is ruled out, by its traits %v, by its sector %v: %+v", !kept, !faced, p.heads[at])
						}
						if !faced {
							aside++
						}
						dense++
						if !kept {
							ruledOut++
						}
					}
				})
			}
		}
	}
	t.Logf("%d of %d ruled out by traits, %d by sectors", ruledOut, dense, aside)
	if 2*aside < dense {
		t.Errorf("only %d of %d lead elsewhere by their sectors", aside, dense)
	}
	if 2*ruledOut < dense {
		t.Errorf("only %d of %d ruled out", ruledOut, dense)
	}
}
