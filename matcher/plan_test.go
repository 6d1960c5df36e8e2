package matcher_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/matcher"
)

func TestBasePlan(t *testing.T) {
	f := flatFit()
	terms := freight.TripTerms{Stops: []freight.Stop{
		stop(at(0, 0), open, 600),
		stop(at(50, 0), freight.Window{Open: morning + 2*freight.Hour, Close: morning + 3*freight.Hour}, 900),
		stop(at(80, 0), open, 300),
	}}
	legs := []freight.Leg{flat(at(0, 0), at(50, 0)), flat(at(50, 0), at(80, 0))}
	plan, m, s, err := f.Base(terms, legs)
	if err != nil || m != 80_000 || s != 4800 {
		t.Fatalf("%d m, %d s, %v", m, s, err)
	}
	two := morning + 2*freight.Hour
	want := [][3]freight.Instant{ // arrive, start, leave
		{morning - freight.Hour, morning, morning.After(600)},
		{morning.After(600 + 3000), two, two.After(900)}, // waits for the gate
		{two.After(900 + 1800), two.After(900 + 1800), two.After(900 + 1800 + 300)},
	}
	kinds := []freight.CallKind{freight.CallStart, freight.CallVia, freight.CallEnd}
	for i, c := range plan {
		if got := [3]freight.Instant{c.Arrive, c.Start, c.Leave}; got != want[i] || c.Kind != kinds[i] || c.Own != i {
			t.Errorf("call %d: %+v, want %v", i, c, want[i])
		}
	}
	f.Now = morning.After(1000)
	if plan, _, _, _ = f.Base(terms, legs); plan[0].Start != f.Now {
		t.Errorf("announced after its window opened, the truck begins at %v, now is %v", plan[0].Start, f.Now)
	}
}

func TestBaseRefusesWhatItCannotKeep(t *testing.T) {
	f := flatFit()
	leg := []freight.Leg{flat(at(0, 0), at(50, 0))}
	late := freight.TripTerms{Stops: []freight.Stop{
		stop(at(0, 0), open, 0), stop(at(50, 0), freight.Window{Open: morning, Close: morning.After(2999)}, 0)}}
	home := freight.TripTerms{Roaming: true, Horizon: morning.After(3100), Stops: []freight.Stop{stop(at(0, 0), open, 0), stop(at(50, 0), open, 101)}}
	for name, terms := range map[string]freight.TripTerms{"window": late, "horizon": home} {
		_, _, _, err := f.Base(terms, leg)
		var known *freight.Error
		if !errors.As(err, &known) || known.Code != freight.Invalid || known.Problem != freight.ProblemSchedule || known.Field != "stops[1]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	late.Stops[1].Window.Close = morning.After(3000)
	home.Stops[1].ServiceS = 100
	for name, terms := range map[string]freight.TripTerms{"window": late, "horizon": home} {
		if _, _, _, err := f.Base(terms, leg); err != nil {
			t.Errorf("%s, just in time: %v", name, err)
		}
	}
	for _, legs := range [][]freight.Leg{nil, {{}, {}}} {
		if _, _, _, err := f.Base(late, legs); freight.CodeOf(err) != freight.Internal {
			t.Errorf("%d legs for two stops: %v", len(legs), err)
		}
	}
	if _, _, _, err := f.Base(freight.TripTerms{}, nil); freight.CodeOf(err) != freight.Internal {
		t.Errorf("no stops: %v", err)
	}
}

func TestBaseOfFreeTruckCountsTheWholeDriveAsDetour(t *testing.T) {
	f := flatFit()
	terms := freight.TripTerms{Roaming: true, Horizon: morning + freight.Day, Stops: []freight.Stop{stop(at(0, 0), open, 0), stop(at(50, 0), open, 0)}}
	plan, m, s, err := f.Base(terms, []freight.Leg{flat(at(0, 0), at(50, 0))})
	if err != nil || m != 0 || s != 0 || plan[1].LegM != 50_000 || plan[1].Kind != freight.CallEnd {
		t.Errorf("%+v, %d m, %d s, %v", plan, m, s, err)
	}
	if plan, _, _, err = f.Base(freight.TripTerms{Roaming: true, Horizon: morning + freight.Day, Stops: terms.Stops[:1]}, nil); err != nil ||
		len(plan) != 1 || plan[0].Kind != freight.CallStart {
		t.Errorf("without an end: %+v, %v", plan, err)
	}
}

// A truck sets out no later than its first window closes, however much time the rest leaves.
func TestBaseSetsOutInItsFirstWindow(t *testing.T) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(60, 0))
	trip.Plan[0].Window.Close = morning + 10*freight.Minute
	if got := matcher.LatestStart(trip); got != morning+10*freight.Minute {
		t.Errorf("sets out by %v", got)
	}
	trip.Plan[1].Window.Close = morning + 65*freight.Minute
	if got := matcher.LatestStart(trip); got != morning+5*freight.Minute {
		t.Errorf("with an hour to drive it sets out by %v", got)
	}
	if got := matcher.LatestStart(flatRoamer(f, "R", at(0, 0), 2)); got != morning+2*freight.Hour {
		t.Errorf("a truck with nothing to do sets out by %v", got)
	}
}

