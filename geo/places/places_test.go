package places

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pinhuo/geo"
	"pinhuo/internal/seed"
)

func load(tb testing.TB) *Gazetteer {
	tb.Helper()
	g, err := Load()
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

var haimen = &geo.Point{LatE7: 318_960_000, LngE7: 1_211_730_000}

func (g *Gazetteer) mustFind(tb testing.TB, query string, near *geo.Point, limit int) []Place {
	tb.Helper()
	found, err := g.Search(query, near, limit)
	if err != nil {
		tb.Fatalf("%q: %v", query, err)
	}
	return found
}

func first(ps []Place) Place {
	if len(ps) == 0 {
		return Place{}
	}
	return ps[0]
}

// TestFirstAnswers asks from Haimen, except where a line names another home.
func TestFirstAnswers(t *testing.T) {
	g := load(t)
	homes := map[string]*geo.Point{
		"":   haimen,
		"厦门": {LatE7: 244800000, LngE7: 1180900000},
		"台州": {LatE7: 286500000, LngE7: 1214000000},
		"汕头": {LatE7: 233500000, LngE7: 1166800000},
		"沈阳": {LatE7: 418000000, LngE7: 1234300000},
		"武汉": {LatE7: 305900000, LngE7: 1143000000},
		"巴黎": {LatE7: 488600000, LngE7: 23500000},
	}
	for _, tc := range []struct{ query, full, parent, home string }{
		// Han, with every rank and none
		{"海门", "海门区", "江苏 南通", ""},
		{"海门区", "海门区", "江苏 南通", ""},
		{"常州", "常州市", "江苏", ""},
		{"昆山", "昆山市", "江苏 苏州", ""},
		{"花桥", "花桥镇", "江苏 苏州 昆山", ""},
		{"上海", "上海市", "", ""},
		{"延边", "延边朝鲜族自治州", "吉林", ""},
		{"内蒙古", "内蒙古自治区", "", ""},
		// Traditional characters
		{"廈門", "厦门市", "福建", ""},
		{"蘇州", "苏州市", "江苏", ""},
		// Pinyin
		{"haimen", "海门区", "江苏 南通", ""},
		{"Hai Men", "海门区", "江苏 南通", ""},
		{"haim", "海门区", "江苏 南通", ""},
		{"ｈａｉｍｅｎ", "海门区", "江苏 南通", ""},
		{"zhangjiag", "张家港市", "江苏 苏州", ""},
		{"xi'an", "西安市", "陕西", ""},
		{"lüsigang", "吕四港镇", "江苏 南通 启东", ""},
		{"lvsigang", "吕四港镇", "江苏 南通 启东", ""},
		// Names that are not read as they are written
		{"chongqing", "重庆市", "", ""},
		{"luan", "六安市", "安徽", ""},
		{"bengbu", "蚌埠市", "安徽", ""},
		{"yueqing", "乐清市", "浙江 温州", ""},
		{"xiamen", "厦门市", "福建", ""},
		{"bozhou", "亳州市", "安徽", ""},
		{"dongguan", "东莞市", "广东", ""},
		{"huangpi", "黄陂区", "湖北 武汉", "武汉"},
		// Initials
		{"hm", "海门区", "江苏 南通", ""},
		{"cz", "常州市", "江苏", ""},
		{"sh", "上海市", "", ""},
		{"xm", "厦门市", "福建", "厦门"},
		{"zjg", "张家港市", "江苏 苏州", ""},
		// The nearer of one name
		{"海门", "海门街道", "浙江 台州 椒江", "台州"},
		{"海门镇", "海门镇", "广东 汕头 潮阳", "汕头"},
		{"朝阳", "朝阳市", "辽宁", "沈阳"},
		// Counties that were renamed
		{"海门市", "海门区", "江苏 南通", ""},
		{"吴县市", "吴中区", "江苏 苏州", ""},
		{"绍兴县", "柯桥区", "浙江 绍兴", ""},
		{"襄樊", "襄阳市", "湖北", ""},
		{"沙县区", "沙县", "福建 三明", ""},
		// Names of larger units before
		{"江苏省南通市海门区", "海门区", "江苏 南通", ""},
		{"南通海门", "海门区", "江苏 南通", ""},
		{"昆山花桥", "花桥镇", "江苏 苏州 昆山", "厦门"},
		{"江苏省南通市海门区解放中路1号", "海门区", "江苏 南通", ""},
		// Slips, and characters that sound alike
		{"haimne", "海门区", "江苏 南通", ""},
		{"suzou", "苏州市", "江苏", ""},
		{"chanzhou", "常州市", "江苏", ""},
		{"张家岗", "张家港市", "江苏 苏州", ""},
		{"长塾", "常熟市", "江苏 苏州", ""},
		// Abroad
		{"tokyo", "东京", "日本", ""},
		{"东京", "东京", "日本", ""},
		{"莫斯科", "莫斯科", "俄罗斯", ""},
		{"mosike", "莫斯科", "俄罗斯", ""},
		{"munich", "慕尼黑", "德国", "巴黎"},
		{"new york", "New York City", "美国 NY", ""},
		{"台北", "台北", "台湾", ""},
	} {
		got := first(g.mustFind(t, tc.query, homes[tc.home], 10))
		if got.Full != tc.full || got.Parent != tc.parent {
			t.Errorf("%q (home %q): %s (%s), want %s (%s)", tc.query, tc.home, got.Full, got.Parent, tc.full, tc.parent)
		}
	}
}

// All places of one name come, with the parents that tell them apart.
func TestHomonyms(t *testing.T) {
	g := load(t)
	parents := map[string]bool{}
	for _, p := range g.mustFind(t, "海门", haimen, 10) {
		if strings.HasPrefix(p.Full, "海门") {
			parents[p.Parent] = true
		}
	}
	for _, want := range []string{"江苏 南通", "浙江 台州 椒江", "广东 汕头 潮阳"} {
		if !parents[want] {
			t.Errorf("海门 of %s is missing among %v", want, parents)
		}
	}
}

// What has no coordinates of its own stands at its parent and cannot be driven to.
func TestApproximate(t *testing.T) {
	g := load(t)
	exact := 0
	for i := range g.places {
		r := &g.places[i]
		p := g.place(int32(i))
		if r.exact {
			exact++
		}
		if p.Bookable() != r.exact {
			t.Fatalf("%+v", p)
		}
		if !r.exact && r.parent >= 0 && r.kind != Country && r.point != g.places[r.parent].point {
			t.Fatalf("%+v stands neither by itself nor at its parent", p)
		}
		if r.exact && r.point == (geo.Point{}) {
			t.Fatalf("%+v has no coordinates", p)
		}
	}
	t.Logf("%d of %d places have coordinates of their own", exact, g.Len())
	if yueqing := first(g.mustFind(t, "乐清", nil, 1)); yueqing.Bookable() {
		t.Errorf("GeoNames does not know it: %+v", yueqing)
	}
}

func TestSearchRefuses(t *testing.T) {
	g := load(t)
	for _, tc := range []struct {
		query string
		near  *geo.Point
		want  error
	}{
		{"", nil, ErrEmpty}, {"  \t", nil, ErrEmpty}, {"'", nil, ErrEmpty}, {"（）", nil, ErrEmpty}, {"\x00", nil, ErrEmpty},
		{strings.Repeat("海", 1000), nil, ErrLong}, {strings.Repeat("a", MaxQuery+1), nil, ErrLong},
		{"\xff\xfe", nil, ErrText}, {"haimen\x80", nil, ErrText},
		{"海门", &geo.Point{LatE7: 900000001}, geo.ErrCoordinates},
		{"海门", &geo.Point{LngE7: -1800000001}, geo.ErrCoordinates},
		{"zzzzzzzz", nil, nil}, {"🚚", nil, ErrEmpty}, {strings.Repeat("a", MaxQuery), nil, nil},
		{"龘龘龘", nil, nil}, {"1", nil, nil}, {"ǖǘ", haimen, nil},
	} {
		if got, err := g.Search(tc.query, tc.near, 10); !errors.Is(err, tc.want) || err != nil && got != nil {
			t.Errorf("%q: %v, %v; want %v", tc.query, got, err, tc.want)
		}
	}
	for _, limit := range []int{0, -1} {
		if got := g.mustFind(t, "haimen", haimen, limit); got != nil {
			t.Errorf("limit %d finds %v", limit, got)
		}
	}
	if _, err := geo.PointOf(nan(), 0); !errors.Is(err, geo.ErrCoordinates) {
		t.Errorf("a point that is no number: %v", err)
	}
}

func nan() float64 { var zero float64; return zero / zero }

func TestRough(t *testing.T) {
	g := load(t)
	yueqing, wenzhou := first(g.mustFind(t, "乐清", haimen, 1)), first(g.mustFind(t, "温州", haimen, 1))
	for _, tc := range []struct {
		name string
		at   geo.Point
		want bool
	}{
		{"乐清", yueqing.Point, true}, {"乐清市", yueqing.Point, true}, {"乐清", geo.Point{LatE7: yueqing.Point.LatE7 + 1, LngE7: yueqing.Point.LngE7}, false},
		{"温州", wenzhou.Point, false}, {"海门", *haimen, false}, {"", yueqing.Point, false}, {"乐", yueqing.Point, false}, {"nowhere", yueqing.Point, false},
	} {
		if got := g.Rough(tc.name, tc.at); got != tc.want {
			t.Errorf("%s at %v: %v", tc.name, tc.at, got)
		}
	}
	if yueqing.Point != wenzhou.Point {
		t.Errorf("乐清 stands at %v, its prefecture at %v", yueqing.Point, wenzhou.Point)
	}
}

func TestReads(t *testing.T) {
	g := load(t)
	for _, tc := range []struct {
		name, query string
		want        bool
	}{
		{"东门仓库", "东门", true}, {"东门仓库", "仓库", true}, {"东门仓库", "dongm", true}, {"东门仓库", "DMC", true}, {"东門仓库", "东门", true},
		{"3号门", "3hao", true}, {"Dock 2", "dock2", true}, {"东门仓库", "西门", false}, {"东门仓库", "cangku", false}, {"东门仓库", "", false},
		{"", "东", false}, {"🚚", "🚚", false},
	} {
		if got := g.Reads(tc.name, tc.query); got != tc.want {
			t.Errorf("%q for %q: %v", tc.query, tc.name, got)
		}
	}
}

// TestSearchAgainstScan compares with a search that looks at every name.
func TestSearchAgainstScan(t *testing.T) {
	g := load(t)
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 300 {
		n := &g.names[r.IntN(len(g.names))]
		form := formOf(r.IntN(int(forms)))
		text, _ := form.of(n)
		runes := []rune(text)
		if len(runes) < 3 && form != byHan || len(runes) == 0 {
			continue
		}
		q := string(runes[:min(len(runes), 3+r.IntN(6))])
		want := map[Place]bool{}
		for i := range g.names {
			if form == byHan && strings.HasPrefix(g.names[i].han, q) ||
				form != byHan && (strings.HasPrefix(g.names[i].pinyin, q) || strings.HasPrefix(g.names[i].initials, q)) {
				want[g.place(g.names[i].place)] = true
			}
		}
		got := g.mustFind(t, q, haimen, g.Len())
		if len(got) != len(want) {
			t.Fatalf("%q: %d places, a scan finds %d", q, len(got), len(want))
		}
		few := g.mustFind(t, q, haimen, 7)
		for i, p := range few {
			if !want[p] || p != got[i] {
				t.Fatalf("%q: place %d of 7 is %+v, of all %+v", q, i, p, got[i])
			}
		}
	}
}

// TestSlipsAgainstScan compares with a search that reckons the distance to every name.
func TestSlipsAgainstScan(t *testing.T) {
	g := load(t)
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 2))
	ix := &g.all[byPinyin]
	for range 40 {
		text := []byte(ix.texts[r.IntN(len(ix.texts))])
		text = text[:min(len(text), 4+r.IntN(8))]
		for range r.IntN(2) + 1 {
			text[r.IntN(len(text))] = byte('a' + r.IntN(26))
		}
		got := map[int]bool{}
		ix.slips(string(text), func(s span) {
			for i := s.from; i < s.to; i++ {
				got[i] = true
			}
		})
		for i, name := range ix.texts {
			if want := slipsToBeginning(string(text), name); want != got[i] {
				t.Fatalf("%q against %q: %v, want %v", text, name, got[i], want)
			}
		}
	}
}

