package roads

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
	"pinhuo/internal/seed"
)

// town draws a random town: a bent raster with one-ways, private roads, speed
// limits, roads in parallel and round a block, and forbidden turns over two and
// three roads.
func town(r *rand.Rand, side int, private, turns bool) *Network {
	n := &Network{Names: []string{"", "路"}, Files: []string{"town"}, Counts: map[string]int{}}
	for y := range side {
		for x := range side {
			n.Nodes = append(n.Nodes, at(31+float64(y)*0.01+r.Float64()*0.004, 121+float64(x)*0.01+r.Float64()*0.004))
		}
	}
	for v := range side * side {
		for _, to := range []int{v + 1, v + side} {
			if to < side*side && (to != v+1 || to%side != 0) && r.IntN(8) > 0 {
				n.road(r, v, to, private)
			}
		}
		if r.IntN(15) == 0 {
			n.road(r, v, r.IntN(side*side), private)
		}
	}
	if turns {
		for range side * side / 3 {
			n.forbid(r)
		}
	}
	return n
}

func (n *Network) road(r *rand.Rand, a, b int, private bool) {
	p := Piece{From: uint32(a), To: uint32(b), Shape: uint32(len(n.Shape)), Way: int64(len(n.Pieces)), Class: Class(1 + r.IntN(14)), Flags: Forward | Back}
	switch r.IntN(6) {
	case 0:
		p.Flags = Forward
	case 1:
		p.Flags = Back
	}
	if private && r.IntN(6) == 0 {
		p.Flags |= EndsOnly
	}
	if r.IntN(3) == 0 {
		p.MaxKmh = [2]uint8{uint8(20 + r.IntN(60)), uint8(20 + r.IntN(60))}
	}
	points := []geo.Point{n.Nodes[a]}
	for range r.IntN(4) {
		points = append(points, at(n.Nodes[a].Lat()+r.NormFloat64()*0.002, n.Nodes[a].Lng()+r.NormFloat64()*0.002))
	}
	points = append(points, n.Nodes[b])
	cm := uint32(0)
	for i, q := range points {
		if i > 0 {
			cm += SegmentCm(points[i-1], q)
		}
		n.Shape = append(n.Shape, ShapePoint{q.LatE7, q.LngE7, cm})
	}
	n.Pieces = append(n.Pieces, p)
}

// forbid adds a turn that hangs together.
func (n *Network) forbid(r *rand.Rand) {
	turn := []uint32{uint32(r.IntN(2 * len(n.Pieces)))}
	for range 1 + r.IntN(2) {
		var next []uint32
		for arc := range uint32(2 * len(n.Pieces)) {
			if n.tail(arc) == n.head(turn[len(turn)-1]) {
				next = append(next, arc)
			}
		}
		turn = append(turn, next[r.IntN(len(next))])
	}
	n.Turns = append(n.Turns, turn)
}

// walker is the rules of the road in another form: a state is the arc being
// driven, the one before it, and how far the route is among private roads.
type walker struct {
	net  *Network
	s    *states
	bans map[[3]uint32]bool
}

type walkState struct {
	arc, before uint32
	layer       layer
}

func newWalker(net *Network, s *states) *walker {
	w := &walker{net: net, s: s, bans: map[[3]uint32]bool{}}
	for _, turn := range net.Turns {
		key := [3]uint32{ch.None}
		copy(key[3-len(turn):], turn)
		w.bans[key] = true
	}
	return w
}

func (w *walker) banned(st walkState, to uint32) bool {
	return w.bans[[3]uint32{ch.None, st.arc, to}] || w.bans[[3]uint32{st.before, st.arc, to}]
}

