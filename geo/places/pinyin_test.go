package places

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestReadings holds the pinyin against a list that was checked by hand. The list is no part
// of the project; without it the test is skipped.
func TestReadings(t *testing.T) {
	dir := os.Getenv("PINHUO_TESTDATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, "gazetteer", "areacity_level4_pinyin.csv.gz"))
	if err != nil {
		t.Skipf("no checked pinyin here: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	g := load(t)
	var seen, same [kinds]int
	for _, row := range rows[1:] {
		code := row[0]
		for len(code) < 6 {
			code += "00"
		}
		p, ok := g.ByID(code[:min(len(code), 9)])
		short := strings.ReplaceAll(row[3], " ", "")
		if !ok || !strings.HasPrefix(p.Full, short) {
			continue
		}
		number, err := strconv.ParseInt(p.ID, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		n := &g.names[g.places[g.byID[number]].main]
		want := fold(row[5])
		seen[p.Kind]++
		if strings.HasPrefix(n.pinyin, want) {
			same[p.Kind]++
		} else if p.Kind <= County {
			t.Logf("%s %s: %q, the list has %q", p.ID, p.Full, n.pinyin, row[5])
		}
	}
	for kind, least := range map[Kind]float64{Province: 1, Prefecture: 0.99, County: 0.98, Town: 0.96} {
		share := float64(same[kind]) / float64(max(seen[kind], 1))
		t.Logf("%v: %d compared, %.2f %% alike", kind, seen[kind], 100*share)
		if share < least {
			t.Errorf("%v: fewer than %.0f %% are read as the list has it", kind, 100*least)
		}
	}
}