// slipsToBeginning tells whether one slip turns q into a beginning of name.
func slipsToBeginning(q, name string) bool {
	for i := 0; i <= len(q); i++ {
		if i < len(q) && strings.HasPrefix(name, q[:i]+q[i+1:]) {
			return true
		}
		if i+1 < len(q) && q[i] != q[i+1] && strings.HasPrefix(name, q[:i]+string(q[i+1])+string(q[i])+q[i+2:]) {
			return true
		}
		if i < len(name) && q[:i] == name[:i] {
			if strings.HasPrefix(name, q[:i]+name[i:i+1]+q[i:]) {
				return true
			}
			if i < len(q) && q[i] != name[i] && strings.HasPrefix(name, q[:i]+name[i:i+1]+q[i+1:]) {
				return true
			}
		}
	}
	return false
}

func TestByID(t *testing.T) {
	g := load(t)
	for i := range g.places {
		want := g.place(int32(i))
		if got, ok := g.ByID(want.ID); !ok || got != want {
			t.Fatalf("%+v found as %+v, %v", want, got, ok)
		}
	}
	for _, id := range []string{"", "1", "g1", "g", "-1801200", "g-320614", "0320614", "320614 ", "99999999999999999999"} {
		if p, ok := g.ByID(id); ok {
			t.Errorf("%q is %+v", id, p)
		}
	}
}

