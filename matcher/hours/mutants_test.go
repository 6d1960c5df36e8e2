package hours

import (
	"testing"

	planting "pinhuo/internal/mutants"
	"pinhuo/internal/seed"
)

// alive are the planted bugs that no test can notice, each with the reason.
var alive = map[string]string{
	"hours.go setOut: stood > 0 -> >=":                         "one way more, with a whole rest before it is due, that is no better",
	"hours.go setOut: stood > 0 -> >= (2)":                     "one way more, with a whole reset before it is due, that is no better",
	"hours.go setOut: stood < r.rest -> <=":                    "who has stood for a rest has had it: nothing is added",
	"hours.go setOut: stood < r.reset -> <=":                   "who has stood for a reset has had it: nothing is added",
	"hours.go short: f.rules.drive > 0 -> >=":                  "ways more, with rests that nobody asks, that are no better",
	"hours.go short: since+more+f.ahead > f.rules.drive -> >=": "ways more, with rests that the limit just does not ask, that are no better",
	"hours.go tired: day+more+f.ahead > f.rules.day -> >=":     "ways more, with resets that the limit just does not ask, that are no better",
	"hours.go roll: l.day+r.drive <= r.day -> <":               "ways more are followed, with rests that can change places, that are no better",
	"hours.go less: cmp.Or(cmp.Compare(a.rest, b.rest), cmp.Compare(a.since, b.since), cmp.Compare(a.day, b.day)) < 0 -> <=": "ways that are equal in all of this are the same",
	"hours.go less: order < 0 -> <=":                            "of ways before that are equal in all of this one was kept",
	"hours.go Visits: f.first + 1 -> + 2":                       "with nothing left to drive only the leaving matters: one way is left at the last stop",
	"hours.go Visits: f.ways[k].leave < f.ways[at].leave -> <=": "with nothing left to drive only the leaving matters: one way is left at the last stop",
}

// Every bug that the generator plants in the rules of rest is noticed.
func TestMutantsAreNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the tests once for each bug")
	}
	planting.Show(t, planting.Suite{Seed: seed.Of(t), Alive: alive, Stages: [][]string{
		{"-test.run", "Rules|ADriver|Spare|OneWouldExpect|Standing"}, {"-test.run", "Front|Visits|Few"},
	}})
}
