package matcher_test

import (
	"testing"

	planting "pinhuo/internal/mutants"
	seeding "pinhuo/internal/seed"
)

// Every bug that the generator plants in the code of the matcher is noticed by
// some fast test of its own, but for those listed in alive with the reason why no
// test can.
func TestMutantsAreNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the tests once for each bug")
	}
	stage := func(tests string) []string { return []string{"-test.run", "^Test(" + tests + ")$", "-worlds", "400"} }
	planting.Show(t, planting.Suite{Seed: seeding.Of(t), Alive: alive, Stages: [][]string{
		stage("Scenarios|Base.*|Fixed.*|Free.*|Without.*|Accepted.*|Release.*|Best|Nearest|Counts|Parts|Weigh.*|Journey.*|Errand|Header|HeaderValue|HeaderWhere.*|Symmetric.*|" +
			"Hopes.*|WhatJustFitsFits|SmallPrint.*|Beside.*|DeliveryBehind.*|ServiceMay.*|Bounds.*|Spots.*|AtRefuses.*"),
		stage("FitsEqualsNaive"),
		stage("IndexAndMatcherEqualBruteForce|IndexMissesNothing.*|HeaderAgreesWithFits|PaceMissesNothing|PaceOfTightLimits|SubsetsStayFeasible|FitsIsPure"),
	}})
}