func TestNearestAgainstScan(t *testing.T) {
	g := load(t)
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 3))
	for range 200 {
		p := geo.Point{LatE7: int32(r.IntN(1_800_000_001) - 900_000_000), LngE7: int32(r.Int64N(3_600_000_001) - 1_800_000_000)}
		best := -1.0
		for i := range g.places {
			if d := p.Vec().GreatCircleM(g.vecs[i]); g.places[i].exact && (best < 0 || d < best) {
				best = d
			}
		}
		if d := p.Vec().GreatCircleM(g.Nearest(p).Point.Vec()); d > best+0.5 {
			t.Fatalf("%v: %.0f m, a scan finds one at %.0f m", p, d, best)
		}
	}
}

func TestAt(t *testing.T) {
	g := load(t)
	full := func(p *Place) string {
		if p == nil {
			return ""
		}
		return p.Full
	}
	for _, tc := range []struct {
		lat, lng                     float64
		town, county, city, province string
	}{
		{31.896, 121.173, "", "海门区", "南通市", "江苏省"},
		{31.298, 121.10, "花桥镇", "昆山市", "苏州市", "江苏省"},
		{31.2222, 121.4581, "", "", "上海市", "上海市"},
		{23.19346, 116.61219, "", "", "", "广东省"},
	} {
		p, err := geo.PointOf(tc.lat, tc.lng)
		if err != nil {
			t.Fatal(err)
		}
		s, err := g.At(p)
		if err != nil {
			t.Fatal(err)
		}
		if tc.county != "" && full(s.County) != tc.county || tc.town != "" && full(s.Town) != tc.town || tc.city != "" && full(s.City) != tc.city || full(s.Province) != tc.province {
			t.Errorf("%v: %s, town %q, county %q, city %q, province %q", p, s.Place.Full, full(s.Town), full(s.County), full(s.City), full(s.Province))
		}
	}
	for _, p := range []geo.Point{{LatE7: 900000000}, {LatE7: -900000000, LngE7: 1800000000}, {}} {
		if s, err := g.At(p); err != nil || s.Place.Name == "" || s.Metres <= 0 {
			t.Errorf("%v: %+v, %v", p, s, err)
		}
	}
	if _, err := g.At(geo.Point{LatE7: 1_000_000_000}); !errors.Is(err, geo.ErrCoordinates) {
		t.Errorf("off the globe: %v", err)
	}
}