// next lists what may follow.
func (w *walker) next(st walkState) []walkState {
	var out []walkState
	dead := true
	step := func(to uint32) {
		l := through
		if w.s.ends[to/2] {
			if l = arrived; st.layer == leaving {
				l = leaving
			}
		} else if st.layer == arrived {
			return
		}
		out = append(out, walkState{to, st.arc, l})
	}
	for arc := range uint32(2 * len(w.net.Pieces)) {
		if !w.s.usable(arc) || w.net.tail(arc) != w.net.head(st.arc) || arc == st.arc^1 || w.banned(st, arc) {
			continue
		}
		if !w.s.ends[arc/2] || w.s.ends[st.arc/2] {
			dead = false
		}
		step(arc)
	}
	if back := st.arc ^ 1; dead && w.s.usable(back) && !w.banned(st, back) {
		step(back)
	}
	return out
}

// all is the least weight from an end to the end of every arc.
func (w *walker) all(s *end) map[uint32]ch.Weight {
	first := walkState{s.arc, ch.None, through}
	if w.s.ends[s.arc/2] {
		first.layer = leaving
	}
	dist := map[walkState]ch.Weight{}
	best := map[uint32]ch.Weight{}
	open := map[walkState]ch.Weight{}
	enter := func(from walkState, at ch.Weight) {
		for _, to := range w.next(from) {
			if _, done := dist[to]; done {
				continue
			}
			if old, ok := open[to]; !ok || at+w.s.weight[to.arc] < old {
				open[to] = at + w.s.weight[to.arc]
			}
		}
	}
	dist[walkState{ch.None, ch.None, through}] = 0
	enter(first, s.Extra)
	for len(open) > 0 {
		var least walkState
		at := ch.Inf
		for st, d := range open {
			if d < at {
				least, at = st, d
			}
		}
		delete(open, least)
		dist[least] = at
		if old, ok := best[least.arc]; !ok || at < old {
			best[least.arc] = at
		}
		enter(least, at)
	}
	return best
}

func (w *walker) pair(a, b *Snap) ch.Weight {
	best := ch.Inf
	for i := range a.from[:a.nFrom] {
		s := &a.from[i]
		all := w.all(s)
		for _, t := range b.to[:b.nTo] {
			if s.arc == t.arc && t.pos >= s.pos {
				best = min(best, t.pos-s.pos)
			}
			if d, ok := all[t.arc]; ok {
				best = min(best, d-w.s.weight[t.arc]+t.pos)
			}
		}
	}
	return best
}

func TestRoutesAgainstTheRules(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for round := range 60 {
		net := town(r, 2+r.IntN(6), round%3 > 0, round%2 > 0)
		labels := 1 << 30
		if round%5 == 0 {
			labels = 1 // the hierarchy answers alone
		}
		g, err := Build(context.Background(), net, BuildOptions{Profiles: DefaultProfiles()[:1], Labels: labels})
		if errors.Is(err, ErrNetwork) {
			continue // nothing was drawn
		}
		if err != nil {
			t.Fatal(err)
		}
		if round%4 == 0 {
			g = reopened(t, g)
		}
		againstTheRules(t, r, g, net)
	}
}

// reopened is the graph as its file says it.
func reopened(t *testing.T, g *Graph) *Graph {
	t.Helper()
	path := filepath.Join(t.TempDir(), "town.roads")
	if err := g.Write(path); err != nil {
		t.Fatal(err)
	}
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	})
	if again.Meta().Version != g.Meta().Version || again.version() != g.Meta().Version {
		t.Fatalf("version %s became %s, digest %s", g.Meta().Version, again.Meta().Version, again.version())
	}
	return again
}

