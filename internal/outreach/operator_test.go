package outreach

import (
	"math/rand/v2"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
)

const (
	zone = "Asia/Shanghai"
	noon = freight.Instant(1_700_020_800_000) // 2023-11-15 12:00 in Shanghai, a Wednesday
)

func load(pickup freight.Instant) *freight.Load {
	l := &freight.Load{Posted: noon}
	l.Pickup.Window, l.AnswerBy = freight.Window{Open: pickup, Close: pickup + 2*freight.Hour}, pickup
	l.Ceiling = 100_000
	return l
}

func asked(said *freight.PreferenceTerms, hour freight.Instant, n int64) *Operator {
	return (&Operator{Hour: hour, Asked: n}).Says(said)
}

// TestQuietHours: by the market's clock and over midnight, to the millisecond.
func TestQuietHours(t *testing.T) {
	night := freight.Quiet{From: 22 * 60, Till: 6 * 60}
	for _, c := range []struct {
		quiet freight.Quiet
		after freight.Instant // noon
		until freight.Instant
	}{
		{night, 0, 0},
		{night, 10*freight.Hour - 1, 10*freight.Hour - 1},
		{night, 10 * freight.Hour, 18 * freight.Hour},
		{night, 18*freight.Hour - 1, 18 * freight.Hour},
		{night, 18 * freight.Hour, 18 * freight.Hour},
		{freight.Quiet{From: 12 * 60, Till: 13 * 60}, 0, freight.Hour},
		{freight.Quiet{From: 12 * 60, Till: 13 * 60}, -1, -1},
		{freight.Quiet{From: 300, Till: 300}, 5, 5},
	} {
		if got := c.quiet.Until(noon+c.after, noon.Ahead(zone)); got != noon+c.until {
			t.Errorf("%+v %d ms after noon: until %d, want %d", c.quiet, c.after, got-noon, c.until)
		}
	}
	if day := noon.Weekday(zone); day != 2 {
		t.Errorf("a Wednesday is day %d", day)
	}
}

// TestWhoMayBeAskedWhen: budget, night and wheel, and what overrides them.
func TestWhoMayBeAskedWhen(t *testing.T) {
	night := noon + 11*freight.Hour
	budget := &freight.PreferenceTerms{Budget: 2}
	quiet := &freight.PreferenceTerms{Quiet: freight.Quiet{From: 22 * 60, Till: 6 * 60}}
	urgent := &freight.PreferenceTerms{Quiet: freight.Quiet{From: 22 * 60, Till: 6 * 60, Urgent: true}}
	standing := &freight.Trip{State: freight.TripOpen}
	driving := &freight.Trip{State: freight.TripUnderway, Plan: []freight.Call{{Leave: noon - freight.Hour}, {Arrive: noon + freight.Hour, Leave: noon + 2*freight.Hour}}}
	crew := *driving
	crew.Duty.Drivers = 2
	for _, c := range []struct {
		name string
		now  freight.Instant
		op   *Operator
		trip *freight.Trip
		load *freight.Load
		want freight.Instant
	}{
		{"of whom nothing is known", noon, nil, standing, load(noon + freight.Day), noon},
		{"one offer left", noon, asked(budget, freight.HourOf(noon), 1), standing, load(noon + freight.Day), noon},
		{"over budget until the hour turns", noon + 5*freight.Minute, asked(budget, noon, 2), standing, load(noon + freight.Day), noon + freight.Hour},
		{"over budget in the hour before", noon, asked(budget, noon-freight.Hour, 9), standing, load(noon + freight.Day), noon},
		{"at night", night, asked(quiet, 0, 0), standing, load(noon + freight.Day), noon + 18*freight.Hour},
		{"at night, for what cannot wait", night, asked(quiet, 0, 0), standing, load(night + freight.Hour), noon + 18*freight.Hour},
		{"at night, for what cannot wait, as it wants", night, asked(urgent, 0, 0), standing, load(night + freight.Hour), night},
		{"at night, for what can wait", night, asked(urgent, 0, 0), standing, load(noon + freight.Day), noon + 18*freight.Hour},
		{"at the wheel", noon, nil, driving, load(noon + freight.Day), noon + freight.Hour},
		{"at a stop", noon + freight.Hour, nil, driving, load(noon + freight.Day), noon + freight.Hour},
		{"two at the wheel", noon, nil, &crew, load(noon + freight.Day), noon},
		{"somebody else answers", noon, asked(&freight.PreferenceTerms{Driving: true}, 0, 0), driving, load(noon + freight.Day), noon},
	} {
		a := &Asking{Now: c.now, Rules: Rules{Zone: zone, Silent: true}, Load: c.load}
		if got := max(c.now, a.From(c.trip, c.op)); got != c.want {
			t.Errorf("%s: from %s, want %s", c.name, got, c.want)
		}
	}
}