// The lists are whole: their pseudo-entries are gone and all else is there.
func TestLists(t *testing.T) {
	g := load(t)
	var count [kinds]int
	for i := range g.places {
		r := &g.places[i]
		count[r.kind]++
		if strings.Contains(r.name, "直辖县级") || r.name == "市辖区" {
			t.Errorf("pseudo-entry %s", r.name)
		}
		if n := &g.names[r.main]; r.kind <= Town && n.pinyin == "" {
			t.Errorf("%s cannot be typed", r.name)
		}
		if r.parent >= int32(i) {
			t.Fatalf("%s comes before its parent", r.name)
		}
	}
	t.Log(count)
	for kind, want := range map[Kind]int{Province: 34, Prefecture: 333, County: 2846, Town: 41278} {
		if count[kind] != want {
			t.Errorf("%d of kind %v, want %d", count[kind], kind, want)
		}
	}
	if count[City] < 20_000 {
		t.Errorf("only %d cities of the world", count[City])
	}
}

// TestSeats are counties whose seat bears another name, which GeoNames knows under the
// county's own in Latin letters only: within 10 km of where maps have them.
func TestSeats(t *testing.T) {
	g := load(t)
	for id, at := range map[string][2]float64{
		"320904": {33.20, 120.46}, "441424": {23.92, 115.76}, "511129": {28.96, 103.90}, "420528": {30.47, 111.20},
		"410523": {35.92, 114.36}, "341126": {32.87, 117.56}, "120114": {39.38, 117.06}, "320324": {33.91, 117.95},
	} {
		p, ok := g.ByID(id)
		want, err := geo.PointOf(at[0], at[1])
		if !ok || err != nil || p.Approximate || geo.GreatCircleM(p.Point, want) > 10_000 {
			t.Errorf("%s %s: %v, approximate %v", id, p.Full, p.Point, p.Approximate)
		}
	}
}

