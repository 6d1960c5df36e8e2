// Package mutants writes bugs into the code of a package, one for each
// comparison, negation, choice of the greater or the smaller, step of one and
// named reason, and builds all of them into one test binary that shows one bug at
// a time. So tests can be asked bug by bug whether they notice.
//
// The bugs reach the compiler through an overlay: no source is changed.
package mutants

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Switch is the environment variable that names the bug to show, by number. Where
// it is not set a planted package behaves as its sources say.
const Switch = "PINHUO_MUTANT"

// Mutant is one bug.
type Mutant struct {
	ID   int    // its number, from 1
	File string // base name
	Line int
	Func string // where it is planted
	Was  string // the expression
	Bug  string // what is made of it
	Nth  int    // of those alike in its function, from 1
}

// Key names the bug however the lines around it move.
func (m Mutant) Key() string {
	key := m.File + " " + m.Func + ": " + m.Was + " -> " + m.Bug
	if m.Nth > 1 {
		key += fmt.Sprintf(" (%d)", m.Nth)
	}
	return key
}

// Plant parses the Go files of a directory that are no tests and returns the
// bugs that can be planted in them, in order, and the planted sources by base name. One
// of them is a file of helpers that the directory does not hold.
func Plant(dir string) ([]Mutant, map[string][]byte, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, nil, err
	}
	p := &planter{fset: token.NewFileSet()}
	sources := map[string][]byte{}
	for _, name := range slices.Sorted(slices.Values(names)) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		file, err := parser.ParseFile(p.fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		p.file, p.pkg = filepath.Base(name), file.Name.Name
		if planted := p.plant(file); planted != nil {
			sources[p.file] = planted
		}
	}
	sources[helperFile] = []byte(strings.ReplaceAll(helpers, "PACKAGE", p.pkg))
	return p.list, sources, nil
}

type planter struct {
	fset *token.FileSet
	file string
	pkg  string
	fn   string
	list []Mutant
}

// plant writes bugs into the functions of a file; nil where there are none.
func (p *planter) plant(file *ast.File) []byte {
	before := len(p.list)
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
			p.fn = f.Name.Name
			rewrite(f.Body, p.expression)
		}
	}
	if len(p.list) == before {
		return nil
	}
	var out bytes.Buffer
	file.Comments = nil // they would move among the new calls
	if err := format.Node(&out, p.fset, file); err != nil {
		panic(fmt.Sprintf("mutants: %s: %v", p.file, err)) // what was parsed can be printed
	}
	return out.Bytes()
}

// comparisons are the helpers for what a comparison becomes.
var comparisons = map[token.Token][2]string{
	token.LSS: {"mutantLess", "<="}, token.LEQ: {"mutantLessEqual", "<"},
	token.GTR: {"mutantMore", ">="}, token.GEQ: {"mutantMoreEqual", ">"},
	token.EQL: {"mutantEqual", "!="}, token.NEQ: {"mutantUnequal", "=="},
}

// expression plants a bug in the place of an expression, whose parts have had
// theirs; nil where none is called for.
func (p *planter) expression(e ast.Expr, was origin) ast.Expr {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return p.binary(e, was)
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return p.call(was, "mutantNot", strings.TrimPrefix(was.text, "!"), e.X)
		}
	case *ast.CallExpr:
		if name, ok := e.Fun.(*ast.Ident); ok && len(e.Args) == 2 && !e.Ellipsis.IsValid() {
			switch name.Name {
			case "max":
				return p.call(was, "mutantMax", "min", e.Args...)
			case "min":
				return p.call(was, "mutantMin", "max", e.Args...)
			}
		}
	case *ast.SelectorExpr:
		if strings.HasPrefix(e.Sel.Name, "Reason") && len(e.Sel.Name) > 6 && text(e.X) == "freight" && e.Sel.Name != "Reasons" {
			return p.call(was, "mutantReason", "another", e)
		}
	}
	return nil
}

func (p *planter) binary(e *ast.BinaryExpr, was origin) ast.Expr {
	if to, ok := comparisons[e.Op]; ok {
		if isNil(e.X) || isNil(e.Y) {
			return nil // a slip here is no bug of reckoning
		}
		return p.call(was, to[0], to[1], e.X, e.Y)
	}
	if one, ok := e.Y.(*ast.BasicLit); ok && one.Kind == token.INT && one.Value == "1" {
		switch e.Op {
		case token.ADD:
			return p.call(was, "mutantPlus", "+ 2", e.X)
		case token.SUB:
			return p.call(was, "mutantMinus", "- 0", e.X)
		}
	}
	return nil
}

func isNil(e ast.Expr) bool { return text(e) == "nil" }

// call notes a bug and returns the call that shows it or not.
func (p *planter) call(was origin, helper, bug string, args ...ast.Expr) ast.Expr {
	m := Mutant{ID: len(p.list) + 1, File: p.file, Line: p.fset.Position(was.pos).Line, Func: p.fn, Was: was.text, Bug: bug, Nth: 1}
	for _, other := range p.list {
		if other.File == m.File && other.Func == m.Func && other.Was == m.Was && other.Bug == m.Bug {
			m.Nth++
		}
	}
	p.list = append(p.list, m)
	id := &ast.BasicLit{Kind: token.INT, Value: fmt.Sprint(len(p.list))}
	return &ast.CallExpr{Fun: ast.NewIdent(helper), Args: append([]ast.Expr{id}, args...)}
}

func text(e ast.Expr) string {
	var out bytes.Buffer
	if err := format.Node(&out, token.NewFileSet(), e); err != nil {
		panic(fmt.Sprintf("mutants: %v", err))
	}
	return strings.Join(strings.Fields(out.String()), " ")
}
