package places

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"pinhuo/geo"
)

// form is the first line of the file; gen writes the same.
const form = "pinhuo places 1\n"

// most bounds the numbers of things a file may claim to hold.
const most = 1 << 20

// columns reads what gen's type of the same name wrote: numbers as varints, texts with
// their lengths. After the first fault it gives zeros.
type columns struct {
	data []byte
	text string // the same
	at   int
	bad  bool
}

func (c *columns) number() int64 {
	n, size := binary.Varint(c.data[c.at:])
	if size <= 0 {
		c.bad, c.at = true, len(c.data)
		return 0
	}
	c.at += size
	return n
}

// count is a number from 0 to limit.
func (c *columns) count(limit int) int {
	n := c.number()
	if n < 0 || n > int64(limit) {
		c.bad, n = true, 0
	}
	return int(n)
}

func (c *columns) string() string {
	n := c.count(most)
	if n > len(c.data)-c.at {
		c.bad, n = true, 0
	}
	c.at += n
	return c.text[c.at-n : c.at]
}

// read unpacks a file made by gen.
func read(packed []byte) (*Gazetteer, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrData, err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrData, err)
	}
	if !bytes.HasPrefix(data, []byte(form)) {
		return nil, fmt.Errorf("%w: of another form", ErrData)
	}
	c := &columns{data: data, text: string(data), at: len(form)}
	g := &Gazetteer{places: make([]record, c.count(most))}
	g.readUnits(c)
	g.readPoints(c)
	g.readNames(c)
	if c.bad || c.at != len(c.data) {
		return nil, fmt.Errorf("%w: byte %d", ErrData, c.at)
	}
	g.order()
	return g, nil
}

func (g *Gazetteer) readUnits(c *columns) {
	for i := range g.places {
		g.places[i].kind = Kind(c.count(int(kinds) - 1))
	}
	for i := range g.places {
		g.places[i].parent = -1
		if up := c.count(i); up > 0 {
			g.places[i].parent = int32(i - up)
		}
	}
	before := int64(0)
	for i := range g.places {
		before += c.number()
		g.places[i].code = before
	}
	before = 0
	for i := range g.places {
		if step := c.number(); step != 0 {
			before += step
			g.places[i].id = before
		}
	}
}

func (g *Gazetteer) readPoints(c *columns) {
	for i := range g.places {
		g.places[i].exact = c.count(1) == 1
	}
	g.vecs = make([]geo.Vec, len(g.places))
	for i := range g.places {
		r := &g.places[i]
		var from geo.Point
		if r.parent >= 0 {
			from = g.places[r.parent].point
		}
		r.point = from
		if r.exact || r.parent < 0 || r.kind == Country {
			r.point.LatE7 += int32(c.number() * 100)
			r.point.LngE7 += int32(c.number() * 100)
		}
		c.bad = c.bad || !r.point.Valid()
		if r.parent >= 0 && r.point == from {
			g.vecs[i] = g.vecs[r.parent]
		} else {
			g.vecs[i] = r.point.Vec()
		}
	}
	for i := range g.places {
		g.places[i].weight = ranks[g.places[i].kind] + float32(c.count(120))/20
	}
}

// ranks weigh a place by its kind: one rank is worth a hundred times the people.
var ranks = [kinds]float32{Province: 6, Prefecture: 5, County: 4, Town: 1, Village: 0.5, City: 1.5, Country: 3}

func (g *Gazetteer) readNames(c *columns) {
	for i := range g.places {
		g.places[i].name = c.string()
	}
	for i := range g.places {
		r := &g.places[i]
		r.short = uint8(len(r.name) - c.count(len(r.name)))
		c.bad = c.bad || len(r.name) > 255
	}
	for i := range g.places {
		g.places[i].latin = c.string()
	}
	w := spelling{g: g, readings: g.readCharacters(c)}
	g.names = make([]name, 0, 2*len(g.places))
	w.pinyin, w.initials = make([]byte, 0, 20*len(g.places)), make([]byte, 0, 5*len(g.places))
	for i := range g.places {
		g.places[i].main = int32(len(g.names))
		w.spell(c, int32(i))
	}
	w.cut()
	for range c.count(most) {
		place, han := c.count(len(g.places)-1), c.string()
		sounds := strings.Fields(c.string())
		g.names = append(g.names, alias(int32(place), han, sounds))
	}
	g.simple = map[rune]rune{}
	pairs := []rune(c.string())
	for i := 0; i+1 < len(pairs); i += 2 {
		g.simple[pairs[i]] = pairs[i+1]
	}
	for i := range g.places {
		if r := &g.places[i]; r.latin != "" {
			latin := fold(r.latin)
			g.names = append(g.names, name{pinyin: latin, pinyinShort: length(latin), place: int32(i)})
		}
	}
}

