package audit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
	"pinhuo/internal/store"
)

// drawn plays acts at random in a market where loads are pooled: shippers agree, refuse,
// withdraw and change, trucks pass by, operators take what they were shown, also what
// has passed, and clocks run out.
type drawn struct {
	*exchange
	draw  *rand.Rand
	loads []freight.ID
	done  map[string]int
}

func (d *drawn) pool() (freight.Company, bool) {
	d.t.Helper()
	page, err := d.db.Pools(d.t.Context(), freight.Query{Scope: freight.Scope{Market: d.market.ID, Desk: true}, State: "open", Limit: 50})
	d.must(err)
	if len(page.Rows) == 0 {
		return freight.Company{}, false
	}
	return page.Rows[d.draw.IntN(len(page.Rows))], true
}

// try commits one act, which may be refused for what the world is now.
func (d *drawn) try(what string, org freight.ID, act freight.Act) {
	d.t.Helper()
	cmd, err := d.engine.Prepare(d.now, freight.Command{Org: org, Act: act})
	if err == nil {
		err = d.round(cmd)[0].Err
		d.plan()
	}
	switch freight.CodeOf(err) {
	case "":
		d.done[what]++
	case freight.Conflict, freight.NotFound, freight.Invalid:
		d.done[what+" refused"]++
	default:
		d.t.Fatalf("%s: %v", what, err)
	}
}

func (d *drawn) step(n int) {
	switch k := d.draw.IntN(20); {
	case k < 5:
		d.post(n)
	case k < 8:
		for _, cmd := range d.engine.PlanPools(d.now) {
			d.done["form"]++
			d.must(d.round(cmd)[0].Err)
		}
	case k < 14:
		d.answer(k)
	case k == 14:
		t := tripTerms(fmt.Sprint("T", n), 4000, d.hours()+2, d.hours()+16, haimen, changzhou)
		t.Vehicle.Plate.Number = fmt.Sprintf("SU-T%d", n)
		d.try("announce", carrierOrg, freight.AnnounceTrip{Terms: t})
	case k == 15:
		d.accept()
	case k == 16 && len(d.loads) > 0:
		d.try("withdraw", shipperOrg, freight.WithdrawLoad{Load: d.loads[d.draw.IntN(len(d.loads))]})
	case k == 17 && len(d.loads) > 0:
		d.try("edit", shipperOrg, freight.EditLoad{Load: d.loads[d.draw.IntN(len(d.loads))], Terms: d.fresh(n)})
	default:
		d.wait(d.now + freight.Instant(d.draw.Int64N(int64(freight.Hour))))
	}
}

func (d *drawn) hours() float64 { return float64(d.now-dawn) / float64(freight.Hour) }

func (d *drawn) fresh(n int) freight.LoadTerms {
	l := loadTerms(fmt.Sprint("N", n), 500+int64(d.draw.IntN(2500)), d.hours()+2, d.hours()+4+float64(d.draw.IntN(5)), haimen, changzhou)
	l.Pickup.Place.Point.LngE7 += int32(d.draw.IntN(8)) * 50_000
	l.Size.FloorMM, l.Ceiling = 800+int64(d.draw.IntN(1800)), 0
	return l
}

func (d *drawn) post(n int) {
	before := d.done["post"]
	d.try("post", shipperOrg, freight.PostLoad{Terms: d.fresh(n)})
	if d.done["post"] > before {
		d.loads = append(d.loads, d.load(fmt.Sprint("N", n)))
	}
}

func (d *drawn) answer(k int) {
	c, ok := d.pool()
	if !ok {
		return
	}
	p := c.Pool
	version := p.Version
	if d.draw.IntN(8) == 0 {
		version-- // a screen that is behind
	}
	switch {
	case k == 8:
		d.try("refuse", shipperOrg, freight.DeclinePool{Pool: p.ID, Version: version})
	case k < 12:
		d.try("agree", shipperOrg, freight.ConsentPool{Pool: p.ID, Version: version})
	default:
		v := tripTerms("", 0, 0, 0).Vehicle
		v.Type, v.Plate.Number = p.Type, fmt.Sprintf("SU-H%d", d.draw.IntN(6)) // some are on the road already
		d.try("take", carrierOrg, freight.TakePool{Pool: p.ID, Version: version, Vehicle: v})
	}
}

// Whatever happens to pools, the auditor finds nothing amiss.
func TestRandomLivesOfPools(t *testing.T) {
	draw := rand.New(rand.NewPCG(seed.Of(t), 5))
	all := map[string]int{}
	for range 4 {
		cfg := store.Config{Dir: t.TempDir()}
		d := &drawn{exchange: newExchange(t, cfg), draw: draw, done: all}
		for n := range 220 {
			d.step(n)
		}
		d.must(d.db.Close())
		for _, v := range look(t, cfg).List {
			t.Error(v)
		}
	}
	often(t, all, map[string]int{"form": 12, "agree": 12, "take": 2, "refuse": 3, "withdraw": 5, "edit": 5, "take refused": 3})
}

// often fails where less was done than makes a random life worth its name.
func often(t *testing.T, done, least map[string]int) {
	t.Helper()
	names := make([]string, 0, len(done))
	for name, n := range done {
		names = append(names, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(names)
	t.Log(names)
	for what, n := range least {
		if done[what] < n {
			t.Errorf("%s: %d times, want at least %d", what, done[what], n)
		}
	}
}
