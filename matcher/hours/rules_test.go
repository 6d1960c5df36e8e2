package hours

import (
	"math/rand/v2"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
)

// drawnDuty is rules of minutes and hours, often without one of their limits.
func drawnDuty(r *rand.Rand) freight.Duty {
	d := freight.Duty{Drivers: 1 + r.Int64N(2), Counts: [...]freight.Rests{"", freight.RestsRoad, freight.RestsWaiting, freight.RestsStanding}[r.IntN(4)]}
	if r.IntN(3) > 0 {
		d.DriveS, d.RestS = 60+r.Int64N(4*3600), 1+r.Int64N(1200)
	}
	if r.IntN(3) > 0 {
		d.DayS, d.ResetS = d.DriveS+60+r.Int64N(4*3600), d.RestS+1+r.Int64N(3600)
	}
	return d
}

// Rules bind where a single driver has a spell at the wheel to end, or anybody a day:
// two relieve each other, so that neither has to stop the truck for his spell.
func TestRulesBindAsTheyRead(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 4))
	bound := 0
	for range 500 {
		d := drawnDuty(r)
		rules := Of(&d)
		want := d.DayS != 0 || d.DriveS != 0 && d.Drivers == 1
		if rules.Bind() != want {
			t.Fatalf("%+v binds: %t", d, !want)
		}
		if want {
			bound++
		}
	}
	if bound < 100 || bound > 480 {
		t.Errorf("%d of 500 bind", bound)
	}
	if (&Rules{}).Bind() {
		t.Error("no rules bind")
	}
}

// A driver who sets out from a call has stood since he left it, or since he came where
// the time at a stop counts, and has behind him what the plan says.
func TestADriverSetsOutAsThePlanSays(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 5))
	for range 500 {
		d := drawnDuty(r)
		rules := Of(&d)
		call := freight.Call{Arrive: freight.Instant(r.Int64N(1000)), Drove: freight.Drove{SinceS: r.Int64N(9000), DayS: r.Int64N(20_000)}}
		call.Leave = call.Arrive + freight.Instant(r.Int64N(1000))
		later := freight.Instant(r.Int64N(1000))
		want := Begin{At: call.Leave + later, Drove: call.Drove, Stood: later}
		if d.Counts == freight.RestsStanding {
			want.Stood += call.Leave - call.Arrive
		}
		if got := rules.From(&call, call.Leave+later); got != want {
			t.Fatalf("%+v from %+v: %+v, want %+v", d, call, got, want)
		}
	}
}

// What can be spared is driven without a rest, and one second more is not: as long as
// the driver has not stood, which Spare leaves out.
func TestSpareIsWhatNeedsNoRest(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 6))
	spare, tired := 0, 0
	for range 2000 {
		d := drawnDuty(r)
		rules := Of(&d)
		b := Begin{Drove: freight.Drove{}}
		least := int64(1) << 40 // seconds until the first limit
		if d.DriveS > 0 && d.Drivers == 1 {
			b.Drove.SinceS = r.Int64N(d.DriveS + 1)
			least = min(least, d.DriveS-b.Drove.SinceS)
		}
		if d.DayS > 0 {
			b.Drove.DayS = max(b.Drove.SinceS, r.Int64N(d.DayS*d.Drivers+1))
			least = min(least, d.DayS*d.Drivers-b.Drove.DayS)
		}
		driveS := r.Int64N(20_000) + 1
		if r.IntN(2) == 0 && rules.Bind() {
			driveS = max(0, least+r.Int64N(3)-1)
		}
		got, want := rules.Spare(b, driveS), driveS <= least
		if got != want {
			t.Fatalf("%+v, %+v: %d s can be spared: %t, the first limit comes after %d", d, b, driveS, got, least)
		}
		visits, ok := visitsOf(&small{rules: rules, begin: b, stops: []Stop{{DriveS: driveS, Late: 90 * freight.Day}}})
		if !ok || driveS > 0 && (visits[0].RestS == 0) != want {
			t.Fatalf("%+v, %+v: %d s are driven so: %+v, to be spared: %t", d, b, driveS, visits, want)
		}
		if want {
			spare++
		} else {
			tired++
		}
		b.Stood = freight.Instant(r.Int64N(2000)) * freight.Second
		if rested, ok := visitsOf(&small{rules: rules, begin: b, stops: []Stop{{DriveS: driveS, Late: 90 * freight.Day}}}); !ok || want && rested[0].RestS > 0 {
			t.Fatalf("%+v, %+v: who has stood rests longer: %+v", d, b, rested)
		}
	}
	if spare < 300 || tired < 300 {
		t.Errorf("%d spared, %d not", spare, tired)
	}
}

