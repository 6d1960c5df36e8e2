package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
)

// form names the file's form; the package that reads it knows one.
const form = "pinhuo places 1\n"

// columns builds the file: numbers as varints, texts with their lengths, one column after
// the other, because like values side by side pack well.
type columns struct{ bytes.Buffer }

func (c *columns) number(n int64) { c.Write(binary.AppendVarint(nil, n)) }

func (c *columns) text(s string) {
	c.number(int64(len(s)))
	c.WriteString(s)
}

// pack writes the places, in this order of columns: kind; distance to the parent; code,
// as the difference to the one before; GeoNames id; 1 where the coordinates are its own;
// these as the difference to the parent's; size; name; length of its short form; Latin
// name; readings; then the aliases, the readings of characters, and the simplified forms.
func pack(places []place, simple map[rune]rune, r *reader) ([]byte, error) {
	var c columns
	c.WriteString(form)
	c.number(int64(len(places)))
	packUnits(&c, places)
	packPoints(&c, places)
	if err := packNames(&c, places, r); err != nil {
		return nil, err
	}
	packSimple(&c, simple)
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(c.Bytes()); err != nil {
		return nil, err
	}
	err = z.Close()
	return out.Bytes(), err
}

func packUnits(c *columns, places []place) {
	for _, p := range places {
		c.number(int64(p.kind))
	}
	for i, p := range places {
		if p.parent < 0 {
			c.number(0)
		} else {
			c.number(int64(i - p.parent))
		}
	}
	before := int64(0)
	for _, p := range places {
		c.number(p.code - before)
		before = p.code
	}
	before = 0
	for _, p := range places {
		if p.id == 0 {
			c.number(0)
			continue
		}
		c.number(p.id - before)
		before = p.id
	}
}

func packPoints(c *columns, places []place) {
	for _, p := range places {
		own := int64(0)
		if p.exact {
			own = 1
		}
		c.number(own)
	}
	points := make([][2]int64, len(places))
	for i, p := range places {
		var from [2]int64
		if p.parent >= 0 {
			from = points[p.parent]
		}
		points[i] = from
		// What has no coordinates of its own and no parent has its capital's.
		if p.exact || p.parent < 0 || p.kind == country {
			points[i] = [2]int64{p.latE5, p.lngE5}
			c.number(p.latE5 - from[0])
			c.number(p.lngE5 - from[1])
		}
	}
	for _, p := range places {
		c.number(int64(math.Round(10 * math.Log10(float64(p.population+1)))))
	}
}

func packNames(c *columns, places []place, r *reader) error {
	used := map[rune]map[string]bool{}
	for _, p := range places {
		for _, name := range append([]string{p.name}, p.aliases...) {
			if strings.ContainsAny(name, "\n\t") {
				return fmt.Errorf("name %q", name)
			}
			for _, ch := range name {
				if ch > 0x2E80 && used[ch] == nil {
					used[ch] = map[string]bool{}
				}
			}
		}
		if len(p.sounds) > 0 {
			for k, ch := range []rune(p.name) {
				if used[ch] != nil {
					used[ch][p.sounds[k]] = true
				}
			}
		}
		c.text(p.name)
	}
	for _, p := range places {
		c.number(int64(len(p.name) - len(p.short)))
	}
	for _, p := range places {
		c.text(p.latin)
	}
	chars, readings := r.table(used)
	packReadings(c, places, chars, readings)
	packAliases(c, places, r)
	return nil
}

// packReadings writes the table of characters, then for each name the characters that are
// not read as usual: how many, and for each its position and reading.
func packReadings(c *columns, places []place, chars []rune, readings [][]string) {
	c.number(int64(len(chars)))
	at := map[rune]int{}
	for i, ch := range chars {
		at[ch] = i
		c.text(string(ch))
		c.text(strings.Join(readings[i], " "))
	}
	for _, p := range places {
		var odd []int64
		if len(p.sounds) > 0 {
			for k, ch := range []rune(p.name) {
				if i, ok := at[ch]; ok && readings[i][0] != p.sounds[k] {
					odd = append(odd, int64(k), int64(slices.Index(readings[i], p.sounds[k])))
				}
			}
		}
		c.number(int64(len(odd) / 2))
		for _, n := range odd {
			c.number(n)
		}
	}
}

func packAliases(c *columns, places []place, r *reader) {
	n := 0
	for _, p := range places {
		n += len(p.aliases)
	}
	c.number(int64(n))
	for i, p := range places {
		for _, alias := range p.aliases {
			c.number(int64(i))
			c.text(alias)
			c.text(strings.Join(r.read(alias, ""), " "))
		}
	}
}

func packSimple(c *columns, simple map[rune]rune) {
	old := make([]rune, 0, len(simple))
	for ch := range simple {
		old = append(old, ch)
	}
	slices.Sort(old)
	var pairs strings.Builder
	for _, ch := range old {
		pairs.WriteRune(ch)
		pairs.WriteRune(simple[ch])
	}
	c.text(pairs.String())
}
