package freight

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"pinhuo/internal/seed"
)

func TestLeasesEndByDayAndLeaveTimeToAnswer(t *testing.T) {
	const zone = "Asia/Shanghai"
	table := DefaultLeases()
	draw := rand.New(rand.NewPCG(seed.Of(t), 1))
	asked := 0
	for range 20_000 {
		now := Instant(1_700_000_000_000 + draw.Int64N(int64(400*Day)))
		ends := now + Instant(draw.Int64N(int64(6*Day)))
		for _, kind := range []LeaseKind{LeaseLoad, LeaseTrip, LeaseRoaming} {
			l := table.of(kind, now, ends, zone)
			if l == (Lease{}) {
				if ends-now > 40*Hour {
					t.Fatalf("%s: what ends %d h from now is not asked after", kind, (ends-now)/Hour)
				}
				continue
			}
			asked++
			at := (l.Until + l.Until.Ahead(zone)) % Day / Minute
			if at < Instant(table.From) || at > Instant(table.Till) || l.Ask <= now || l.Ask >= l.Until || l.Until >= ends {
				t.Fatalf("%s at %v, ending %v: %+v, at minute %d", kind, now, ends, l, at)
			}
			late := l.Ask + Instant(draw.Int64N(int64(Day)))
			if r := l.Reminded(late); r.Until-late < l.Until-l.Ask || r.Until < l.Until || r.Over(r.Until) || !r.Over(r.Until+1) || l.Over(l.Until+Day) {
				t.Fatalf("asked at %v: %+v", late, r)
			}
		}
	}
	if asked < 20_000 {
		t.Errorf("only %d were asked after", asked)
	}
}

func TestALeaseTableIsChecked(t *testing.T) {
	good := string(defaultLeases)
	for _, bad := range []string{"", strings.Replace(good, `"till": 1260`, `"till": 60`, 1), strings.Replace(good, `"load"`, `"lode"`, 1),
		strings.Replace(good, `"within_s": 172800`, `"within_s": 3600`, 1), strings.Replace(good, `"notice_s": 7200`, `"notice_s": 72000`, 1),
		strings.Replace(good, `{"kind": "roaming", "within_s": 0`, `{"kind": "roaming", "within_s": 50000`, 1)} {
		if _, err := ParseLeases([]byte(bad)); CodeOf(err) != Invalid {
			t.Errorf("%.60q: %v", bad, err)
		}
	}
}

// The table in the guide is the one that the code goes by.
func TestTheGuideShowsTheLeases(t *testing.T) {
	text, err := os.ReadFile("../docs/trust.md")
	if err != nil {
		t.Fatal(err)
	}
	span := func(s int64) string {
		if s == 0 {
			return ""
		}
		return fmt.Sprintf(" %d h", time.Duration(s)*time.Second/time.Hour)
	}
	var rows strings.Builder
	for _, r := range DefaultLeases().Rows {
		within := span(r.WithinS)
		if r.WithinS == 0 {
			within = " any"
		}
		if r.Kind == LeaseDrive {
			if said := fmt.Sprintf("until%s before he sets out; he is asked%s before that", span(r.TermS), span(r.NoticeS)); !strings.Contains(string(text), said) {
				t.Errorf("docs/trust.md does not say %q", said)
			}
			continue
		}
		fmt.Fprintf(&rows, "| %s |%s |%s |%s |\n", r.Kind, within, span(r.TermS), span(r.NoticeS))
	}
	if !strings.Contains(string(text), rows.String()) {
		t.Errorf("docs/trust.md does not show\n%s", &rows)
	}
}

// When an operator is asked whether he drives: these were written by hand.
func TestDriveIsAskedByDay(t *testing.T) {
	at := func(text string) Instant {
		when, err := time.Parse("2006-01-02 15:04 -0700", "2026-11-"+text+" +0800")
		if err != nil {
			t.Fatal(err)
		}
		return At(when)
	}
	leases := DefaultLeases()
	for _, tc := range []struct{ sets, ask, until string }{
		{"24 06:00", "23 18:00", "23 21:00"},
		{"24 02:59", "23 17:59", "23 20:59"},
		{"24 15:59", "23 18:00", "23 21:00"},
		{"24 16:00", "24 07:00", "24 10:00"},
		{"24 22:00", "24 13:00", "24 16:00"},
	} {
		a := leases.Drive(&TripTerms{Stops: []Stop{{Window: Window{Open: at(tc.sets)}}}}, "Asia/Shanghai")
		if a.Ask != at(tc.ask) || a.Until != at(tc.until) || !a.Due() || a.Open() {
			t.Errorf("sets out %s: asked %s until %s, want %s until %s", tc.sets, a.Ask, a.Until, at(tc.ask), at(tc.until))
		}
	}
	if a := (*Leases)(nil).Drive(&TripTerms{Stops: []Stop{{}}}, ""); a != (Again{}) {
		t.Errorf("where nobody is asked: %+v", a)
	}
}
