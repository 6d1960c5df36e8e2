package freight

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"pinhuo/internal/seed"
)

// cityBans are the hours of a file around a square of a tenth of a degree.
func cityBans(t *testing.T, vehicles, hours string) *BanMap {
	t.Helper()
	m, err := ParseBans(fmt.Appendf(nil, `{"version": "truck-bans/1", "zone": "Asia/Shanghai", "bans": [{"name": "old town", "vehicles": %s, "hours": %s,
		"area": {"type": "Polygon", "coordinates": [[[121, 31], [121.1, 31], [121.1, 31.1], [121, 31.1], [121, 31]]]}}]}`, vehicles, hours))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var oldTown = Point{LatE7: 31_0500000, LngE7: 121_0500000}

func TestBans(t *testing.T) {
	m := cityBans(t, `{"types": ["6.8m", "9.6m"], "colours": ["yellow"], "payload_over_kg": 1500}`,
		`[{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "07:00", "to": "09:00"}, {"days": ["sun"], "from": "22:00", "to": "06:30"}]`)
	bans := m.At(oldTown, gateMonday)
	if want := Bans("0c02 00001500 +0800 07 00000-00390 00420-00540 01860-01980 03300-03420 04740-04860 06180-06300 09960-10080 old town\n"); bans != want {
		t.Fatalf("%q, want %q", bans, want)
	}
	list := bans.List()
	if len(list) != 1 || fmt.Sprint(list[0]) != "{old town [6.8m 9.6m] [yellow] 1500 [[0 390] [420 540] [1860 1980] [3300 3420] [4740 4860] [6180 6300] [9960 10080]]}" {
		t.Errorf("listed as %v", list)
	}
	truck := VehicleTerms{Type: Type6M8, Plate: Plate{Colour: "yellow"}, Payload: 1_500_001}
	at := func(day, hour, minute Instant) Instant { return gateMonday + day*Day + (hour-8)*Hour + minute*Minute }
	for _, c := range []struct {
		at         Instant
		service    int64
		next, last Instant
	}{
		{at(0, 6, 30), 0, at(0, 6, 30), at(0, 6, 30)},
		{at(0, 6, 30), 1800, at(0, 6, 30), at(0, 6, 30)}, // done when it begins
		{at(0, 6, 30), 1801, at(0, 9, 0), at(-1, 22, 0).After(-1801)},
		{at(0, 7, 0), 0, at(0, 9, 0), at(0, 7, 0) - 1},
		{at(0, 8, 59), 600, at(0, 9, 0), at(0, 6, 50)},
		{at(0, 9, 0), 600, at(0, 9, 0), at(0, 9, 0)},
		{at(-1, 23, 0), 600, at(0, 6, 30), at(-1, 21, 50)},
		{at(5, 8, 0), 600, at(5, 8, 0), at(5, 8, 0)}, // Saturday
	} {
		o := (&Stop{Bans: bans, ServiceS: c.service}).Openings(&truck)
		if got := o.Next(c.at); got != c.next {
			t.Errorf("%d s from %v: %v, want %v", c.service, c.at, got, c.next)
		}
		if got := o.Last(c.at); got != c.last {
			t.Errorf("%d s up to %v: %v, want %v", c.service, c.at, got, c.last)
		}
	}
	for _, free := range []VehicleTerms{
		{Type: Type4M2, Plate: truck.Plate, Payload: truck.Payload}, {Type: truck.Type, Plate: Plate{Colour: "green"}, Payload: truck.Payload},
		{Type: truck.Type, Plate: truck.Plate, Payload: 1_500_000},
	} {
		if o := (&Call{Bans: bans}).Openings(&free); o.Next(at(0, 8, 0)) != at(0, 8, 0) || o.Last(at(0, 8, 0)) != at(0, 8, 0) {
			t.Errorf("%+v is bound too", free)
		}
	}
	if o := (&Call{Bans: bans}).Openings(&VehicleTerms{Payload: 2_000_000}); o.Next(at(0, 8, 0)) != at(0, 9, 0) {
		t.Error("a truck of which nothing is known goes free")
	}
	if (&BanMap{}).At(oldTown, 0) != "" || (*BanMap)(nil).At(oldTown, 0) != "" || (*BanMap)(nil).Len() != 0 || m.Len() != 1 || m.At(Point{LatE7: 31_1000001, LngE7: 121_0500000}, 0) != "" {
		t.Error("a place without bans has some")
	}
}

// At all times: what is found is the first, or the last, instant at which gate and bans all
// let the truck be served, minute by minute.
func TestOpeningsEqualTrying(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 1))
	clockOf := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
	draw := func() string {
		var hours []string
		for range 1 + rng.IntN(3) {
			var days []string
			for _, d := range banDays {
				if rng.IntN(2) == 0 {
					days = append(days, `"`+d+`"`)
				}
			}
			from := 30 * rng.IntN(48)
			hours = append(hours, fmt.Sprintf(`{"days": [%s], "from": "%s", "to": "%s"}`, strings.Join(days, ","), clockOf(from), clockOf((from+30*(1+rng.IntN(30)))%1440)))
		}
		return "[" + strings.Join(hours, ",") + "]"
	}
	found := 0
	for range 60 {
		o := Openings{Bans: cityBans(t, "{}", draw()).At(oldTown, gateMonday) + cityBans(t, `{"types": ["van"]}`, draw()).At(oldTown, gateMonday),
			Class: Class{Types: uint8(1 << rng.IntN(2)), Colours: every}, ServiceS: 60 * int64(30*rng.IntN(8))}
		if rng.IntN(2) == 0 {
			first := 60 * rng.Int32N(20)
			day := Hours{Open: first, Shut: first + 120}
			o.Gate, _ = NewGate([7]Hours{day, day, day, 5: day}, "Asia/Shanghai", gateMonday)
		}
		open := func(at Instant) bool {
			free := o.Gate.Next(at) == at
			for i, line := range strings.SplitAfter(strings.TrimSuffix(string(o.Bans), "\n"), "\n") {
				for _, ban := range Bans(strings.TrimSuffix(line, "\n") + "\n").List() {
					for _, span := range ban.Spans {
						for _, monday := range []Instant{gateMonday - 8*Hour - week, gateMonday - 8*Hour, gateMonday - 8*Hour + week, gateMonday - 8*Hour + 2*week} {
							from, until := monday+Instant(span[0])*Minute, monday+Instant(span[1])*Minute
							free = free && (i == 1 && o.Class.Types != 1 || at >= until || at+max(Instant(o.ServiceS)*Second, 1) <= from)
						}
					}
				}
			}
			return free
		}
		const step = 15 * Minute
		for range 12 {
			at := gateMonday + Instant(rng.IntN(7*24*4))*step
			next, last := at, at
			for next < at+week && !open(next) {
				next += step
			}
			for last > at-week && !open(last) && (o.ServiceS > 0 || !open(last-1)) {
				last -= step
			}
			if o.ServiceS == 0 && !open(last) {
				last--
			}
			if next == at+week {
				next, last = at+1000*Day, at-1000*Day
			} else {
				found++
			}
			if got := o.Next(at); got != next {
				t.Fatalf("%+v from %v: %v, want %v", o, at, got, next)
			}
			if got := o.Last(at); got != last {
				t.Fatalf("%+v up to %v: %v, want %v", o, at, got, last)
			}
			if more := o; o.Next(at+step) < next || func() bool { more.ServiceS += 600; return more.Next(at) < next }() {
				t.Fatalf("%+v: later or with more to do it may begin earlier than %v", o, next)
			}
		}
	}
	if found < 200 {
		t.Errorf("only %d had an answer", found)
	}
}

