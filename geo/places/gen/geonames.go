package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// provinces are the codes of GeoNames' first-level units of China.
var provinces = map[string]int64{
	"01": 34, "02": 33, "03": 36, "04": 32, "05": 22, "06": 63, "07": 35, "08": 23, "09": 41, "10": 13, "11": 43, "12": 42,
	"13": 65, "14": 54, "15": 62, "16": 45, "18": 52, "19": 21, "20": 15, "21": 64, "22": 11, "23": 31, "24": 14, "25": 37,
	"26": 61, "28": 12, "29": 53, "30": 44, "31": 46, "32": 51, "33": 50,
}

// regions are the codes of what GeoNames lists as countries of their own and the lists as
// provinces.
var regions = map[string]int64{"TW": 71, "HK": 81, "MO": 82}

// populous is the number of people from which a place outside the lists is taken.
const populous = 15_000

// row is a place of GeoNames.
type row struct {
	id         int64
	latin      string
	names      []string // in Han, simplified or not
	latins     []string // all in Latin letters, as bare has them
	latE5      int64
	lngE5      int64
	feature    string
	country    string
	admin1     string // as GeoNames has it
	province   int64  // of the lists, two digits; 0 abroad
	prefecture int64  // of the lists, four digits; 0 where unknown
	population int64
}

// readGeoNames reads the rows of China and the larger ones of the world, by id.
func readGeoNames(path string) ([]row, error) {
	var rows []row
	err := eachLine(path, "\t", func(f []string) error {
		if len(f) < 15 {
			return fmt.Errorf("%d columns", len(f))
		}
		t := row{latin: f[1], feature: f[7], country: f[8], admin1: f[10]}
		var err error
		if t.id, err = strconv.ParseInt(f[0], 10, 64); err != nil {
			return err
		}
		t.population, _ = strconv.ParseInt(f[14], 10, 64) // unknown: 0
		if t.country != "CN" && t.population < populous || t.feature == "PPLX" || t.feature == "PPLH" || t.feature == "PPLQ" || t.feature == "PPLW" {
			return nil // also parts of towns, and what is no more
		}
		if t.latE5, t.lngE5, err = degreesE5(f[4], f[5]); err != nil {
			return err
		}
		t.province = regions[t.country]
		if t.country == "CN" {
			t.province = provinces[f[10]]
			t.prefecture, _ = strconv.ParseInt(f[11], 10, 64) // some have none, or one of their own
		}
		for _, name := range strings.Split(f[3], ",") {
			if isHan(name) {
				t.names = append(t.names, name)
			} else if t.country == "CN" && isLatin(name) {
				t.latins = append(t.latins, bare(name))
			}
		}
		rows = append(rows, t)
		return nil
	})
	return rows, err
}

func degreesE5(lat, lng string) (latE5, lngE5 int64, err error) {
	a, err := strconv.ParseFloat(lat, 64)
	if err != nil {
		return 0, 0, err
	}
	b, err := strconv.ParseFloat(lng, 64)
	if err != nil {
		return 0, 0, err
	}
	return int64(math.Round(a * 1e5)), int64(math.Round(b * 1e5)), nil
}

func isHan(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0
}

func isLatin(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.Is(unicode.Latin, r) && r != ' ' && r != '\'' && r != '’' }) < 0
}

// simplified tells whether a name is written with the characters of GB 2312, which has no
// traditional ones.
func simplified(s string) bool {
	_, err := simplifiedchinese.HZGB2312.NewEncoder().String(s)
	return err == nil
}

// traditional learns the simplified forms of traditional characters from places that are
// named in both, character for character.
func traditional(rows []row) map[rune]rune {
	votes := map[rune]map[rune]int{}
	for _, t := range rows {
		for _, old := range t.names {
			if simplified(old) {
				continue
			}
			for _, plain := range t.names {
				if simplified(plain) {
					vote(votes, []rune(old), []rune(plain))
				}
			}
		}
	}
	out := map[rune]rune{}
	for old, forms := range votes {
		best, most := rune(0), 0
		for plain, n := range forms {
			if n > most || n == most && plain < best {
				best, most = plain, n
			}
		}
		out[old] = best
	}
	return out
}

// vote counts the pairs of two names that differ in traditional characters only.
func vote(votes map[rune]map[rune]int, old, plain []rune) {
	if len(old) != len(plain) {
		return
	}
	same := 0
	for i := range old {
		if old[i] == plain[i] {
			same++
		} else if simplified(string(old[i])) {
			return
		}
	}
	if same == 0 {
		return
	}
	for i := range old {
		if old[i] != plain[i] {
			if votes[old[i]] == nil {
				votes[old[i]] = map[rune]int{}
			}
			votes[old[i]][plain[i]]++
		}
	}
}

// has tells whether one of the row's names is the given one.
func (t *row) has(name string) bool {
	for _, n := range t.names {
		if n == name {
			return true
		}
	}
	return false
}

// seat is how high a unit the place is the seat of: 4 the country's, 3 a province's,
// 2 a prefecture's, 1 a county's; 0 none.
func (t *row) seat() int {
	switch t.feature {
	case "PPLC":
		return 4
	case "PPLA":
		return 3
	case "PPLA2":
		return 2
	case "PPLA3":
		return 1
	}
	return 0
}

// metresApart is the distance of two points given in 1e-5 degree, to some per cent.
func metresApart(latA, lngA, latB, lngB int64) float64 {
	dy := float64(latA-latB) * 1.112
	dx := float64(lngA-lngB) * 1.112 * math.Cos(float64(latA+latB)/2e5*math.Pi/180)
	return math.Hypot(dx, dy)
}

func runes(s string) int { return utf8.RuneCountInString(s) }
