package deck_test

import (
	"testing"

	planting "pinhuo/internal/mutants"
	"pinhuo/internal/seed"
)

// alive are the planted bugs that no test can notice, each with the reason.
var alive = map[string]string{
	"deck.go alike: min(lengthwise, ceil(s.n, across)) -> max": "tries more rows, and none that are shorter",
	"deck.go alike: min(across, ceil(s.n, lengthwise)) -> max": "tries more rows, and none that are shorter",
	"deck.go pile: one.n > 0 -> >=":                            "a line of no stacks takes nothing",
	"deck.go fewest: set - 1 -> - 0":                           "the whole set as one row is tried again",
	"deck.go fewest: part&first != 0 -> ==":                    "of two rows or more one is without the first stack: all ways are tried too",
	"deck.go rowOf: depth < best -> <=":                        "equal depths are the same",
	"shelves.go deeper: a.short > b.short -> >=":               "equal stacks stand in either order",
	"shelves.go open: n > 0 -> >=":                             "no rows hold nothing",
	"shelves.go open: s.n + 1 -> + 2":                          "between them are rows without room",
	"shelves.go fill: k < s.n -> <=":                           "behind the last row is one without room",
	"shelves.go fill: left > 0 -> >=":                          "what is left of nothing goes nowhere",
	"shelves.go fill: each <= 0 -> <":                          "no stack goes into a row without room",
	"shelves.go fill: left >= row.n*each -> >":                 "rows that are just filled are cut into themselves",
	"shelves.go cut: p.n > 0 -> >=":                            "no rows hold nothing",
	"shelves.go cut: len(kept) - 1 -> - 0":                     "behind the last row is one without room",
}

// Every bug that the generator plants in the code of the deck is noticed.
func TestMutantsAreNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the tests once for each bug")
	}
	planting.Show(t, planting.Suite{Seed: seed.Of(t), Alive: alive, Stages: [][]string{{"-test.run", "Pencil|Stated|Floor|Exhaustive"}, {}}})
}
