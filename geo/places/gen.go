//go:build ignore

// Gen makes towns.tsv.gz from a GeoNames dump of China and the GB/T 2260 list
// of prefectures:
//
//	go run gen.go GEONAMES.tsv.gz GBT2260_CITY.csv.gz
//
// It keeps what a search needs: Han and pinyin names, place, rank, parents.
package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// provinces are the GeoNames admin1 codes of China.
var provinces = map[string]string{
	"01": "安徽", "02": "浙江", "03": "江西", "04": "江苏", "05": "吉林", "06": "青海", "07": "福建",
	"08": "黑龙江", "09": "河南", "10": "河北", "11": "湖南", "12": "湖北", "13": "新疆", "14": "西藏",
	"15": "甘肃", "16": "广西", "18": "贵州", "19": "辽宁", "20": "内蒙古", "21": "宁夏", "22": "北京",
	"23": "上海", "24": "山西", "25": "山东", "26": "陕西", "28": "天津", "29": "云南", "30": "广东",
	"31": "海南", "32": "四川", "33": "重庆",
}

// ranks order the GeoNames feature codes; unlisted ones are 0.
var ranks = map[string]int{"PPLC": 5, "PPLA": 5, "PPLA2": 4, "PPLA3": 3, "PPLA4": 1, "PPL": 1}

// syllable is a pinyin syllable without its tone.
const syllable = `(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|iao|ian|ing|ong|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|üe|[aoeiuü])`

var pinyinName = regexp.MustCompile(`^` + syllable + `(?: ` + syllable + `)*$`)

// town is a row on its way through.
type town struct {
	id, latin, rank, parent, population string
	lat, lng                            float64
	han, pinyin                         []string
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: gen GEONAMES.tsv.gz GBT2260_CITY.csv.gz")
	}
	prefectures := map[string]string{}
	for _, line := range lines(os.Args[2])[1:] {
		f := strings.Split(line, ",")
		prefectures[f[0][:4]] = strings.TrimSuffix(f[1], "市")
	}
	var towns []town
	for _, line := range lines(os.Args[1]) {
		towns = append(towns, parse(strings.Split(line, "\t"), prefectures))
	}
	slices.SortFunc(towns, func(a, b town) int {
		return cmp.Or(cmp.Compare(len(a.id), len(b.id)), cmp.Compare(a.id, b.id))
	})
	write(towns, sounds(towns))
}

func lines(path string) []string {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		log.Fatal(err)
	}
	all, err := io.ReadAll(z)
	if err != nil {
		log.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(all), "\n"), "\n")
}

func isHan(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0
}

// parted is the Latin name cut into as many syllables as the Han name has
// characters, or empty: the pinyin of GeoNames is made by machine and misreads
// some towns, such as 厦门 and 蚌埠, whose Latin names are right.
func (t town) parted() string {
	plain := bare(t.latin)
	lengths := map[int]bool{}
	for _, han := range t.han {
		lengths[utf8.RuneCountInString(han)] = true
	}
	for n := range 6 {
		if m := regexp.MustCompile(`^` + strings.Repeat(`(`+syllable+`)`, n) + `$`).FindStringSubmatch(plain); lengths[n] && m != nil {
			return strings.Join(m[1:], " ")
		}
	}
	return ""
}

func bare(latin string) string {
	return strings.ToLower(strings.NewReplacer("’", "", "'", "", " ", "", "-", "").Replace(latin))
}

func parse(f []string, prefectures map[string]string) town {
	t := town{id: f[0], latin: f[1], rank: strconv.Itoa(ranks[f[7]]), population: f[14]}
	for _, name := range strings.Split(f[3], ",") {
		switch {
		case isHan(name):
			t.han = append(t.han, name)
		case pinyinName.MatchString(name):
			t.pinyin = append(t.pinyin, name)
		}
	}
	if p := t.parted(); p != "" && !slices.ContainsFunc(t.pinyin, func(s string) bool { return bare(s) == bare(p) }) {
		t.pinyin = append(t.pinyin, p)
	}
	var err error
	if t.lat, err = strconv.ParseFloat(f[4], 64); err != nil {
		log.Fatal(err)
	}
	if t.lng, err = strconv.ParseFloat(f[5], 64); err != nil {
		log.Fatal(err)
	}
	t.parent = provinces[f[10]]
	if p := prefectures[f[11]]; p != "" && p != t.parent {
		t.parent = strings.TrimSpace(t.parent + " " + p)
	}
	return t
}

// sounds learns how characters are read from towns with one name of a length
// and one pinyin of as many syllables.
func sounds(towns []town) map[string]int {
	seen := map[string]int{}
	for _, t := range towns {
		for n := 1; n < 8; n++ {
			han, pinyin := ofLength(t.han, n), withSyllables(t.pinyin, n)
			if len(han) != 1 || len(pinyin) != 1 {
				continue
			}
			for i, r := range []rune(han[0]) {
				seen[string(r)+strings.Fields(pinyin[0])[i]]++
			}
		}
	}
	return seen
}

func ofLength(names []string, n int) (out []string) {
	for _, s := range names {
		if utf8.RuneCountInString(s) == n {
			out = append(out, s)
		}
	}
	return out
}

func withSyllables(names []string, n int) (out []string) {
	for _, s := range names {
		if len(strings.Fields(s)) == n {
			out = append(out, s)
		}
	}
	return out
}

// name picks the Han name that reads as the town's Latin name does.
func (t town) name(sounds map[string]int) string {
	best, most := "", math.MinInt
	plain := bare(t.latin)
	for _, pinyin := range t.pinyin {
		if strings.ReplaceAll(pinyin, " ", "") != plain {
			continue
		}
		syllables := strings.Fields(pinyin)
		for _, han := range ofLength(t.han, len(syllables)) {
			known := 0
			for i, r := range []rune(han) {
				known += min(sounds[string(r)+syllables[i]], 3)
			}
			if known > most {
				best, most = han, known
			}
		}
	}
	if best != "" {
		return best
	}
	if len(t.han) > 0 {
		return slices.MinFunc(t.han, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	}
	return t.latin
}

func write(towns []town, sounds map[string]int) {
	f, err := os.Create("towns.tsv.gz")
	if err != nil {
		log.Fatal(err)
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	w := bufio.NewWriter(z)
	for _, t := range towns {
		population := strings.TrimLeft(t.population, "0")
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\n", t.id, t.name(sounds), t.latin,
			strings.Join(t.han, ","), strings.Join(t.pinyin, ","),
			int64(math.Round(t.lat*1e7)), int64(math.Round(t.lng*1e7)), t.rank, t.parent, population)
	}
	for _, done := range []func() error{w.Flush, z.Close, f.Close} {
		if err := done(); err != nil {
			log.Fatal(err)
		}
	}
}