// A point lies in an area if the corners turn round it; on the rim it does too.
func TestAreasHoldTheirPoints(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 2))
	inside := 0
	for range 300 {
		n := 3 + rng.IntN(20)
		ring := make([]Point, n)
		for i := range ring { // a star: its sides do not meet
			angle, far := 2*math.Pi*float64(i)/float64(n), 1000+rng.Float64()*9000
			ring[i] = Point{LngE7: int32(far * math.Cos(angle)), LatE7: int32(far * math.Sin(angle))}
		}
		if rng.IntN(2) == 0 {
			for i := range n / 2 {
				ring[i], ring[n-1-i] = ring[n-1-i], ring[i]
			}
		}
		if !simple(ring) {
			t.Fatalf("the sides of a star meet: %v", ring)
		}
		for range 50 {
			p := Point{LngE7: int32(rng.IntN(20_000)) - 10_000, LatE7: int32(rng.IntN(20_000)) - 10_000}
			if rng.IntN(5) == 0 {
				p.LatE7 = ring[rng.IntN(n)].LatE7
			}
			turned, near := 0.0, false
			for i := range ring {
				a, b := ring[i], ring[(i+1)%n]
				ax, ay, bx, by := float64(a.LngE7-p.LngE7), float64(a.LatE7-p.LatE7), float64(b.LngE7-p.LngE7), float64(b.LatE7-p.LatE7)
				turned += math.Atan2(ax*by-ay*bx, ax*bx+ay*by)
				near = near || math.Abs(ax*by-ay*bx) < 1
			}
			if near {
				continue
			}
			want := math.Abs(turned) > math.Pi
			if want {
				inside++
			}
			if got := within(ring, p); got != want {
				t.Fatalf("%v in %v: %v, want %v", p, ring, got, want)
			}
		}
		for i := range ring {
			if !within(ring, ring[i]) {
				t.Fatalf("corner %d of %v is outside", i, ring)
			}
		}
	}
	if inside < 500 {
		t.Errorf("only %d inside", inside)
	}
}

