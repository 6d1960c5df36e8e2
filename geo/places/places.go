// Package places finds towns by name for the town picker, offline: by Han
// characters, pinyin with or without spaces, and initials.
//
// The towns are those of GeoNames (CC-BY 4.0), with the names of prefectures
// from GB/T 2260; gen.go makes the embedded file from both. Nothing is loaded
// before Load is first called.
package places

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed" // the towns
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"pinhuo/geo"
)

//go:generate go run gen.go ../../../shared/data/gazetteer/geonames_cities500_CN.tsv.gz ../../../shared/data/gazetteer/gbt2260_city.csv.gz

//go:embed towns.tsv.gz
var towns []byte

// ErrData is wrapped where a file of towns is damaged.
var ErrData = errors.New("damaged file of towns")

// Place is a town of the gazetteer.
type Place struct {
	ID         int64     // GeoNames id
	Name       string    // in Han where the gazetteer has it, else Latin
	Latin      string    // romanised
	Parent     string    // province and, where known, prefecture, in Han: "江苏 南通"
	Point      geo.Point // WGS-84
	Population int64     // inhabitants; 0 where unknown
}

// Gazetteer is a set of towns that can be searched. It is read-only and safe
// for concurrent use.
type Gazetteer struct {
	places []Place
	vecs   []geo.Vec
	weight []float32 // greater is better known
	byID   map[int64]int32
	keys   []key // sorted by text
	pool   sync.Pool
}

// Load is the gazetteer that comes with the program, read when first asked
// for. It fails with ErrData only where the embedded file is damaged.
var Load = sync.OnceValues(func() (*Gazetteer, error) { return read(towns) })

// row is a line of the file.
type row struct {
	place       Place
	han, pinyin []string
	rank        int
}

// read unpacks a file made by gen.go.
func read(packed []byte) (*Gazetteer, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrData, err)
	}
	g := &Gazetteer{byID: map[int64]int32{}}
	g.pool.New = func() any { return &finder{best: make([]match, len(g.places))} }
	parents := map[string]string{}
	lines := bufio.NewScanner(z)
	for n := 1; lines.Scan(); n++ {
		r, err := parse(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("line %d: %w: %w", n, ErrData, err)
		}
		if _, known := parents[r.place.Parent]; !known {
			parents[r.place.Parent] = strings.Clone(r.place.Parent)
		}
		r.place.Parent = parents[r.place.Parent]
		g.add(r)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrData, err)
	}
	g.sortKeys()
	return g, nil
}

func parse(line string) (row, error) {
	f := strings.Split(line, "\t")
	if len(f) != 10 {
		return row{}, fmt.Errorf("%d columns", len(f))
	}
	var n [5]int64
	for i, s := range []string{f[0], f[5], f[6], f[7], f[9]} {
		if s == "" && i == 4 {
			continue
		}
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return row{}, err
		}
		n[i] = v
	}
	p, err := geo.PointOf(float64(n[1])/1e7, float64(n[2])/1e7)
	if err != nil {
		return row{}, err
	}
	return row{
		place: Place{ID: n[0], Name: f[1], Latin: f[2], Parent: f[8], Point: p, Population: n[4]},
		han:   split(f[3]), pinyin: split(f[4]), rank: int(n[3]),
	}, nil
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// add takes a town in with everything it may be searched by.
func (g *Gazetteer) add(r row) {
	i := int32(len(g.places))
	r.place.Name, r.place.Latin = strings.Clone(r.place.Name), strings.Clone(r.place.Latin)
	g.places = append(g.places, r.place)
	g.vecs = append(g.vecs, r.place.Point.Vec())
	g.weight = append(g.weight, float32(r.rank)+float32(math.Log10(float64(r.place.Population)+1))/2)
	g.byID[r.place.ID] = i
	for _, name := range r.han {
		g.keys = append(g.keys, key{text: strings.Clone(name), place: i})
	}
	g.keys = append(g.keys, key{text: fold(r.place.Latin), place: i})
	for _, name := range r.pinyin {
		g.keys = append(g.keys, key{text: fold(name), place: i}, key{text: initials(name), place: i, initials: true})
	}
}

// ByID is the town with a GeoNames id.
func (g *Gazetteer) ByID(id int64) (Place, bool) {
	i, ok := g.byID[id]
	if !ok {
		return Place{}, false
	}
	return g.places[i], true
}

// Len is the number of towns.
func (g *Gazetteer) Len() int { return len(g.places) }

// Nearest is the town nearest to p, which may stand for p where an address
// must not be told. It is the zero Place only in an empty gazetteer. All towns
// are compared: a pass over the vectors takes some tens of microseconds.
func (g *Gazetteer) Nearest(p geo.Point) Place {
	v, best, least := p.Vec(), -1, math.Inf(1)
	for i := range g.vecs {
		dx, dy, dz := v.X-g.vecs[i].X, v.Y-g.vecs[i].Y, v.Z-g.vecs[i].Z
		if d := dx*dx + dy*dy + dz*dz; d < least {
			best, least = i, d
		}
	}
	if best < 0 {
		return Place{}
	}
	return g.places[best]
}
