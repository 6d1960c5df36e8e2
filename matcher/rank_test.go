package matcher_test

import (
	"reflect"
	"testing"

	"pinhuo/freight"
	"pinhuo/matcher"
)

func judged(trip freight.ID, load freight.ID, v matcher.Verdict) matcher.Judged {
	return matcher.Judged{Trip: &freight.Trip{Meta: freight.Meta{ID: trip}}, Load: &freight.Load{Meta: freight.Meta{ID: load}}, Verdict: v}
}

func TestBest(t *testing.T) {
	all := []matcher.Judged{
		judged("c", "x", matcher.Verdict{OK: true, Value: 5}),
		judged("b", "y", matcher.Verdict{OK: true, Value: 7}),
		judged("z", "x", matcher.Verdict{Reason: freight.ReasonPrice, Value: 99}),
		judged("a", "x", matcher.Verdict{OK: true, Value: 5}),
		judged("b", "x", matcher.Verdict{OK: true, Value: 7}),
		judged("d", "x", matcher.Verdict{OK: true, Value: -1}),
	}
	order := func(n int) (ids []freight.ID) {
		for _, j := range matcher.Best(all, n) {
			ids = append(ids, j.Trip.ID+j.Load.ID)
		}
		return ids
	}
	first := all[0]
	want := []freight.ID{"bx", "by", "ax", "cx", "dx"}
	for n, want := range map[int][]freight.ID{9: want, 5: want, 3: want[:3], 1: want[:1], 0: nil, -1: nil} {
		if got := order(n); !reflect.DeepEqual(got, want) {
			t.Errorf("best %d: %v, want %v", n, got, want)
		}
	}
	if !reflect.DeepEqual(all[0], first) {
		t.Error("the pairs were reordered")
	}
	if got := matcher.Best(nil, 3); len(got) != 0 {
		t.Errorf("best of none: %v", got)
	}
}

func refused(trip freight.ID, r freight.Reason, by int64, limits freight.Limits) matcher.Judged {
	j := judged(trip, "x", matcher.Verdict{Reason: r, By: by})
	j.Trip.Limits = limits
	return j
}

func TestNearest(t *testing.T) {
	none := freight.Limits{}
	cases := []struct {
		name string
		all  []matcher.Judged
		want freight.ID
	}{
		{"the later reason", []matcher.Judged{refused("a", freight.ReasonWeight, 1, none), refused("b", freight.ReasonPrice, 900, none)}, "b"},
		{"the smaller amount", []matcher.Judged{refused("a", freight.ReasonWeight, 9, none), refused("b", freight.ReasonWeight, 8, none)}, "b"},
		{"the smaller id", []matcher.Judged{refused("b", freight.ReasonWeight, 9, none), refused("a", freight.ReasonWeight, 9, none)}, "a"},
		{"the smaller share of the detour", []matcher.Judged{
			refused("a", freight.ReasonDetourDistance, 2000, freight.Limits{DetourM: 10_000}),
			refused("b", freight.ReasonDetourDistance, 3000, freight.Limits{DetourM: 60_000})}, "b"},
		{"the smaller share of the time", []matcher.Judged{
			refused("a", freight.ReasonDetourTime, 200, freight.Limits{DetourS: 1000}),
			refused("b", freight.ReasonDetourTime, 300, freight.Limits{DetourS: 6000})}, "b"},
		{"no limit is far away", []matcher.Judged{
			refused("a", freight.ReasonStops, 2, none), refused("b", freight.ReasonStops, 2, freight.Limits{ExtraStops: 2})}, "b"},
		{"equal shares, smaller amount", []matcher.Judged{
			refused("a", freight.ReasonDetourTime, 200, freight.Limits{DetourS: 1000}),
			refused("b", freight.ReasonDetourTime, 100, freight.Limits{DetourS: 500})}, "b"},
		{"accepted pairs do not count", []matcher.Judged{judged("a", "x", matcher.Verdict{OK: true}), refused("b", freight.ReasonPiece, 1, none)}, "b"},
	}
	for _, c := range cases {
		for range 2 {
			if got := matcher.Nearest(c.all); got == nil || got.Trip != c.want {
				t.Errorf("%s: %+v, want %s", c.name, got, c.want)
			}
			c.all[0], c.all[1] = c.all[1], c.all[0]
		}
	}
	if got := matcher.Nearest(nil); got != nil {
		t.Errorf("nearest of none: %+v", got)
	}
	near := matcher.Nearest([]matcher.Judged{judged("a", "x", matcher.Verdict{Reason: freight.ReasonWeight, By: 7, Unit: "g"})})
	if *near != (freight.Near{Trip: "a", Reason: freight.ReasonWeight, By: 7, Unit: "g"}) {
		t.Errorf("%+v", near)
	}
}

func TestCounts(t *testing.T) {
	none := freight.Limits{}
	all := []matcher.Judged{refused("a", freight.ReasonPrice, 1, none), refused("b", freight.ReasonWeight, 1, none),
		refused("c", freight.ReasonPrice, 1, none), judged("d", "x", matcher.Verdict{OK: true})}
	want := []freight.Count{{Reason: freight.ReasonNoCandidate, N: 7}, {Reason: freight.ReasonWeight, N: 1}, {Reason: freight.ReasonPrice, N: 2}}
	if got := matcher.Counts(all, 7); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := matcher.Counts(all, 0); !reflect.DeepEqual(got, want[1:]) {
		t.Errorf("nothing ruled out by the index: %+v", got)
	}
}

func TestParts(t *testing.T) {
	kg := func(n int64) freight.Room {
		return freight.Room{Grams: n * 1000, Millilitres: n * 1000, FloorMM: n}
	}
	cases := []struct {
		name   string
		take   freight.Room
		pieces int64
		rooms  [][]freight.Room
		want   int64
	}{
		{"fits whole", kg(4), 0, [][]freight.Room{{kg(1)}, {kg(2), kg(4)}}, 1},
		{"the largest room decides", kg(12), 0, [][]freight.Room{{kg(1)}, {kg(4), kg(5)}}, 3},
		{"no room at all", kg(12), 0, [][]freight.Room{{{}}, {{Grams: 9e9, FloorMM: 9e9}}}, 0},
		{"one leg must hold every dimension", kg(4), 0, [][]freight.Room{{{Grams: 4000, Millilitres: 1000, FloorMM: 9}, {Grams: 1000, Millilitres: 4000, FloorMM: 9}}}, 4},
		{"as many parts as pieces", kg(12), 3, [][]freight.Room{{kg(4)}}, 3},
		{"more parts than pieces", kg(12), 2, [][]freight.Room{{kg(4)}}, 0},
		{"no trips", kg(1), 0, nil, 0},
	}
	for _, c := range cases {
		var all []matcher.Judged
		for _, rooms := range c.rooms {
			j := judged("a", "x", matcher.Verdict{})
			j.Trip.Rooms, j.Load.Size.Room = rooms, c.take
			if c.pieces > 0 {
				j.Load.Size.Pieces = []freight.Piece{{Count: c.pieces}}
			}
			all = append(all, j)
		}
		if got := matcher.Parts(all); got != c.want {
			t.Errorf("%s: %d parts, want %d", c.name, got, c.want)
		}
	}
}
