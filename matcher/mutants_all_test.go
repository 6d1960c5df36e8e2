package matcher_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	planting "pinhuo/internal/mutants"
	seeding "pinhuo/internal/seed"
)

// mutantShare is how many mutants one run shows, unless PINHUO_MUTANTS names
// another number or "all" (make mutants).
const mutantShare = 3

// patience is how long a mutant may run: one that never ends has been noticed.
const patience = time.Minute

// Every bug that the generator plants in the code of the matcher is noticed by
// some fast test of its own, but for those listed in alive with the reason why no
// test can. A run shows a drawn share of them; make mutants shows all.
func TestMutantsAreNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the tests once for each bug")
	}
	list, binary := planted(t)
	draw := rand.New(rand.NewPCG(seeding.Of(t), uint64(len(list))))
	shown := draw.Perm(len(list))[:share(t, len(list))]
	met := map[string]bool{}
	for _, i := range shown {
		m := list[i]
		met[m.Key()] = true
		why, listed := alive[m.Key()]
		switch noticed := notices(t, binary, m.ID); {
		case !noticed && !listed:
			t.Errorf("%d: nothing notices %s (line %d)", m.ID, m.Key(), m.Line)
		case noticed && listed:
			t.Errorf("%d: %s is noticed: it must not be listed as %q", m.ID, m.Key(), why)
		}
	}
	for key := range alive {
		if len(shown) == len(list) && !met[key] {
			t.Errorf("%s is listed and not planted any more", key)
		}
	}
	t.Logf("%d of %d mutants shown", len(shown), len(list))
}

// share is how many of the mutants are shown.
func share(t *testing.T, all int) int {
	switch wish := os.Getenv("PINHUO_MUTANTS"); wish {
	case "":
		return min(mutantShare, all)
	case "all":
		return all
	default:
		n, err := strconv.Atoi(wish)
		if err != nil {
			t.Fatalf(`PINHUO_MUTANTS must be empty, "all" or a number: %v`, err)
		}
		return min(n, all)
	}
}

// planted builds the tests with all bugs in the code, and sees that they pass as
// long as none is shown.
func planted(t *testing.T) ([]planting.Mutant, string) {
	t.Helper()
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Skip("needs the go command to build the code with bugs in it")
	}
	binary := filepath.Join(t.TempDir(), "planted.test")
	list, err := planting.Build(".", binary, func(overlay, out string) error {
		cmd := exec.CommandContext(t.Context(), gocmd, "test", "-c", "-vet=off", "-overlay", overlay, "-o", out, ".")
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, said)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if notices(t, binary, 0) {
		t.Fatal("the tests fail with no bug shown")
	}
	return list, binary
}

// stages are the tests that a mutant is shown to, the quickest first.
var stages = []string{
	"^Test(Scenarios|FitsEqualsNaive|Base.*|Fixed.*|Free.*|Without|Accepted.*|Release.*|Best|Nearest|Counts|Parts|Weigh.*|Journey.*|Errand|Header|HeaderValue|Symmetric.*|Hopes.*|WhatJustFitsFits|SmallPrint.*|Beside.*|DeliveryBehind.*|ServiceMay.*|WithoutThe.*|HeaderWhere.*|Bounds.*)$",
	"^Test(IndexAndMatcherEqualBruteForce|IndexMissesNothing.*|HeaderAgreesWithFits|PaceMissesNothing|PaceOfTightLimits|SubsetsStayFeasible|FitsIsPure)$",
}

// notices tells whether some test fails with the bug; 0 shows none.
func notices(t *testing.T, binary string, id int) bool {
	t.Helper()
	for _, run := range stages {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		cmd := exec.CommandContext(ctx, binary, "-test.short", "-test.failfast", "-test.run", run, "-worlds", "400")
		cmd.Env = append(os.Environ(), planting.Switch+"="+strconv.Itoa(id))
		said, err := cmd.CombinedOutput()
		cancel()
		if errors.Is(t.Context().Err(), context.Canceled) {
			t.Fatal("the run was broken off")
		}
		if err != nil {
			if id == 0 {
				t.Logf("%s", bytes.TrimSpace(said))
			}
			return true
		}
	}
	return false
}
