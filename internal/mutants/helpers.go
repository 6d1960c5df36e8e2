package mutants

// helperFile is the name of the file of helpers in the planted package.
const helperFile = "zz_mutants.go"

// helpers is the code that shows a bug or not. Each returns what the source says
// unless its number is the one switched on.
const helpers = `package PACKAGE

import (
	"cmp"
	"os"
	"strconv"

	"pinhuo/freight"
)

var mutantOn = func() int { n, _ := strconv.Atoi(os.Getenv("` + Switch + `")); return n }()

func mutantLess[T cmp.Ordered](id int, a, b T) bool      { return a < b || id == mutantOn && a == b }
func mutantLessEqual[T cmp.Ordered](id int, a, b T) bool { return a < b || id != mutantOn && a == b }
func mutantMore[T cmp.Ordered](id int, a, b T) bool      { return a > b || id == mutantOn && a == b }
func mutantMoreEqual[T cmp.Ordered](id int, a, b T) bool { return a > b || id != mutantOn && a == b }
func mutantEqual[T comparable](id int, a, b T) bool      { return (a == b) != (id == mutantOn) }
func mutantUnequal[T comparable](id int, a, b T) bool    { return (a != b) != (id == mutantOn) }
func mutantNot(id int, a bool) bool                      { return a == (id == mutantOn) }

func mutantMax[T cmp.Ordered](id int, a, b T) T {
	if id == mutantOn {
		return min(a, b)
	}
	return max(a, b)
}

func mutantMin[T cmp.Ordered](id int, a, b T) T {
	if id == mutantOn {
		return max(a, b)
	}
	return min(a, b)
}

func mutantPlus[T int | int32 | int64 | freight.Instant | freight.Fen](id int, a T) T {
	if id == mutantOn {
		return a + 2
	}
	return a + 1
}

func mutantMinus[T int | int32 | int64 | freight.Instant | freight.Fen](id int, a T) T {
	if id == mutantOn {
		return a
	}
	return a - 1
}

func mutantReason(id int, r freight.Reason) freight.Reason {
	if id == mutantOn {
		return freight.ReasonTaken
	}
	return r
}
`
