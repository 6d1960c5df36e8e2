package mutants

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// Few is how many mutants a run shows unless the variable All is set.
const Few = 4

// All is the environment variable that has every mutant shown.
const All = "PINHUO_MUTANTS"

// cpuSeconds is what of a processor one run of a stage may take: a mutant that never
// ends has been noticed.
const cpuSeconds = "40"

// Suite is how the tests of one package judge its mutants.
type Suite struct {
	Seed   uint64            // of the draw
	Stages [][]string        // arguments of the test binary, the quickest first
	Alive  map[string]string // by Key: the mutants that no test can notice, and why
}

// Show plants every bug in the package of the working directory and lets its tests
// look: each must make some stage fail, unless it is listed as alive, and none that
// is listed may. A run shows a drawn share; with All set it shows all.
func Show(t *testing.T, s Suite) {
	t.Helper()
	list, binary := build(t)
	if s.notices(t, binary, 0) {
		t.Fatal("the tests fail with no bug shown")
	}
	shown := list
	if os.Getenv(All) == "" {
		draw := rand.New(rand.NewPCG(s.Seed, uint64(len(list))))
		draw.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		shown = list[:min(Few, len(list))]
	}
	queue := make(chan Mutant)
	var lookers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		lookers.Go(func() {
			for m := range queue {
				s.look(t, binary, m)
			}
		})
	}
	for _, m := range shown {
		queue <- m
	}
	close(queue)
	lookers.Wait()
	for key := range s.Alive {
		if !slices.ContainsFunc(list, func(m Mutant) bool { return m.Key() == key }) {
			t.Errorf("%s is listed as alive and not planted any more", key)
		}
	}
	t.Logf("%d of %d mutants shown", len(shown), len(list))
}

// build makes the test binary with all bugs in it.
func build(t *testing.T) ([]Mutant, string) {
	t.Helper()
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Skip("needs the go command to build the code with bugs in it")
	}
	list, sources, err := Plant(".")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay, err := Overlay(".", dir, sources)
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "planted.test")
	if out, err := exec.CommandContext(t.Context(), gocmd, "test", "-c", "-vet=off", "-overlay", overlay, "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build with the bugs: %v\n%s", err, out)
	}
	return list, binary
}

// look shows one mutant to the stages.
func (s *Suite) look(t *testing.T, binary string, m Mutant) {
	why, listed := s.Alive[m.Key()]
	switch noticed := s.notices(t, binary, m.ID); {
	case !noticed && !listed:
		t.Errorf("%d: nothing notices %s (line %d)", m.ID, m.Key(), m.Line)
	case noticed && listed:
		t.Errorf("%d: %s is noticed: it must not be listed as %q", m.ID, m.Key(), why)
	}
}

// notices tells whether some stage fails with the bug; 0 shows none.
func (s *Suite) notices(t *testing.T, binary string, id int) bool {
	for _, stage := range s.Stages {
		// The limit is of processor time, so that a busy machine changes nothing.
		args := append([]string{"-c", `ulimit -t ` + cpuSeconds + `; exec "$0" "$@"`, binary, "-test.short", "-test.failfast"}, stage...)
		cmd := exec.CommandContext(t.Context(), "sh", args...)
		cmd.Env = append(os.Environ(), Switch+"="+strconv.Itoa(id))
		said, err := cmd.CombinedOutput()
		if errors.Is(t.Context().Err(), context.Canceled) {
			return false // broken off
		}
		if err == nil {
			continue
		}
		if id == 0 {
			t.Logf("%s", bytes.TrimSpace(said))
		}
		return true
	}
	return false
}
