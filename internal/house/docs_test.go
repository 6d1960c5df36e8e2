package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// source is one parsed Go file that is not a test and was not generated.
type source struct {
	pkg  pkg
	path string
	file *ast.File
}

// sources parses the project's own code.
func sources(t *testing.T) ([]source, *token.FileSet) {
	t.Helper()
	fset := token.NewFileSet()
	var all []source
	for _, p := range listed(t, false) {
		for _, name := range append(p.GoFiles, p.CgoFiles...) {
			path := filepath.Join(p.Dir, name)
			file, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if !ast.IsGenerated(file) {
				all = append(all, source{p, path, file})
			}
		}
	}
	return all, fset
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	said := map[string]bool{}
	all, _ := sources(t)
	for _, s := range all {
		path := s.pkg.ImportPath
		doc := s.file.Doc.Text()
		if s.pkg.Name == "main" { // a command is documented by its own name
			said[path] = said[path] || doc != ""
			continue
		}
		if doc != "" && !strings.HasPrefix(doc, "Package "+s.pkg.Name+" ") {
			t.Errorf("%s: the package comment begins with %.40q", s.path, doc)
		}
		said[path] = said[path] || doc != ""
	}
	for path, ok := range said {
		if !ok {
			t.Errorf("%s has no package comment", path)
		}
	}
}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	all, fset := sources(t)
	for _, s := range all {
		for _, name := range undocumented(s.file) {
			t.Errorf("%s: %s has no doc comment", fset.Position(name.Pos()), name.Name)
		}
	}
}

// undocumented lists the exported names of a file that no comment explains: functions,
// methods of exported types, types, constants, variables and the methods of exported
// interfaces. A comment on a group of constants or variables covers its members.
func undocumented(file *ast.File) []*ast.Ident {
	var found []*ast.Ident
	note := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		if !name.IsExported() {
			return
		}
		for _, doc := range docs {
			if doc.Text() != "" {
				return
			}
		}
		found = append(found, name)
	}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if receiverExported(d) {
				note(d.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				noteSpec(spec, d, note)
			}
		}
	}
	return found
}

func noteSpec(spec ast.Spec, group *ast.GenDecl, note func(*ast.Ident, ...*ast.CommentGroup)) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			note(name, s.Doc, s.Comment, group.Doc)
		}
	case *ast.TypeSpec:
		own := group.Doc
		if group.Lparen.IsValid() { // a comment on a group of types explains none of them
			own = nil
		}
		note(s.Name, s.Doc, s.Comment, own)
		port, ok := s.Type.(*ast.InterfaceType)
		if !ok || !s.Name.IsExported() || len(port.Methods.List) == 1 { // one method is explained with its port
			return
		}
		for _, m := range port.Methods.List {
			for _, name := range m.Names {
				note(name, m.Doc, m.Comment)
			}
		}
	}
}

// receiverExported tells whether a function is one that other packages can call: no
// method, or the method of an exported type.
func receiverExported(f *ast.FuncDecl) bool {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return true
	}
	exported := true
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IndexExpr: // of T[K] only T counts
			exported = ast.IsExported(fmt.Sprint(n.X))
			return false
		case *ast.IndexListExpr:
			exported = ast.IsExported(fmt.Sprint(n.X))
			return false
		case *ast.Ident:
			exported = n.IsExported()
		}
		return true
	})
	return exported
}

// The test of the comments can fail: one name of each kind lacks its comment.
func TestUndocumentedIsFound(t *testing.T) {
	const text = `package p
func F() {}
// G is told.
func G() {}
type hidden struct{}
func (hidden) M() {}
type T[K any] struct{}
func (t *T[K]) M() {}
// U is told.
type U interface { A(); B() // told
}
// P is told, and its one method with it.
type P interface { A() }
const ( C = 1
 D = 2 // told
)
// Told together.
var ( V, W int )
`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, name := range undocumented(file) {
		got = append(got, name.Name)
	}
	if want := "F T M A C"; strings.Join(got, " ") != want {
		t.Fatalf("found %v, want %s", got, want)
	}
}