// Coordinates of its own lie with the unit they belong to: a town does not
// lie three times nearer to the seat of another county of its prefecture, nor a county far
// from its prefecture. What is covered is not to shrink.
func TestCoordinatesLieNearTheirParents(t *testing.T) {
	g := load(t)
	seats := map[int32][]int32{} // counties with coordinates, by prefecture
	for i := range g.places {
		if r := &g.places[i]; r.kind == County && r.exact {
			seats[r.parent] = append(seats[r.parent], int32(i))
			if far := geo.GreatCircleM(r.point, g.places[r.parent].point); g.places[r.parent].exact && far > 800_000 {
				t.Errorf("%s lies %.0f km from %s", r.name, far/1000, g.places[r.parent].name)
			}
		}
	}
	for i := range g.places {
		r := &g.places[i]
		if r.kind != Town || !r.exact || g.places[r.parent].kind != County || !g.places[r.parent].exact {
			continue
		}
		own := geo.GreatCircleM(r.point, g.places[r.parent].point)
		for _, other := range seats[g.places[r.parent].parent] {
			if far := geo.GreatCircleM(r.point, g.places[other].point); own > 31_000 && own > 3.1*far {
				t.Errorf("%s of %s lies %.0f km from its seat and %.0f km from %s", r.name, g.places[r.parent].name, own/1000, far/1000, g.places[other].name)
			}
		}
	}
	var sum Coverage
	for _, c := range g.Coverage() {
		sum.Counties, sum.CountiesAt, sum.Towns, sum.TownsAt = sum.Counties+c.Counties, sum.CountiesAt+c.CountiesAt, sum.Towns+c.Towns, sum.TownsAt+c.TownsAt
	}
	if sum.CountiesAt < 1950 || sum.TownsAt < 12_000 {
		t.Errorf("%d of %d counties and %d of %d towns have coordinates", sum.CountiesAt, sum.Counties, sum.TownsAt, sum.Towns)
	}
}

// Every place is the first found by its whole name at its own door, or one of the same name is.
func TestEveryNameFindsItself(t *testing.T) {
	g := load(t)
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 4))
	for range 3000 {
		p := g.place(int32(r.IntN(g.Len())))
		if p.Kind == Country {
			continue // states have no more than letters
		}
		found := g.mustFind(t, p.Full, &p.Point, 50)
		if !slices.ContainsFunc(found, func(f Place) bool { return f == p }) && len(found) < 50 {
			t.Errorf("%+v is not found by its name: %+v", p, first(found))
		}
	}
}

func TestDamagedData(t *testing.T) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	pack := func(data []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		w.Write(data)
		w.Close()
		return out.Bytes()
	}
	broken := map[string][]byte{"nothing": nil, "no gzip": []byte("no gzip"), "half": packed[:len(packed)/2],
		"another form": pack([]byte("pinhuo places 9\n")), "no rows": pack([]byte(form)), "cut off": pack(data[:len(data)-1]), "more behind": pack(append(data, 0))}
	for name, b := range broken {
		if _, err := read(b); !errors.Is(err, ErrData) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := rand.New(rand.NewPCG(1, 5))
	for range 10 { // a byte changed anywhere must not crash it
		b := slices.Clone(data)
		b[len(form)+r.IntN(len(b)-len(form))] ^= byte(1 + r.IntN(255))
		if _, err := read(pack(b)); err != nil && !errors.Is(err, ErrData) {
			t.Errorf("a changed byte: %v", err)
		}
	}
}

// TestSize keeps the gazetteer small enough to be in every binary and every process.
func TestSize(t *testing.T) {
	if len(packed) > 3<<20 {
		t.Errorf("%d bytes in the binary", len(packed))
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	g, err := read(packed)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	mb := float64(int64(after.HeapAlloc)-int64(before.HeapAlloc)) / (1 << 20)
	t.Logf("%d bytes in the binary, %.1f MB in memory", len(packed), mb)
	if mb > 40 {
		t.Errorf("the gazetteer takes %.1f MB", mb)
	}
	runtime.KeepAlive(g)
}

func BenchmarkSearch(b *testing.B) {
	g := load(b)
	for _, q := range []string{"海门", "haimen", "hm", "sh", "s", "新", "haimne", "张家岗", "江苏省南通市海门区"} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if found, err := g.Search(q, haimen, 10); err != nil || len(found) == 0 {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNearest(b *testing.B) {
	g := load(b)
	for b.Loop() {
		g.Nearest(*haimen)
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := read(packed); err != nil {
			b.Fatal(err)
		}
	}
}
