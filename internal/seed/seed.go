// Package seed gives every random test its seed: the same one on every run, so that a
// change is judged by the change and not by the draw, and another one when asked, so
// that new worlds are still looked at.
//
//	go test ./...                         the test's own seed, from its name
//	PINHUO_SEED=random go test ./...      a fresh one (make hunt)
//	PINHUO_SEED=17 go test -run X ./geo   the one that a failure printed
package seed

import (
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// Of returns the seed of the running test and logs it. A value of PINHUO_SEED that is
// neither empty, "random" nor a decimal number below 2^64 fails the test.
func Of(t testing.TB) uint64 {
	t.Helper()
	seed, err := choose(os.Getenv("PINHUO_SEED"), t.Name())
	if err != nil {
		t.Fatalf(`PINHUO_SEED must be empty, "random" or a number: %v`, err)
	}
	t.Logf("seed %d", seed)
	return seed
}

func choose(wish, test string) (uint64, error) {
	switch wish {
	case "":
		h := fnv.New64a()
		h.Write([]byte(test)) // a hash takes whatever it is given
		return h.Sum64(), nil
	case "random":
		return rand.Uint64(), nil
	}
	return strconv.ParseUint(wish, 10, 64)
}
