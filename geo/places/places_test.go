package places

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"unicode"

	"pinhuo/geo"
)

func load(tb testing.TB) *Gazetteer {
	tb.Helper()
	g, err := Load()
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

var nearHaimen = geo.Point{LatE7: 319000000, LngE7: 1211700000}

func TestSearch(t *testing.T) {
	g := load(t)
	for _, tc := range []struct {
		query, name, parent string
	}{
		{"海门", "海门", "江苏 南通"}, {"海门市", "海门", "江苏 南通"}, {"海门区", "海门", "江苏 南通"},
		{"haimen", "海门", "江苏 南通"}, {"hai men", "海门", "江苏 南通"}, {"Hai Men", "海门", "江苏 南通"},
		{"haim", "海门", "江苏 南通"}, {"hm", "海门", "江苏 南通"}, {" HM ", "海门", "江苏 南通"},
		{"常州", "常州", "江苏 常州"}, {"changzhou", "常州", "江苏 常州"}, {"cz", "常州", "江苏 常州"},
		{"上海", "上海", "上海"}, {"sh", "上海", "上海"}, {"shangh", "上海", "上海"},
		{"xi'an", "西安", "陕西 西安"}, {"厦门", "厦门", "福建"}, {"xiamen", "厦门", "福建"}, {"xm", "厦门", "福建"},
		{"bengbu", "蚌埠", "安徽 蚌埠"}, {"重庆", "重庆", "重庆"}, {"chongqing", "重庆", "重庆"}, {"廈門", "厦门", "福建"},
	} {
		near := nearHaimen
		if tc.name == "厦门" {
			near = geo.Point{LatE7: 244800000, LngE7: 1180900000}
		}
		got := g.Search(tc.query, near, 10)
		if len(got) == 0 || got[0].Name != tc.name || got[0].Parent != tc.parent {
			t.Errorf("%q: got %+v first of %d, want %s (%s)", tc.query, first(got), len(got), tc.name, tc.parent)
		}
	}
}

func first(ps []Place) Place {
	if len(ps) == 0 {
		return Place{}
	}
	return ps[0]
}

// TestAmbiguousNames: all towns of one name come, with the parents that tell
// them apart, and the nearest first wherever the user is.
func TestAmbiguousNames(t *testing.T) {
	g := load(t)
	parents := map[string]bool{}
	for _, p := range g.Search("海门", geo.Point{}, 10) {
		if p.Name == "海门" {
			parents[p.Parent] = true
		}
	}
	for _, want := range []string{"江苏 南通", "浙江 台州", "广东"} {
		if !parents[want] {
			t.Errorf("海门 of %s is missing among %v", want, parents)
		}
	}
	taizhou := geo.Point{LatE7: 286500000, LngE7: 1214000000}
	if got := g.Search("haimen", taizhou, 3); first(got).Parent != "浙江 台州" {
		t.Errorf("near Taizhou: %+v", got)
	}
}

func TestSearchRefusesNonsense(t *testing.T) {
	g := load(t)
	for _, q := range []string{"", "   ", "'", strings.Repeat("海", 1000), "\xff\xfe", "zzzzzz", "市", "\x00"} {
		if got := g.Search(q, nearHaimen, 10); len(got) > 0 && strings.TrimSpace(q) != "市" {
			t.Errorf("%q finds %v", q, got)
		}
	}
	for _, limit := range []int{0, -1} {
		if got := g.Search("haimen", nearHaimen, limit); got != nil {
			t.Errorf("limit %d finds %v", limit, got)
		}
	}
}

// TestSearchAgainstScan compares with a search that looks at every key.
func TestSearchAgainstScan(t *testing.T) {
	g := load(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 300 {
		k := g.keys[r.IntN(len(g.keys))]
		runes := []rune(k.text)
		q := string(runes[:1+r.IntN(len(runes))])
		want := map[int64]bool{}
		for _, k := range g.keys {
			if strings.HasPrefix(k.text, q) {
				want[g.places[k.place].ID] = true
			}
		}
		got := g.Search(q, nearHaimen, g.Len())
		if len(got) != len(want) {
			t.Fatalf("%q: %d towns, a scan finds %d", q, len(got), len(want))
		}
		few := g.Search(q, nearHaimen, 7)
		for i, p := range few {
			if !want[p.ID] || p != got[i] {
				t.Fatalf("%q: town %d of 7 is %+v, of all %+v", q, i, p, got[i])
			}
		}
	}
}

func TestByIDAndNearest(t *testing.T) {
	g := load(t)
	seen := map[int64]bool{}
	for _, p := range g.places {
		if got, ok := g.ByID(p.ID); !ok || got != p || seen[p.ID] {
			t.Fatalf("town %d: %+v", p.ID, got)
		}
		seen[p.ID] = true
	}
	if _, ok := g.ByID(1); ok {
		t.Error("found a town that is not there")
	}
	if p := g.Nearest(nearHaimen); p.Name != "海门" || p.Parent != "江苏 南通" {
		t.Errorf("nearest to Haimen is %+v", p)
	}
	r := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		at, _ := geo.PointOf(20+r.Float64()*25, 90+r.Float64()*33)
		got := geo.GreatCircleM(at, g.Nearest(at).Point)
		for _, p := range g.places {
			if d := geo.GreatCircleM(at, p.Point); d < got-1 {
				t.Fatalf("%v: %v at %.0f m is nearer than %.0f m", at, p.Name, d, got)
			}
		}
	}
}

// TestTowns holds the file to its shape: nearly all names in Han, all with a
// province, none outside China's box.
func TestTowns(t *testing.T) {
	g := load(t)
	latin, orphans := 0, 0
	for _, p := range g.places {
		if !unicode.Is(unicode.Han, []rune(p.Name)[0]) {
			latin++
		}
		if p.Parent == "" {
			orphans++
		}
		if p.Point.Lat() < 3 || p.Point.Lat() > 54 || p.Point.Lng() < 73 || p.Point.Lng() > 136 {
			t.Errorf("%+v lies outside", p)
		}
	}
	t.Logf("%d towns, %d without a Han name, %d without a province, %d keys", g.Len(), latin, orphans, len(g.keys))
	if g.Len() < 15_000 || latin*10 > g.Len() || orphans > 5 {
		t.Error("the file has lost towns, names or parents")
	}
}

func TestDamagedFile(t *testing.T) {
	for _, packed := range [][]byte{nil, []byte("no gzip"), towns[:len(towns)/2]} {
		if _, err := read(packed); !errors.Is(err, ErrData) {
			t.Errorf("%d bytes: %v", len(packed), err)
		}
	}
}

// TestHeap keeps the gazetteer small enough to be loaded everywhere.
func TestHeap(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	g, err := read(towns)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	mb := float64(int64(after.HeapAlloc)-int64(before.HeapAlloc)) / (1 << 20)
	t.Logf("%.1f MB", mb)
	if mb > 40 {
		t.Errorf("the gazetteer takes %.1f MB", mb)
	}
	runtime.KeepAlive(g)
}

func BenchmarkSearch(b *testing.B) {
	g := load(b)
	for _, q := range []string{"海门", "haimen", "hm", "sh", "s"} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.Search(q, nearHaimen, 10)
			}
		})
	}
}

func BenchmarkNearest(b *testing.B) {
	g := load(b)
	for b.Loop() {
		g.Nearest(nearHaimen)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := read(towns); err != nil {
			b.Fatal(err)
		}
	}
}
