package main

import (
	"bufio"
	"compress/gzip"
	_ "embed" // the renamed counties
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed renames.tsv
var renamesTSV string

// unit is a row of the GB/T 2260 lists. Codes have six digits, those of towns nine.
type unit struct {
	code   int64
	parent int64 // code; 0: none
	kind   kind
	name   string // without the names of its parents
}

// open gives the text of a file, unpacked where its name ends in .gz.
func open(path string) (io.Reader, func() error, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	if !strings.HasSuffix(path, ".gz") {
		return f, f.Close, nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return z, f.Close, nil
}

// eachLine hands over the lines of a file, split at sep.
func eachLine(path, sep string, take func(fields []string) error) error {
	r, done, err := open(path)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if err := take(strings.Split(lines.Text(), sep)); err != nil {
			return fmt.Errorf("%s: line %d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return done()
}

// readLists reads the four lists in the order of their codes, parents first. The pseudo-entries
// that stand for "counties under the province itself" are left out: their counties belong to
// the province.
func readLists(dir string) ([]unit, error) {
	var all []unit
	known := map[int64]string{}
	for k, list := range []string{"province", "city", "area", "town"} {
		path := filepath.Join(dir, "gbt2260_"+list+".csv.gz")
		header := true
		err := eachLine(path, ",", func(f []string) error {
			if header {
				header = false
				return nil
			}
			u, err := parseUnit(kind(k), f)
			if err != nil || strings.Contains(u.name, "直辖县级行政区划") {
				return err
			}
			for u.parent != 0 && known[u.parent] == "" {
				u.parent = above(u.parent)
			}
			u.name = strip(u, known)
			known[u.code] = u.name
			all = append(all, u)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b unit) int { return strings.Compare(a.key(), b.key()) })
	return all, nil
}

// key orders units so that each follows its parents.
func (u unit) key() string { return strconv.FormatInt(u.code, 10) }

func parseUnit(k kind, f []string) (unit, error) {
	if len(f) < 3 {
		return unit{}, fmt.Errorf("%d columns", len(f))
	}
	code, err := strconv.ParseInt(f[0], 10, 64)
	if err != nil {
		return unit{}, err
	}
	u := unit{code: code, kind: k, name: strings.TrimSpace(f[1])}
	if k != town {
		u.parent = above(code)
		return u, nil
	}
	within, err := strconv.ParseInt(f[5], 10, 64)
	if err != nil {
		return unit{}, err
	}
	u.parent, u.code = code, code*1000+within/1000
	return u, nil
}

// above is the code of the unit a code belongs to; 0 above a province.
func above(code int64) int64 {
	switch {
	case code > 999_999:
		return code / 1000
	case code%100 != 0:
		return code / 100 * 100
	case code%10_000 != 0:
		return code / 10_000 * 10_000
	}
	return 0
}

// strip takes the names of the parents off the front of a town's name.
func strip(u unit, known map[int64]string) string {
	if u.kind != town {
		return u.name
	}
	name := u.name
	for again := true; again; {
		again = false
		for up := u.parent; up != 0; up = above(up) {
			parent := known[up]
			for _, lead := range []string{parent, short(parent) + "市", short(parent) + "县"} {
				if rest, ok := strings.CutPrefix(name, lead); ok && parent != "" && len(rest) >= len("二字") && !isSuffix(rest) {
					name, again = rest, true
				}
			}
		}
	}
	return name
}

// readRenames maps the codes of counties and prefectures to the names they had.
func readRenames(list []unit) (map[int64][]string, error) {
	now := map[int64]string{}
	for _, u := range list {
		now[u.code] = u.name
	}
	out := map[int64][]string{}
	for n, line := range strings.Split(strings.TrimSpace(renamesTSV), "\n") {
		old, code, ok := strings.Cut(line, "\t")
		c, err := strconv.ParseInt(code, 10, 64)
		if !ok || err != nil || now[c] == "" || now[c] == old {
			return nil, fmt.Errorf("renames.tsv: line %d: %q is no old name of a unit (now %q)", n+1, line, now[c])
		}
		out[c] = append(out[c], old)
	}
	return out, nil
}
