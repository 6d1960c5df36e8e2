// Package places is a gazetteer that needs no network: the provinces, prefectures, counties
// and towns of China by name and GB/T 2260 code, and the cities of the world from 15,000
// people on. It finds them by Han characters, pinyin with or without spaces, initials,
// beginnings of these and small slips, and tells which town, county and city lie at a point.
//
// Coordinates are those of GeoNames where exactly one of its places answers to a name. What
// has none stands at the next larger unit that has, and is marked approximate: it may be
// looked at, but nobody can drive there before a pin is set.
//
// The program gen makes the embedded file. Nothing is unpacked before Load is first called.
package places

import (
	_ "embed" // the places
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"

	"pinhuo/geo"
)

//go:generate go run ./gen -geonames cities500.txt

//go:embed places.bin.gz
var packed []byte

// Errors of bad input, for errors.Is. A point off the globe gives geo.ErrCoordinates.
var (
	ErrEmpty = errors.New("nothing to look for")             // no letter and no character
	ErrLong  = errors.New("longer than any name of a place") // more than MaxQuery bytes
	ErrText  = errors.New("not a text in UTF-8")
	ErrData  = errors.New("damaged file of places") // the embedded file; never in a sound build
)

// Kind is the sort of a place.
type Kind uint8

// The kinds of places.
const (
	Province   Kind = iota // of the first rank, municipalities too
	Prefecture             // a city with its counties
	County                 // also districts and cities of that rank
	Town                   // also townships and subdistricts
	Village                // a populated place that the lists of units do not name
	City                   // abroad, and in Hong Kong, Macao and Taiwan
	Country                // or a state of one with many towns of one name
	kinds                  // how many
)

// String is the kind's name in English.
func (k Kind) String() string {
	if k >= kinds {
		return "kind " + strconv.Itoa(int(k))
	}
	return [kinds]string{"province", "prefecture", "county", "town", "village", "city", "country"}[k]
}

// Place is an entry of the gazetteer.
type Place struct {
	ID          string    // the code of the lists ("320614"; of countries UN M.49), or "g" and the GeoNames id
	Kind        Kind      //
	Name        string    // as people say it: 海门; towns with their rank: 花桥镇
	Full        string    // as the lists have it: 海门区
	Latin       string    // pinyin or the usual Latin name
	Parent      string    // the names of the larger units, the largest first: "江苏 南通"
	Point       geo.Point // WGS-84
	Approximate bool      // Point is that of a larger unit: not bookable without a pin
}

// Bookable tells whether a truck can be sent to Point.
func (p Place) Bookable() bool { return !p.Approximate }

// record is a place as it is kept.
type record struct {
	name   string // full
	latin  string // where it is not the pinyin
	code   int64
	id     int64
	point  geo.Point
	parent int32 // -1: none
	main   int32 // its first name among names
	short  uint8 // bytes of name that people say
	kind   Kind
	exact  bool
	weight float32 // greater is better known
}

// name is a text in three forms by which a place is found; each may be empty.
type name struct {
	han, pinyin, initials string
	place                 int32
	hanShort              uint8 // bytes of han without the rank, and so on
	pinyinShort           uint8
	initialsShort         uint8
}

// Gazetteer is a set of places that can be searched. It is read-only and safe for
// concurrent use.
type Gazetteer struct {
	places []record
	vecs   []geo.Vec // of the places
	names  []name
	byID   map[int64]int32    // by number
	sounds characters[string] // how a character is usually read
	simple map[rune]rune      // simplified forms of traditional characters
	exact  []int32            // places with coordinates of their own, from south to north
	all    [forms]index       // every name
	major  [forms]index       // names of counties and cities: for one or two letters
	finder sync.Pool
}

// Load is the gazetteer that comes with the program, unpacked when first asked for. It fails
// with ErrData only where the embedded file is damaged.
var Load = sync.OnceValues(func() (*Gazetteer, error) { return read(packed) })

// Len is the number of places.
func (g *Gazetteer) Len() int { return len(g.places) }

// PackedBytes is what the gazetteer takes in the binary.
func PackedBytes() int { return len(packed) }

// Sample is n places drawn by chance, for measurements.
func (g *Gazetteer) Sample(r *rand.Rand, n int) []Place {
	list := make([]Place, n)
	for i := range list {
		list[i] = g.place(int32(r.IntN(len(g.places))))
	}
	return list
}

// In is the counties and towns of the lists that have coordinates of their own and lie in
// a region, in the order of the lists.
func (g *Gazetteer) In(box geo.Box) (list []Place) {
	for i := range g.places {
		if r := &g.places[i]; r.exact && (r.kind == County || r.kind == Town) && box.Contains(r.point) {
			list = append(list, g.place(int32(i)))
		}
	}
	return list
}

// ByID is the place with the id.
func (g *Gazetteer) ByID(id string) (Place, bool) {
	digits, outside := strings.CutPrefix(id, "g")
	n, err := strconv.ParseInt(digits, 10, 64)
	if outside {
		n = -n
	}
	i, ok := g.byID[n]
	if !ok || err != nil || g.places[i].key() != id {
		return Place{}, false
	}
	return g.place(i), true
}

// place makes a Place of a record.
func (g *Gazetteer) place(i int32) Place {
	r := &g.places[i]
	p := Place{ID: r.key(), Kind: r.kind, Name: r.said(), Full: r.name, Latin: r.latin, Point: r.point, Approximate: !r.exact}
	if p.Latin == "" {
		n := &g.names[r.main]
		p.Latin = title(n.pinyin[:n.pinyinShort])
	}
	var up []string
	for at := r.parent; at >= 0; at = g.places[at].parent {
		up = append(up, g.places[at].name[:g.places[at].short])
	}
	for i := len(up) - 1; i >= 0; i-- {
		p.Parent += up[i]
		if i > 0 {
			p.Parent += " "
		}
	}
	return p
}

// said is the name as people say it: without its rank, except a town's, which tells it from
// the county of the same name.
func (r *record) said() string {
	if r.kind == Town || r.kind == Village {
		return r.name
	}
	return r.name[:r.short]
}

// number tells places apart: the code of the lists or, made negative, the GeoNames id.
func (r *record) number() int64 {
	if r.code != 0 {
		return r.code
	}
	return -r.id
}

// key is the place's id.
func (r *record) key() string {
	if n := r.number(); n < 0 {
		return "g" + strconv.FormatInt(-n, 10)
	}
	return strconv.FormatInt(r.code, 10)
}

func title(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Coverage counts, for a province, the units of the lists and those among them that have
// coordinates of their own.
type Coverage struct {
	Province             string
	Counties, CountiesAt int
	Towns, TownsAt       int
}

// Coverage is told by province, in the order of their codes.
func (g *Gazetteer) Coverage() []Coverage {
	var list []Coverage
	at := map[int32]int{}
	for i := range g.places {
		r := &g.places[i]
		top := int32(i)
		for g.places[top].parent >= 0 {
			top = g.places[top].parent
		}
		own := 0
		if r.exact {
			own = 1
		}
		switch r.kind {
		case Province:
			at[top] = len(list)
			list = append(list, Coverage{Province: r.name})
		case County:
			list[at[top]].Counties++
			list[at[top]].CountiesAt += own
		case Town:
			list[at[top]].Towns++
			list[at[top]].TownsAt += own
		default:
		}
	}
	return list
}
