package mutants

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
)

// expr is the type of a field that holds an expression.
var expr = reflect.TypeFor[ast.Expr]()

// origin is an expression as it was before its parts were replaced.
type origin struct {
	pos  token.Pos
	text string
}

// rewrite replaces the expressions under a node, the inner ones before the outer,
// by what change returns for them and for how they read before; nil keeps an
// expression. What must be constant or a type stays as it is.
func rewrite(node ast.Node, change func(now ast.Expr, was origin) ast.Expr) {
	v := reflect.ValueOf(node)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return
	}
	if d, ok := node.(*ast.GenDecl); ok && d.Tok.String() != "var" {
		return
	}
	v = v.Elem()
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Name, v.Field(i)
		if name == "Type" || name == "Sel" || name == "Fun" && field.Elem().Type() == reflect.TypeFor[*ast.Ident]() {
			continue
		}
		switch field.Kind() {
		case reflect.Interface, reflect.Pointer:
			rewriteField(field, change)
		case reflect.Slice:
			for k := range field.Len() {
				rewriteField(field.Index(k), change)
			}
		}
	}
}

func rewriteField(field reflect.Value, change func(ast.Expr, origin) ast.Expr) {
	node, ok := field.Interface().(ast.Node)
	if !ok || field.IsNil() {
		return
	}
	if field.Type() != expr {
		rewrite(node, change)
		return
	}
	was := origin{node.Pos(), text(node.(ast.Expr))}
	rewrite(node, change)
	if next := change(node.(ast.Expr), was); next != nil {
		field.Set(reflect.ValueOf(next))
	}
}

// Overlay writes the planted sources into a directory and returns the overlay
// file that has the go command read them in the place of those of dir.
func Overlay(dir, into string, sources map[string][]byte) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for name, text := range sources {
		at := filepath.Join(into, "planted_"+name)
		if err := os.WriteFile(at, text, 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(dir, name)] = at
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(into, "overlay.json")
	return file, os.WriteFile(file, content, 0o600)
}