// What nobody asks about is not told: without a limit of the day, or of a spell, the
// visits say nothing of it, whatever the driver has behind him.
func TestVisitsTellOnlyWhatTheRulesAsk(t *testing.T) {
	b := Begin{Drove: freight.Drove{SinceS: 600, DayS: 1200}}
	for _, c := range []struct {
		duty freight.Duty
		want freight.Drove
	}{
		{freight.Duty{Drivers: 1, DriveS: 4000, RestS: 300}, freight.Drove{SinceS: 700}},
		{freight.Duty{Drivers: 1, DriveS: 4000, RestS: 300, ResetS: 900}, freight.Drove{SinceS: 700}},
		{freight.Duty{Drivers: 1, DayS: 4000, ResetS: 300}, freight.Drove{DayS: 1300}},
		{freight.Duty{Drivers: 1, DriveS: 4000, RestS: 300, DayS: 5000, ResetS: 900}, freight.Drove{SinceS: 700, DayS: 1300}},
		{freight.Duty{Drivers: 2, DriveS: 4000, RestS: 300, DayS: 5000, ResetS: 900}, freight.Drove{DayS: 1300}},
	} {
		visits, ok := visitsOf(&small{rules: Of(&c.duty), begin: b, stops: []Stop{{DriveS: 100, Late: freight.Day}}})
		if !ok || visits[0].Drove != c.want || visits[0].RestS != 0 {
			t.Errorf("%+v: %+v, want %+v", c.duty, visits, c.want)
		}
	}
}

// Who has stood for just as long as a rest, or a reset, takes, has had it; a second less
// lacks that second.
func TestStandingIsRest(t *testing.T) {
	for _, c := range []struct {
		stoodS, restS int64
		duty          freight.Duty
	}{
		{300, 0, freight.Duty{Drivers: 1, DriveS: 4000, RestS: 300}},
		{299, 1, freight.Duty{Drivers: 1, DriveS: 4000, RestS: 300}},
		{0, 300, freight.Duty{Drivers: 1, DriveS: 4000, RestS: 300}},
		{900, 0, freight.Duty{Drivers: 1, DayS: 4000, ResetS: 900}},
		{899, 1, freight.Duty{Drivers: 1, DayS: 4000, ResetS: 900}},
		{0, 900, freight.Duty{Drivers: 1, DayS: 4000, ResetS: 900}},
	} {
		b := Begin{Stood: freight.Instant(c.stoodS) * freight.Second, Drove: freight.Drove{SinceS: 4000, DayS: 4000}}
		visits, ok := visitsOf(&small{rules: Of(&c.duty), begin: b, stops: []Stop{{DriveS: 100, Late: freight.Day}}})
		if !ok || visits[0].RestS != c.restS || visits[0].Drove.SinceS+visits[0].Drove.DayS != 100 {
			t.Errorf("stood %d s by %+v: %+v, want a rest of %d s", c.stoodS, c.duty, visits, c.restS)
		}
	}
}

// Of two ways that come to the same the drivers rest sooner: before the first gate, not
// on the way to the second, where they would wait for longer than a rest anyway.
func TestStandingSoonerAmongEquals(t *testing.T) {
	rules := Of(&freight.Duty{Drivers: 1, DriveS: seconds(100), RestS: seconds(20), Counts: freight.RestsWaiting})
	late := 2 * freight.Day
	stops := []Stop{{DriveS: seconds(80), Late: late}, {DriveS: seconds(80), Open: 400 * freight.Minute, Late: late}, {DriveS: seconds(10), Late: late}}
	visits, ok := visitsOf(&small{rules: rules, stops: stops})
	if !ok || visits[0].RestS != seconds(20) || visits[0].Start != 100*freight.Minute || visits[1].RestS != 0 || visits[2].Start != 410*freight.Minute {
		t.Errorf("%+v", visits)
	}
}

// Where they rest as long on the way they are sooner at the stop before: here by resting
// before the first gate, which opens a little too early to have rested there by waiting.
func TestStandingThenSoonerAtTheStopBefore(t *testing.T) {
	rules := Of(&freight.Duty{Drivers: 1, DriveS: seconds(100), RestS: seconds(20), Counts: freight.RestsWaiting})
	late := 2 * freight.Day
	stops := []Stop{{DriveS: seconds(80), Open: 95 * freight.Minute, Late: late}, {DriveS: seconds(50), Late: late},
		{DriveS: seconds(10), Open: 600 * freight.Minute, Late: late}, {DriveS: seconds(60), Late: late}}
	visits, ok := visitsOf(&small{rules: rules, stops: stops})
	for k, start := range []freight.Instant{100, 150, 600, 660} {
		if !ok || visits[k].Start != start*freight.Minute {
			t.Fatalf("stop %d: %+v, want it served at minute %d", k, visits, start)
		}
	}
}
