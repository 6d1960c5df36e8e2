package freight_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
)

// filled puts anything into every part of a value, of each kind of part something that is
// not zero where full is set.
func filled(r *rand.Rand, v reflect.Value, full bool) {
	if !full && r.IntN(3) == 0 {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			filled(r, v.Field(i), full)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(r, v.Elem(), full)
	case reflect.Slice:
		n := r.IntN(4)
		if full {
			n = 2
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			filled(r, v.Index(i), full)
		}
	case reflect.String:
		v.SetString([]string{"a", "苏州", "pickup", "end", "ld_01"}[r.IntN(5)])
	case reflect.Bool:
		v.SetBool(full || r.IntN(2) == 0)
	case reflect.Int, reflect.Int16, reflect.Int32, reflect.Int64:
		n := r.Int64() >> r.IntN(63)
		if r.IntN(2) == 0 {
			n = ^n
		}
		if bits := v.Type().Bits(); bits < 64 {
			n = n << (64 - bits) >> (64 - bits)
		}
		if full && n == 0 {
			n = 1
		}
		v.SetInt(n)
	default:
		v.SetUint(1 + r.Uint64()&0x7f)
	}
}

// TestPackedTripIsWhole packs trips with anything in every field there is, also one that
// comes to be tomorrow.
func TestPackedTripIsWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 0))
	var scratch freight.Trip
	for n := range 20_000 {
		var trip freight.Trip
		filled(r, reflect.ValueOf(&trip).Elem(), n%4 == 0)
		if n%3 == 0 {
			likely(r, &trip)
		}
		p := trip.Pack()
		if back := p.Unpack(); !reflect.DeepEqual(*back, trip) {
			t.Fatalf("trip %d\n%+v\ncame back as\n%+v", n, trip, *back)
		}
		if p.UnpackTo(&scratch); !reflect.DeepEqual(scratch, trip) {
			t.Fatalf("trip %d\n%+v\ncame back in memory used before as\n%+v", n, trip, scratch)
		}
		if p.ID() != trip.ID || p.Router() != trip.Router {
			t.Fatalf("trip %d: %q by %v, want %q by %v", n, p.ID(), p.Router(), trip.ID, trip.Router)
		}
	}
}

// likely lets calls follow from stops and from each other as those of real plans do.
func likely(r *rand.Rand, t *freight.Trip) {
	for i := range t.Plan {
		c := &t.Plan[i]
		if r.IntN(4) > 0 && len(t.Stops) > 0 {
			c.Own = r.IntN(len(t.Stops))
			s := &t.Stops[c.Own]
			c.Point, c.Window, c.ServiceS, c.Gate, c.Bans = s.Place.Point, s.Window, s.ServiceS, s.Gate, s.Bans
		}
		if i > 0 && r.IntN(4) > 0 {
			c.Load = t.Plan[i-1].Load
			c.Arrive = t.Plan[i-1].Leave.After(c.LegS + c.RestS)
			c.Start = max(c.Arrive, c.Window.Open)
			c.Leave = c.Start.After(c.ServiceS)
		}
	}
}

// TestUnpackingAllocatesNothing holds for memory that was used before.
func TestUnpackingAllocatesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 0))
	var trip, scratch freight.Trip
	filled(r, reflect.ValueOf(&trip).Elem(), true)
	p := trip.Pack()
	p.UnpackTo(&scratch)
	if n := testing.AllocsPerRun(100, func() { p.UnpackTo(&scratch) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzPackedTrip packs trips drawn from any bytes.
func FuzzPackedTrip(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		r := rand.New(rand.NewPCG(a, b))
		var trip freight.Trip
		filled(r, reflect.ValueOf(&trip).Elem(), b%2 == 0)
		likely(r, &trip)
		p := trip.Pack()
		if back := p.Unpack(); !reflect.DeepEqual(*back, trip) {
			t.Fatalf("%+v\ncame back as\n%+v", trip, *back)
		}
	})
}

func BenchmarkUnpack(b *testing.B) {
	trip := freight.Trip{Meta: freight.Meta{ID: "tr_0000001", Version: 1}, State: freight.TripOpen}
	for i := range 3 {
		s := freight.Stop{Place: freight.Place{Point: freight.Point{LatE7: int32(i) * 1e7, LngE7: 12e8}}, Window: freight.Window{Open: 1_772_409_612_345 + freight.Instant(i)*freight.Hour}}
		s.Window.Close = s.Window.Open + 4*freight.Hour
		trip.Stops = append(trip.Stops, s)
		trip.Plan = append(trip.Plan, freight.Call{Kind: freight.CallVia, Own: i, Point: s.Place.Point, Window: s.Window, LegM: 100_000, LegS: 6000, Arrive: s.Window.Open, Start: s.Window.Open, Leave: s.Window.Open})
	}
	p := trip.Pack()
	var scratch freight.Trip
	b.ReportAllocs()
	for b.Loop() {
		p.UnpackTo(&scratch)
	}
}
