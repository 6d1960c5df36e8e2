package pools

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pinhuo/freight"
)

var update = flag.Bool("update", false, "rewrite the expected lines of testdata/*.txt")

// The scenarios are stories that a trucker can check with a pencil. Lines beginning
// with "=>" are the answer to the line above.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d scenarios (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if got == string(want) {
				return
			}
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("%s (rewrite with -update): got\n%s", file, got)
		})
	}
}

// play runs a scenario and returns it with the answers filled in.
func play(t *testing.T, text string) string {
	t.Helper()
	var out []string
	var loads []*freight.Load
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, "=>") {
			continue
		}
		out = append(out, line)
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "firm":
			loads = append(loads, firm(t, words))
		case words[0] == "hire":
			out = append(out, told(newSearch(loads...).Form())...)
		case words[0] == "without":
			loads = slices.DeleteFunc(loads, func(l *freight.Load) bool { return l.ID == freight.ID(words[1]) })
			s := newSearch(loads...)
			if d, ok := s.Price(s.Riders); ok {
				out = append(out, told([]Deal{d})...)
			} else {
				out = append(out, "=> dissolved")
			}
		default:
			t.Fatalf("a line that says nothing: %q", line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// firm reads "firm NAME from X,Y to X,Y KGkg FLOORm pickup H-H delivery H-H [need]".
func firm(t *testing.T, words []string) *freight.Load {
	t.Helper()
	var x, y, u, v, a, b, c, d int
	var kg int64
	var floor float64
	line := strings.Join(words[2:12], " ")
	if _, err := fmt.Sscanf(line, "from %d,%d to %d,%d %dkg %fm pickup %d-%d delivery %d-%d", &x, &y, &u, &v, &kg, &floor, &a, &b, &c, &d); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	l := crates(words[1], at(x, y), at(u, v), kg, int64(floor*1000), [2]int{a, b}, [2]int{c, d})
	for _, need := range words[12:] {
		capability, ok := freight.ParseCapability(need)
		if !ok {
			t.Fatalf("no capability %q", need)
		}
		l.Needs |= capability
	}
	return l
}

// told says each pool as people would be told.
func told(deals []Deal) (out []string) {
	if len(deals) == 0 {
		return []string{"=> no pool"}
	}
	for _, d := range deals {
		plan := d.Trip.Plan
		hours := plan[len(plan)-1].Leave.Seconds(plan[0].Start) / 60
		with := ""
		if names := d.Trip.Vehicle.Has.Names(); len(names) > 0 {
			with = " with " + strings.Join(names, ", ")
		}
		out = append(out, fmt.Sprintf("=> one %s truck%s, %d km in %d h %02d: %v yuan; sets out %s, at the latest %s; %d of %d must agree",
			d.Type, with, d.Metres/1000, hours/60, hours%60, d.Hire, hour(plan[0].Start), hour(d.Departs), d.Quorum, len(d.Riders)))
		for i, r := range d.Split.Riders {
			l := d.Riders[i].Load
			out = append(out, fmt.Sprintf("=> %s pays %v, never more than %v; alone %v (%d %% saved); picked up %s, there %s", r.ID, r.Share, r.Ceiling,
				l.Alone, 100*(l.Alone-r.Share)/l.Alone, hour(eta(plan, l.ID, freight.CallPickup)), hour(eta(plan, l.ID, freight.CallDelivery))))
		}
	}
	return out
}

func eta(plan []freight.Call, load freight.ID, kind freight.CallKind) freight.Instant {
	for _, c := range plan {
		if c.Load == load && c.Kind == kind {
			return c.Start
		}
	}
	return 0
}

func hour(at freight.Instant) string { return at.Time().Format("15:04") }