// TestDeclinesAreUsed: each reason bars what is no better, less and less for a week.
func TestDeclinesAreUsed(t *testing.T) {
	terms := func(km, minutes, yuan int64) *freight.Terms {
		return &freight.Terms{DetourM: km * 1000, DetourS: minutes * 60, Price: freight.Fen(yuan * 100)}
	}
	no := func(why freight.Reason) Declines {
		return Declines(nil).With(freight.Decline{At: noon, Reason: why, DetourM: 20_000, DetourS: 1800, Price: 30_000})
	}
	for _, c := range []struct {
		why   freight.Reason
		after freight.Instant
		terms *freight.Terms
		bars  bool
	}{
		{freight.ReasonDetourDistance, 0, terms(20, 1, 1), true}, {freight.ReasonDetourDistance, 0, terms(19, 99, 1), false},
		{freight.ReasonDetourDistance, 84 * freight.Hour, terms(29, 1, 1), false}, {freight.ReasonDetourDistance, 84 * freight.Hour, terms(30, 1, 1), true},
		{freight.ReasonDetourDistance, 7 * freight.Day, terms(500, 1, 1), false},
		{freight.ReasonDetourTime, 0, terms(1, 30, 1), true}, {freight.ReasonDetourTime, 0, terms(99, 29, 1), false},
		{freight.ReasonPrice, 0, terms(20, 30, 300), true}, {freight.ReasonPrice, 0, terms(20, 30, 301), false},
		{freight.ReasonPrice, 0, terms(19, 30, 100), false}, {freight.ReasonPrice, 84 * freight.Hour, terms(20, 30, 151), false},
		{freight.ReasonPrice, 84 * freight.Hour, terms(20, 30, 150), true}, {freight.ReasonDeclined, 0, terms(99, 99, 1), false},
	} {
		if got := no(c.why).Bars(noon+c.after, c.terms) != freight.NoReason; got != c.bars {
			t.Errorf("%s, after %d h, %+v: bars %v, want %v", c.why, c.after/freight.Hour, *c.terms, got, c.bars)
		}
	}
	var many Declines
	for i := range 40 {
		many = many.With(freight.Decline{At: noon, Reason: freight.ReasonPrice, Price: freight.Fen(i)})
	}
	if len(many) != mostDeclines || many[mostDeclines-1].Price != 39 {
		t.Errorf("%d declines are kept, the last of %d fen", len(many), many[len(many)-1].Price)
	}
}

// TestWhoWantedMoreIsOfferedMore: a price that was too little is followed by a better one,
// less and less for a week, and never by more than the shipper pays.
func TestWhoWantedMoreIsOfferedMore(t *testing.T) {
	no := func(why freight.Reason) Declines {
		return Declines(nil).With(freight.Decline{At: noon, Reason: why, DetourM: 20_000, DetourS: 1800, Price: 28_000})
	}
	terms := func(km int64, price freight.Fen) *freight.Terms {
		return &freight.Terms{DetourM: km * 1000, DetourS: 1800, Price: price}
	}
	for _, c := range []struct {
		why   freight.Reason
		after freight.Instant
		terms *freight.Terms
		most  freight.Fen
		want  freight.Fen
	}{
		{freight.ReasonPrice, 0, terms(20, 9000), 60_000, 35_000}, {freight.ReasonPrice, 0, terms(20, 28_000), 60_000, 35_000},
		{freight.ReasonPrice, 0, terms(20, 28_001), 60_000, 28_001}, {freight.ReasonPrice, 0, terms(19, 9000), 60_000, 9000},
		{freight.ReasonPrice, 0, terms(20, 9000), 27_000, 27_000}, {freight.ReasonPrice, freight.Day, terms(20, 9000), 60_000, 30_000},
		{freight.ReasonPrice, freight.Day - 1, terms(20, 9000), 60_000, 35_000}, {freight.ReasonPrice, 7 * freight.Day, terms(20, 9000), 60_000, 9000},
		{freight.ReasonDetourDistance, 0, terms(20, 9000), 60_000, 9000},
	} {
		got := no(c.why).Opening(noon+c.after, c.terms, c.most)
		if got != c.want {
			t.Errorf("%s, after %d h, %+v, at most %d: %d, want %d", c.why, c.after/freight.Hour, *c.terms, c.most, got, c.want)
		}
		at := *c.terms
		at.Price = got
		if c.why == freight.ReasonPrice && no(c.why).Bars(noon+c.after, &at) != freight.NoReason && c.most > 28_000 {
			t.Errorf("%+v is barred at %d", *c.terms, got)
		}
	}
}