func againstTheRules(t *testing.T, r *rand.Rand, g *Graph, net *Network) {
	t.Helper()
	router, err := g.Router(RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := newStates(net, &g.meta.Profiles[0].Profile, nil, 100*g.meta.IslandM)
	if err != nil {
		t.Fatal(err)
	}
	w := newWalker(net, s)
	places := make([]*Snap, 7)
	for i := range places {
		p := at(31+r.Float64()*0.06, 121+r.Float64()*0.06)
		if i%3 == 0 {
			p = net.Nodes[r.IntN(len(net.Nodes))]
		}
		places[i] = new(Snap)
		if err := router.Snap(p, places[i]); err != nil {
			if g.meta.Profiles[0].DroppedPieces < g.meta.Pieces {
				t.Fatal(err)
			}
			return
		}
	}
	out := make([]ch.Weight, len(places)*len(places))
	router.routes.many(places, places, out)
	for i, a := range places {
		for j, b := range places {
			want := w.pair(router.full(a), router.full(b))
			if got := router.routes.pair(a.leaving(), b.arriving()); got != want {
				t.Fatalf("%v → %v: %d ms %d cm, the rules say %d ms %d cm", a.Place, b.Place, got.Ms(), got.Cm(), want.Ms(), want.Cm())
			}
			if out[i*len(places)+j] != want {
				t.Fatalf("%v → %v: %d among many, %d alone", a.Place, b.Place, out[i*len(places)+j], want)
			}
			if want < ch.Inf {
				checkBound(t, router, a, b)
				checkLine(t, router, a, b)
			}
		}
	}
	few := make([]ch.Weight, 2*len(places))
	router.routes.many(places, places[:2], few)
	for i := range places {
		if few[2*i] != out[i*len(places)] || few[2*i+1] != out[i*len(places)+1] {
			t.Fatalf("%v: to two places %v, to all %v", places[i].Place, few[2*i:2*i+2], out[i*len(places):])
		}
	}
}

// full is a snapped place with all its ends.
func (r *Router) full(s *Snap) *Snap {
	all := &Snap{Place: s.Place}
	for i := range s.spots[:s.nSpots] {
		r.graph.ends(r.routes, all, &s.spots[i])
	}
	return all
}

func checkBound(t *testing.T, router *Router, a, b *Snap) {
	t.Helper()
	l, err := router.Snapped(a, b)
	if err != nil {
		t.Fatal(err)
	}
	m, s := router.Lower(a, b)
	if m > l.Metres || s > l.Seconds {
		t.Fatalf("%v → %v takes %d m, %d s; the bound says %d m, %d s", a.Place, b.Place, l.Metres, l.Seconds, m, s)
	}
	if crow := router.Bound().Between(a.Place, b.Place); crow > l.Seconds {
		t.Fatalf("%v → %v takes %d s; the great circle says %d s", a.Place, b.Place, l.Seconds, crow)
	}
}

// checkLine measures the line that is drawn.
func checkLine(t *testing.T, router *Router, a, b *Snap) {
	t.Helper()
	l, course, err := router.Path(a.Place, b.Place)
	if err != nil {
		t.Fatal(err)
	}
	line := course.Line
	if line[0] != a.Place || line[len(line)-1] != b.Place {
		t.Fatalf("%v → %v: the line is from %v to %v", a.Place, b.Place, line[0], line[len(line)-1])
	}
	if a.Place == b.Place {
		return
	}
	m := 0.0
	for i := 1; i < len(line); i++ {
		m += geo.GreatCircleM(line[i-1], line[i])
	}
	m += 0.3 * (a.AccessM + b.AccessM)
	if math.Abs(m-float64(l.Metres)) > 3+0.001*m {
		t.Fatalf("%v → %v: %d m, but the line is %.1f m", a.Place, b.Place, l.Metres, m)
	}
}

func smallGraph(t testing.TB) *Graph {
	t.Helper()
	g, err := Build(context.Background(), town(rand.New(rand.NewPCG(3, 3)), 6, true, true), BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestDamagedFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "g.roads")
	if err := smallGraph(t).Write(path); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open := func(data []byte) error {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		g, err := Open(path)
		if err != nil {
			return err
		}
		defer g.Close()
		return g.Verify()
	}
	if err := open(good); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, 5, headSize, headSize + 100, len(good) / 2, len(good) - 1} {
		if err := open(good[:size]); !errors.Is(err, ErrFile) {
			t.Errorf("cut to %d bytes: %v", size, err)
		}
	}
	other := slices.Clone(good)
	other[16]++
	if err := open(other); !errors.Is(err, ErrFormat) {
		t.Errorf("another format: %v", err)
	}
	s, err := readTable(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, section := range s.sections {
		if len(section.data) == 0 {
			continue
		}
		bad := slices.Clone(good)
		at := slices.Index(good, section.data[0])
		for at >= 0 && &good[at] != &section.data[0] {
			at++
		}
		bad[at+len(section.data)/2] ^= 4
		if err := open(bad); !errors.Is(err, ErrFile) {
			t.Errorf("a bit of %s flipped: %v", name, err)
		}
	}
}

func TestOffRoad(t *testing.T) {
	router, err := smallGraph(t).Router(RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var off *OffRoadError
	_, err = router.Leg(at(31.03, 121.03), at(31.3, 121.03))
	if !errors.As(err, &off) || off.Metres < 20_000 || off.Metres > 35_000 {
		t.Errorf("27 km from the town: %v", err)
	}
	for _, p := range []geo.Point{at(90, 0), at(-90, 0), at(31, -60), at(0, 0)} {
		if _, err := router.Leg(p, at(31.03, 121.03)); !errors.Is(err, ErrOffRoad) {
			t.Errorf("%v: %v", p, err)
		}
	}
	if _, err := router.Leg(geo.Point{LatE7: 91e7}, at(31.03, 121.03)); !errors.Is(err, geo.ErrCoordinates) {
		t.Errorf("beyond the pole: %v", err)
	}
	if _, err := smallGraph(t).Router(RouterOptions{Profile: "ox"}); !errors.Is(err, ErrNoProfile) {
		t.Errorf("an ox cart: %v", err)
	}
}

func TestProfilesOfAFile(t *testing.T) {
	for _, text := range []string{
		`{"speeds":{"motorway":0}}`, `{"speeds":{"motorway":201}}`, `{"speeds":{"canal":5}}`, `{"speeds":{"gate":5}}`, `{`, `{"ox":1}`,
		`{"profiles":[{"name":"a","kg":1,"height_mm":1,"length_mm":1},{"name":"a","kg":1,"height_mm":1,"length_mm":1}]}`,
		`{"profiles":[{"name":"a"}]}`,
	} {
		if _, err := ParseProfiles([]byte(text)); !errors.Is(err, ErrProfile) {
			t.Errorf("%s: %v", text, err)
		}
	}
	got, err := ParseProfiles([]byte(`{"speeds":{"trunk":70},"profiles":[{"name":"a","kg":1,"height_mm":1,"length_mm":1,"speeds":{"primary":30}}]}`))
	if err != nil || got[0].Kmh["trunk"] != 70 || got[0].Kmh["primary"] != 30 || got[0].Kmh["motorway"] != 80 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestSpeedFactors(t *testing.T) {
	net := town(rand.New(rand.NewPCG(3, 3)), 6, false, false)
	legOf := func(factor func(*Piece, bool) float64) (Leg, error) {
		g, err := Build(context.Background(), net, BuildOptions{Profiles: DefaultProfiles()[:1], Factor: factor})
		if err != nil {
			return Leg{}, err
		}
		r, err := g.Router(RouterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return r.Leg(net.Nodes[0], net.Nodes[35])
	}
	usual, err := legOf(nil)
	if err != nil {
		t.Fatal(err)
	}
	half, err := legOf(func(*Piece, bool) float64 { return 0.5 })
	if err != nil || half.Centis != usual.Centis || math.Abs(float64(half.Milliseconds)/float64(usual.Milliseconds)-2) > 0.001 {
		t.Errorf("at half the speed %+v, %v; usually %+v", half, err, usual)
	}
	for _, by := range []float64{0, -1, 11, math.NaN()} {
		if _, err := legOf(func(*Piece, bool) float64 { return by }); !errors.Is(err, ErrProfile) {
			t.Errorf("factor %v: %v", by, err)
		}
	}
}