// characters holds a value for each Chinese character.
type characters[T any] []T

// The characters run from firstCharacter on; rarer ones beyond are in no name.
const firstCharacter, pastCharacters = 0x3400, 0xa000

func newCharacters[T any]() characters[T] { return make([]T, pastCharacters-firstCharacter) }

// at is the character's value; others share one that stays zero.
func (t characters[T]) at(r rune) (value T) {
	if r < firstCharacter || r >= pastCharacters {
		return value
	}
	return t[r-firstCharacter]
}

func (t characters[T]) set(r rune, value T) {
	if r >= firstCharacter && r < pastCharacters {
		t[r-firstCharacter] = value
	}
}

// readCharacters reads how each character is read, the usual way first.
func (g *Gazetteer) readCharacters(c *columns) characters[[]string] {
	g.sounds = newCharacters[string]()
	readings := newCharacters[[]string]()
	for range c.count(most) {
		ch, _ := utf8.DecodeRuneInString(c.string())
		list := strings.Split(foldWords(c.string()), " ")
		readings.set(ch, list)
		g.sounds.set(ch, list[0])
	}
	return readings
}

// foldWords is fold for words, whose spaces it keeps.
func foldWords(s string) string { return folds.Replace(s) }

// spelling writes the pinyin and initials of all names into one text each, which the names
// are then cut from: a hundred thousand small strings would cost more than all else.
type spelling struct {
	g                *Gazetteer
	readings         characters[[]string]
	pinyin, initials []byte
	ends             [][2]int // of each name, in the two texts
}

// spell adds the name of a place.
func (w *spelling) spell(c *columns, place int32) {
	r := &w.g.places[place]
	odd := c.count(len(r.name))
	next, reading := -1, 0
	step := func() {
		if next = -1; odd > 0 {
			odd--
			next, reading = c.count(len(r.name)), c.count(64)
		}
	}
	step()
	n := name{han: foldHan(r.name), place: place, hanShort: r.short}
	if len(n.han) != len(r.name) { // something was left out of it
		n.hanShort = length(n.han)
	}
	p, q, k := len(w.pinyin), len(w.initials), 0
	for at, ch := range r.name {
		if at == int(r.short) {
			n.pinyinShort, n.initialsShort = uint8(len(w.pinyin)-p), uint8(len(w.initials)-q)
		}
		use := 0
		if k == next {
			use = reading
			step()
		}
		if list := w.readings.at(ch); use < len(list) && list[use] != "" {
			w.pinyin, w.initials = append(w.pinyin, list[use]...), append(w.initials, list[use][0])
		}
		k++
	}
	if int(r.short) == len(r.name) {
		n.pinyinShort, n.initialsShort = uint8(min(len(w.pinyin)-p, 255)), uint8(len(w.initials)-q)
	}
	w.g.names = append(w.g.names, n)
	w.ends = append(w.ends, [2]int{len(w.pinyin), len(w.initials)})
}

// cut gives the names their parts of the texts.
func (w *spelling) cut() {
	pinyin, initials := string(w.pinyin), string(w.initials)
	from := [2]int{}
	for i, to := range w.ends {
		w.g.names[i].pinyin, w.g.names[i].initials = pinyin[from[0]:to[0]], initials[from[1]:to[1]]
		from = to
	}
}

func alias(place int32, han string, sounds []string) name {
	n := name{han: han, hanShort: length(han), place: place}
	for _, s := range sounds {
		if s = fold(s); s != "" {
			n.pinyin += s
			n.initials += s[:1]
		}
	}
	n.pinyinShort, n.initialsShort = length(n.pinyin), length(n.initials)
	return n
}

// length is that of a text, as names keep it.
func length(s string) uint8 { return uint8(min(len(s), 255)) }

// order makes what is searched: the names in order, and the places from south to north.
func (g *Gazetteer) order() {
	g.byID = make(map[int64]int32, len(g.places))
	for i := range g.places {
		g.byID[g.places[i].number()] = int32(i)
		if g.places[i].exact {
			g.exact = append(g.exact, int32(i))
		}
	}
	slices.SortFunc(g.exact, func(a, b int32) int { return cmp.Compare(g.vecs[a].Z, g.vecs[b].Z) })
	var major []int32
	every := make([]int32, len(g.names))
	for i := range every {
		every[i] = int32(i)
		if r := &g.places[g.names[i].place]; r.kind <= County || r.weight >= ranks[City]+2.5 && r.kind == City {
			major = append(major, int32(i))
		}
	}
	var done sync.WaitGroup
	for f := range forms {
		done.Go(func() {
			g.all[f] = g.indexOf(f, every)
			g.major[f] = g.indexOf(f, major)
		})
	}
	done.Wait()
	g.finder.New = func() any { return &finder{g: g, best: make([]match, len(g.places))} }
}