// TestLanes: ends, day, price, room and requirements each decide.
func TestLanes(t *testing.T) {
	lane := freight.Lane{Name: "回程", From: freight.LaneEnd{Point: freight.Point{LatE7: 317_700_000, LngE7: 1_199_500_000}, RadiusM: 20_000},
		To: freight.LaneEnd{Point: freight.Point{LatE7: 318_100_000, LngE7: 1_216_600_000}, RadiusM: 20_000}, Days: 1 << 2, Least: 30_000,
		Most: freight.Room{Grams: 2_000_000}}
	on := func() *freight.Load {
		l := load(noon)
		l.Pickup.Place.Point, l.Delivery.Place.Point = lane.From.Point, lane.To.Point
		l.Pickup.Place.Point.LatE7 += 1_700_000 // 18.9 km
		l.Size.Grams = 2_000_000
		return l
	}
	for _, c := range []struct {
		name   string
		change func(*freight.Load, *freight.Lane)
		price  freight.Fen
		want   bool
	}{
		{"on it", func(*freight.Load, *freight.Lane) {}, 30_000, true},
		{"too cheap", func(*freight.Load, *freight.Lane) {}, 29_999, false},
		{"too far from it", func(l *freight.Load, _ *freight.Lane) { l.Pickup.Place.Point.LatE7 += 200_000 }, 30_000, false},
		{"to elsewhere", func(l *freight.Load, _ *freight.Lane) { l.Delivery.Place.Point.LngE7 += 3_000_000 }, 30_000, false},
		{"on a Thursday", func(l *freight.Load, _ *freight.Lane) { l.Pickup.Window.Open += freight.Day }, 30_000, false},
		{"late on Wednesday", func(l *freight.Load, _ *freight.Lane) { l.Pickup.Window.Open += 12*freight.Hour - 1 }, 30_000, true},
		{"too heavy", func(l *freight.Load, _ *freight.Lane) { l.Size.Grams++ }, 30_000, false},
		{"wants a tail-lift", func(l *freight.Load, _ *freight.Lane) { l.Needs = freight.CapTailLift }, 30_000, false},
		{"wants a tail-lift, which it has", func(l *freight.Load, la *freight.Lane) {
			l.Needs, la.Needs = freight.CapTailLift, freight.CapTailLift|freight.CapBox
		}, 30_000, true},
		{"acid", func(l *freight.Load, _ *freight.Lane) { l.Care.Hazmat.Class = "8" }, 30_000, false},
		{"acid, wanted", func(l *freight.Load, la *freight.Lane) { l.Care.Hazmat.Class, la.Special = "8", true }, 30_000, true},
	} {
		l, mine := on(), lane
		c.change(l, &mine)
		op := asked(&freight.PreferenceTerms{Lanes: []freight.Lane{mine}}, 0, 0)
		if got := op.Lane(l, c.price, zone) != nil; got != c.want {
			t.Errorf("%s: on the lane %v, want %v", c.name, got, c.want)
		}
	}
	auto := lane
	auto.Name, auto.Auto = "自动", true
	op := asked(&freight.PreferenceTerms{Lanes: []freight.Lane{lane, auto}}, 0, 0)
	if got := op.Lane(on(), 30_000, zone); got == nil || got.Name != "自动" {
		t.Errorf("the lane that takes loads comes after %v", got)
	}
}

// TestNoLoadOfALaneIsPassedOver: the boxes leave out nothing that lies in the circles,
// at every latitude and on both sides of the antimeridian.
func TestNoLoadOfALaneIsPassedOver(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 0))
	inside := 0
	for range 20_000 {
		end := freight.LaneEnd{RadiusM: 1000 + rng.Int64N(200_000),
			Point: freight.Point{LatE7: rng.Int32N(1_800_000_001) - 900_000_000, LngE7: int32(rng.Int64N(3_600_000_001) - 1_800_000_000)}}
		if rng.IntN(4) == 0 {
			end.Point.LngE7 = 1_800_000_000 - rng.Int32N(10_000_000)
		}
		spread := end.RadiusM * 100
		p := freight.Point{LatE7: int32(max(-900_000_000, min(900_000_000, int64(end.Point.LatE7)+rng.Int64N(2*spread+1)-spread)))}
		lng := int64(end.Point.LngE7) + rng.Int64N(8*spread+1) - 4*spread
		if lng > 1_800_000_000 {
			lng -= 3_600_000_000
		} else if lng < -1_800_000_000 {
			lng += 3_600_000_000
		}
		p.LngE7 = int32(lng)
		if !within(p, &end) {
			continue
		}
		inside++
		if b := boxAround(&end); !b.holds(p) {
			t.Fatalf("%+v lies within %d m of %+v, and not in %+v", p, end.RadiusM, end.Point, b)
		}
	}
	if inside < 2000 {
		t.Fatalf("only %d points lay inside", inside)
	}
}