func TestFaultyBansAreRefused(t *testing.T) {
	const good = `{"version": "truck-bans/1", "zone": "Asia/Shanghai", "bans": [{"name": "old town", "vehicles": {}, "hours": [{"from": "07:00", "to": "09:00"}],
		"area": {"type": "Polygon", "coordinates": [[[121, 31], [121.1, 31], [121.1, 31.1], [121, 31.1], [121, 31]]]}}]}`
	if _, err := ParseBans([]byte(good)); err != nil {
		t.Fatal(err)
	}
	ring := `[[121, 31], [121.1, 31], [121.1, 31.1], [121, 31.1], [121, 31]]`
	for _, c := range []struct{ old, new, field string }{
		{good, "", "file"},
		{good, good + good, "file"},
		{`"zone"`, `"zones"`, "file"},
		{"truck-bans/1", "truck-bans/2", "version"},
		{"Asia/Shanghai", "Asia/Nowhere", "zone"},
		{"Asia/Shanghai", "", "zone"},
		{"old town", "", "bans[0].name"},
		{"old town", strings.Repeat("x", 65), "bans[0].name"},
		{"old town", `a\nb`, "bans[0].name"},
		{`"vehicles": {}`, `"vehicles": {"types": ["van", "tank"]}`, "bans[0].vehicles.types[1]"},
		{`"vehicles": {}`, `"vehicles": {"colours": ["pink"]}`, "bans[0].vehicles.colours[0]"},
		{`"vehicles": {}`, `"vehicles": {"payload_over_kg": -1}`, "bans[0].vehicles.payload_over_kg"},
		{`"from": "07:00"`, `"from": "7:00"`, "bans[0].hours[0].from"},
		{`"from": "07:00"`, `"from": "07:60"`, "bans[0].hours[0].from"},
		{`"from": "07:00"`, `"from": "24:00"`, "bans[0].hours[0].to"},
		{`"to": "09:00"`, `"to": "24:01"`, "bans[0].hours[0].to"},
		{`"to": "09:00"`, `"to": "07:00"`, "bans[0].hours[0].to"},
		{`"from": "07:00"`, `"days": ["mon", "someday"], "from": "07:00"`, "bans[0].hours[0].days[1]"},
		{`[{"from": "07:00", "to": "09:00"}]`, `[]`, "bans[0].hours"},
		{"Polygon", "MultiPolygon", "bans[0].area.type"},
		{ring, ring + ", " + ring, "bans[0].area.coordinates"}, // a hole
		{ring, `"somewhere"`, "bans[0].area.coordinates"},
		{ring, `[[121, 31], [121.1, 31], [121, 31]]`, "bans[0].area.coordinates[0]"},
		{`[121, 31]]`, `[121, 31.01]]`, "bans[0].area.coordinates[0][4]"},
		{`[121.1, 31.1]`, `[31.1, 121.1]`, "bans[0].area.coordinates[0][2]"}, // exchanged
		{`[121.1, 31.1]`, `[121.1, 31.1, 4]`, "bans[0].area.coordinates[0][2]"},
		{`[121.1, 31.1]`, `[127.1, 31.1]`, "bans[0].area.coordinates[0]"},                           // no city
		{`[121.1, 31], [121.1, 31.1]`, `[121.1, 31.1], [121.1, 31]`, "bans[0].area.coordinates[0]"}, // its sides cross
		{`[121.1, 31], [121.1, 31.1]`, `[121.1, 31], [121.1, 31]`, "bans[0].area.coordinates[0]"},
		{`[121.1, 31], [121.1, 31.1]`, `[121.1, 31], [121.05, 31]`, "bans[0].area.coordinates[0]"}, // runs back
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		_, err := ParseBans([]byte(text))
		var known *Error
		if !errors.As(err, &known) || known.Code != Invalid && known.Code != Unsupported {
			t.Errorf("%s: %v", c.new, err)
		} else if known.Field != c.field {
			t.Errorf("%s: %v, want field %s", c.new, err, c.field)
		}
	}
	if _, err := ParseBans(make([]byte, MaxBanFile+1)); CodeOf(err) != Invalid {
		t.Errorf("a file too large: %v", err)
	}
	var many []string
	for i := range maxBanCorners + 2 {
		many = append(many, fmt.Sprintf("[121.%04d, 31.%d]", i, i%2))
	}
	if _, err := ParseBans([]byte(strings.Replace(good, ring, "["+strings.Join(many, ",")+"]", 1))); CodeOf(err) != Invalid {
		t.Errorf("too many corners: %v", err)
	}
}

