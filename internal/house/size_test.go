package house

import (
	"cmp"
	"fmt"
	"go/ast"
	"slices"
	"testing"
)

// Short enough to be read at one sitting, and at one glance.
const (
	longestFile     = 400
	longestFunction = 40
	shortShare      = 90 // percent of the functions that must keep to longestFunction
)

// span is a piece of code and its length in lines.
type span struct {
	name  string
	lines int
}

func TestFilesAreShort(t *testing.T) {
	all, fset := sources(t)
	for _, s := range all {
		if n := fset.File(s.file.Pos()).LineCount(); n > longestFile {
			t.Errorf("%s has %d lines, more than %d: what it does is more than one thing", s.path, n, longestFile)
		}
	}
}

func TestFunctionsAreShort(t *testing.T) {
	all, fset := sources(t)
	var functions []span
	for _, s := range all {
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				from, to := fset.Position(f.Pos()), fset.Position(f.End())
				functions = append(functions, span{fmt.Sprintf("%s: %s", from, f.Name.Name), to.Line - from.Line + 1})
			}
		}
	}
	long := tooLong(functions)
	if len(functions) == 0 || len(long)*100 > len(functions)*(100-shortShare) {
		t.Errorf("%d of %d functions have more than %d lines", len(long), len(functions), longestFunction)
	}
	for _, f := range long[:min(len(long), 10)] {
		t.Logf("%d lines: %s", f.lines, f.name)
	}
}

// tooLong returns the functions beyond longestFunction, the longest first.
func tooLong(functions []span) []span {
	long := slices.Clone(functions)
	long = slices.DeleteFunc(long, func(s span) bool { return s.lines <= longestFunction })
	slices.SortStableFunc(long, func(a, b span) int { return cmp.Compare(b.lines, a.lines) })
	return long
}

func TestTooLongIsFound(t *testing.T) {
	got := tooLong([]span{{"a", 40}, {"b", 41}, {"c", 99}})
	if fmt.Sprint(got) != "[{c 99} {b 41}]" {
		t.Fatalf("found %v", got)
	}
}