func TestFixedCallsStay(t *testing.T) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(60, 0), at(120, 0), at(180, 0))
	load := flatLoad(f, "L", at(10, 0), at(170, 0))
	if v := f.Fits(trip, load); !v.OK || v.Terms.PickupAt != 1 {
		t.Fatalf("before it leaves: %+v", v)
	}
	f.Now = morning + 30*freight.Minute // on the way to the first via
	v := f.Fits(trip, load)
	if !v.OK || v.Terms.PickupAt != 2 || v.Terms.DetourM != 100_000 {
		t.Fatalf("on the way: %+v", v)
	}
	if !slices.Equal(v.Plan[:2], trip.Plan[:2]) {
		t.Errorf("fixed calls changed: %+v", v.Plan[:2])
	}
	f.Now = morning + 150*freight.Minute // on the way to its end
	if v := f.Fits(trip, load); v.OK || v.Reason != freight.ReasonWindowPickup || v.By != 0 || v.Unit != "s" {
		t.Errorf("nothing left to insert into: %+v", v)
	}
}

func TestFreeTruckThatIsDoneSetsOutNow(t *testing.T) {
	f := flatFit()
	trip := flatRoamer(f, "T", at(0, 0), 10)
	f.Now = morning + 2*freight.Hour
	v := f.Fits(trip, flatLoad(f, "L", at(10, 0), at(20, 0)))
	if !v.OK || v.Terms.PickupETA != f.Now+10*freight.Minute || v.Terms.DropETA != f.Now+20*freight.Minute || v.Terms.DetourM != 20_000 {
		t.Fatalf("%+v", v)
	}
	if want := morning + 10*freight.Hour - 20*freight.Minute; v.Terms.Departure != want {
		t.Errorf("may leave as late as %v, want %v", v.Terms.Departure, want)
	}
	apply(trip, v)
	f.Now += 5 * freight.Minute // it is driving to L already, so K comes after
	v = f.Fits(trip, flatLoad(f, "K", at(12, 0), at(14, 0)))
	if !v.OK || v.Terms.PickupAt != 2 || v.Terms.DeliveryAt != 3 || v.Terms.DetourM != 0 {
		t.Errorf("%+v", v)
	}
}

func TestFreeTruckKeepsItsHorizonAndItsEnd(t *testing.T) {
	f := flatFit()
	trip := flatRoamer(f, "T", at(0, 0), 2)
	load := flatLoad(f, "L", at(30, 0), at(90, 0))
	load.Delivery.ServiceS = 1800
	if v := f.Fits(trip, load); !v.OK {
		t.Errorf("done at the horizon: %+v", v)
	}
	load.Delivery.ServiceS += 5
	if v := f.Fits(trip, load); v.Reason != freight.ReasonCalendar || v.By != 5 {
		t.Errorf("5 s past the horizon: %+v", v)
	}
	back := based(f, "B", freight.TripTerms{Vehicle: vehicles[2], Roaming: true, Horizon: morning + 3*freight.Hour, Rooms: trip.Rooms, Limits: trip.Limits,
		Stops: []freight.Stop{stop(at(0, 0), open, 0), stop(at(0, 0), open, 0)}}, []freight.Leg{{}})
	if v := f.Fits(back, flatLoad(f, "L", at(30, 0), at(90, 0))); !v.OK || v.Plan[3].Kind != freight.CallEnd || v.Plan[3].Leave != back.Horizon {
		t.Errorf("home at the horizon: %+v", v)
	}
	if v := f.Fits(back, flatLoad(f, "L", at(30, 0), at(91, 0))); v.OK || v.Reason != freight.ReasonCalendar || v.By != 120 {
		t.Errorf("home two minutes late: %+v", v)
	}
}

func TestWithout(t *testing.T) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(180, 0))
	for _, load := range []*freight.Load{flatLoad(f, "K", at(60, 20), at(60, 40)), flatLoad(f, "L", at(120, 0), at(150, 0))} {
		v := f.Fits(trip, load)
		if !v.OK {
			t.Fatalf("%s: %+v", load.ID, v)
		}
		apply(trip, v)
	}
	if got := f.Without(trip, "nobody"); !reflect.DeepEqual(got, trip.Plan) || &got[0] == &trip.Plan[0] {
		t.Errorf("without a load it does not carry: %+v", got)
	}
	minute := func(n int64) freight.Instant { return morning + freight.Instant(n)*freight.Minute }
	cases := []struct {
		name   string
		now    freight.Instant
		arrive freight.Instant // at L's pickup
	}{
		{"before it leaves", minute(-30), minute(120)},
		{"half way to K: on to K's place first", minute(40), minute(80 + 80)},
		{"between K's two calls: from the delivery's place", minute(90), minute(100 + 100)},
		{"on the way from K to L: too late to save anything", minute(150), minute(200)},
	}
	for _, c := range cases {
		f.Now = c.now
		plan := f.Without(trip, "K")
		if len(plan) != 4 || plan[1].Load != "L" || plan[1].LegM != 120_000 || plan[1].Arrive != c.arrive || plan[3].Arrive != c.arrive+60*freight.Minute {
			t.Errorf("%s: %+v", c.name, plan)
		}
	}
}