// What admission says of a stop does not depend on what was said there before.
func TestAdmissionNotesBans(t *testing.T) {
	m := cityBans(t, "{}", `[{"from": "00:00", "to": "24:00"}]`)
	stop := Stop{Place: Place{Point: oldTown, Town: "old town"}, Window: Window{Open: gateMonday + Hour, Close: gateMonday + 5*Hour}, Bans: "whatever"}
	away := stop
	away.Place.Point.LatE7 += 10_000_000
	a := Admission{Market: Market{Box: Box{South: 200_000_000, West: 1_000_000_000, North: 400_000_000, East: 1_300_000_000}, Zone: "UTC"}, Now: gateMonday, Bans: m}
	l, err := a.Load(LoadTerms{Goods: "crates", Pickup: stop, Delivery: away, Size: Size{Room: Room{Grams: 1000}}})
	if want := Bans("3f3f 00000000 +0800 01 00000-10080 old town\n"); err != nil || l.Pickup.Bans != want || l.Delivery.Bans != "" {
		t.Errorf("%q and %q, %v", l.Pickup.Bans, l.Delivery.Bans, err)
	}
	if o := l.Pickup.Openings(&VehicleTerms{}); o.Next(gateMonday) != gateMonday+1000*Day || o.Last(gateMonday) != gateMonday-1000*Day || o.Unbanned().Next(7) != 7 {
		t.Error("where trucks may never be they may")
	}
	tr, _ := a.Trip(TripTerms{Stops: []Stop{away, stop}})
	if tr.Stops[0].Bans != "" || tr.Stops[1].Bans != l.Pickup.Bans {
		t.Errorf("of a trip: %q and %q", tr.Stops[0].Bans, tr.Stops[1].Bans)
	}
}

func TestTheExampleFileIsRead(t *testing.T) {
	text, err := os.ReadFile("../docs/truck-bans.example.json")
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseBans(text)
	if err != nil || m.Len() == 0 || !strings.Contains(string(text), "EXAMPLE") {
		t.Fatalf("%d bans, %v", m.Len(), err)
	}
}

// No file makes the reader panic, and what it accepts can be asked.
func FuzzBans(f *testing.F) {
	f.Add([]byte(`{"version": "truck-bans/1", "zone": "Asia/Shanghai", "bans": [{"name": "x", "vehicles": {"types": ["van"], "payload_over_kg": 9}, "hours": [{"days": ["sun"], "from": "22:00", "to": "06:00"}],
		"area": {"type": "Polygon", "coordinates": [[[121, 31], [121.1, 31], [121.1, 31.1], [121, 31]]]}}]}`))
	f.Add([]byte(`{"version": "truck-bans/1", "zone": "UTC", "bans": [{"area": {"type": "Polygon", "coordinates": [[]]}}]}`))
	f.Add([]byte(`{"bans": null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ParseBans(text)
		if err != nil {
			if c := CodeOf(err); c != Invalid && c != Unsupported {
				t.Fatalf("code %s: %v", c, err)
			}
			return
		}
		for i := range m.bans {
			bans := m.At(m.bans[i].ring[0], gateMonday)
			if len(bans.List()) == 0 {
				t.Fatalf("the corner of ban %d has none", i)
			}
			for _, service := range []int64{0, 1, 3600, MaxServiceS} {
				o := (&Stop{Bans: bans, ServiceS: service}).Openings(&VehicleTerms{Payload: MaxGrams})
				for at := gateMonday; at < gateMonday+week; at += 7*Hour + 1 {
					next, last := o.Next(at), o.Last(at)
					if next < at || last > at || next < at+week && (o.Next(next) != next || o.Last(next) != next) || last > at-week && (o.Last(last) != last || o.Next(last) != last) {
						t.Fatalf("%q at %v: next %v, last %v", bans, at, next, last)
					}
				}
			}
		}
	})
}
