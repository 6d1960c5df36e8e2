package house

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is the name of ours; every import path of the project begins with it.
const module = "pinhuo"

// room says what the packages of one folder may import. A folder below a room belongs
// to it, unless it is a room itself.
type room struct {
	ours     []string // rooms it may import directly; nil: none
	anything bool     // it wires: every room but those for tests
	unlinked []string // rooms that must not be in its binary, not even through others
	pure     bool     // no clock, no chance, no input or output, no log
	stdOnly  bool     // only the standard library beside ours
	tests    bool     // it serves tests: no other room may import it
}

// rooms is the import table. A room is listed before it is built, and one that is
// built without being listed fails the test: add it here, with as few arrows as it
// can live with.
var rooms = map[string]room{
	"freight": {pure: true, stdOnly: true},

	"geo":        {pure: true},
	"geo/roads":  {ours: []string{"geo"}},
	"geo/places": {ours: []string{"geo"}},
	// Routing links no reader of OpenStreetMap.
	"geo/roads/osm": {ours: []string{"geo", "geo/roads"}},
	// The checker of routes reads the data and drives it by itself.
	"geo/roads/check": {ours: []string{"geo"}, unlinked: []string{"geo/roads", "geo/roads/osm"}},
	// The generator is no part of the program: what it reads with must not be either.
	"geo/places/gen": {},

	"matcher":           {ours: []string{"freight", "geo", "matcher/deck", "matcher/hours"}, pure: true, stdOnly: true},
	"matcher/deck":      {ours: []string{"freight"}, pure: true, stdOnly: true},
	"matcher/hours":     {ours: []string{"freight"}, pure: true, stdOnly: true},
	"matcher/shares":    {ours: []string{"freight"}, pure: true, stdOnly: true},
	"matcher/pools":     {ours: []string{"freight", "matcher", "matcher/shares"}, pure: true, stdOnly: true},
	"matcher/reload":    {ours: []string{"freight", "matcher"}, pure: true, stdOnly: true},
	"internal/book":     {ours: []string{"freight", "matcher", "matcher/pools", "matcher/reload", "matcher/shares", "internal/desk", "internal/outreach"}, pure: true, stdOnly: true},
	"internal/outreach": {ours: []string{"freight"}, pure: true, stdOnly: true},
	"internal/desk":     {ours: []string{"freight"}, pure: true, stdOnly: true},

	"internal/dispatch": {ours: []string{"freight", "geo", "matcher", "matcher/pools", "matcher/reload", "matcher/shares", "internal/book", "internal/outreach", "internal/desk"}},

	"internal/store":    {ours: []string{"freight"}},
	"internal/accounts": {ours: []string{"freight"}},
	"internal/notify":   {ours: []string{"freight"}},
	"internal/blobs":    {ours: []string{"freight"}, stdOnly: true},
	"internal/photos":   {ours: []string{"freight"}, pure: true},

	"api":      {ours: []string{"freight", "api/live"}},
	"api/live": {ours: []string{"freight"}},
	// A client must not bring the server along.
	"api/client": {ours: []string{"freight"}, unlinked: []string{"api", "api/live"}},
	"web":        {},

	// The auditor judges the matcher and the book, so it shares nothing with them.
	"internal/audit": {ours: []string{"freight", "geo"}, unlinked: []string{"matcher", "internal/book"}},
	// A replay is the server without its network: it wires the writer to the store and has
	// the auditor look at what came of it.
	"internal/replay":    {ours: []string{"freight", "geo", "geo/roads", "internal/audit", "internal/dispatch", "internal/poolbench", "internal/store", "matcher"}},
	"internal/poolbench": {ours: []string{"matcher"}, stdOnly: true},
	// The demo's firms and drivers have no more than any client of the public API.
	"internal/placebench": {ours: []string{"geo", "geo/places"}},
	"internal/sample":     {ours: []string{"geo", "geo/places"}},
	"internal/demo": {ours: []string{"api/client"}, unlinked: []string{
		"api", "api/live", "geo", "matcher", "internal/book", "internal/dispatch", "internal/store", "internal/accounts",
	}},

	// One suite of tests for every engine, which the store's tests and others' run.
	"internal/store/conformance": {ours: []string{"freight", "internal/store"}, tests: true},

	"internal/pgtest":      {tests: true},
	"internal/browsertest": {tests: true},
	"internal/house":       {tests: true},
	"internal/seed":        {tests: true},
	"internal/mutants":     {tests: true},

	"cmd/pinhuo":        {anything: true},
	"cmd/places-report": {ours: []string{"geo/places", "internal/placebench"}},
	"cmd/pinhuo-bench":  {anything: true, ours: []string{"internal/pgtest"}},
}

// libraries names the rooms that alone may import a library: each outside thing has one
// door, so that changing it changes one room.
var libraries = map[string][]string{
	"github.com/uber/h3-go":          {"geo"},
	"github.com/mattn/go-sqlite3":    {"internal/store", "internal/store/conformance"},
	"github.com/lib/pq":              {"internal/store", "internal/store/conformance", "internal/pgtest"},
	"github.com/jmoiron/sqlx":        {"internal/store"},
	"github.com/pressly/goose":       {"internal/store"},
	"github.com/danielgtaylor/huma":  {"api"},
	"github.com/gorilla/websocket":   {"api/live", "api/client", "internal/demo", "cmd/pinhuo-bench"},
	"github.com/chromedp":            {"internal/browsertest"},
	"github.com/paulmach":            {"geo/roads/osm", "geo/roads/check"},
	"github.com/alecthomas/kong":     {"cmd/pinhuo", "cmd/pinhuo-bench"},
	"github.com/mozillazg/go-pinyin": {"geo/places/gen"},
	"golang.org/x/text":              {"geo/places/gen"},
	"golang.org/x/image":             {"internal/photos"},
	"github.com/schollz/progressbar": {"cmd/pinhuo", "cmd/pinhuo-bench"},
}

// impure are the packages through which the world gets in. Reading the clock takes no
// import of its own: the linter forbids time.Now in pure rooms.
var impure = []string{
	"crypto/rand", "database/sql", "io/fs", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "syscall",
}

// pkg is what `go list -json` tells of a package.
type pkg struct {
	ImportPath string
	Dir        string
	Name       string
	GoFiles    []string
	CgoFiles   []string
	Imports    []string
	Deps       []string
	Standard   bool
}

// listed returns the project's packages, or with deps also everything they link.
func listed(t *testing.T, deps bool) []pkg {
	t.Helper()
	args := []string{"list", "-json=ImportPath,Dir,Name,GoFiles,CgoFiles,Imports,Deps,Standard"}
	if deps {
		args = append(args, "-deps")
	}
	cmd := exec.Command("go", append(args, "./...")...)
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v: %s", err, stderr.String())
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		pkgs = append(pkgs, p)
	}
}

// root is the project's folder, seen from this one, where its tests run.
const root = "../.."

// roomOf returns the room that a package of ours belongs to: the longest name in the
// table that is a folder of its path, else the path itself.
func roomOf(importPath string) string {
	path := strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
	for name := path; name != ""; {
		if _, ok := rooms[name]; ok {
			return name
		}
		cut := strings.LastIndexByte(name, '/')
		if cut < 0 {
			break
		}
		name = name[:cut]
	}
	return path
}

func isOurs(importPath string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}

// isStandard goes by the form of the path: the standard library's has no dot in its
// first part, and a program that is not built yet is not asked.
func isStandard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".") && !isOurs(importPath)
}

// breaches lists what in pkgs breaks the table.
func breaches(pkgs []pkg) []string {
	var found []string
	for _, p := range pkgs {
		if !isOurs(p.ImportPath) {
			continue
		}
		name := roomOf(p.ImportPath)
		r, known := rooms[name]
		if !known {
			found = append(found, fmt.Sprintf("%s is no room of the import table", p.ImportPath))
			continue
		}
		for _, imp := range p.Imports {
			if why := breach(name, r, imp); why != "" {
				found = append(found, fmt.Sprintf("%s imports %s: %s", p.ImportPath, imp, why))
			}
		}
		for _, dep := range p.Deps {
			if isOurs(dep) && slices.Contains(r.unlinked, roomOf(dep)) {
				found = append(found, fmt.Sprintf("%s links %s: it must not, not even through others", p.ImportPath, dep))
			}
		}
	}
	return found
}

// breach tells why room name may not import imp, or "".
func breach(name string, r room, imp string) string {
	switch {
	case isOurs(imp):
		return oursBreach(name, r, roomOf(imp))
	case r.pure && slices.Contains(impure, imp):
		return "the room is pure"
	case r.stdOnly && !isStandard(imp):
		return "the room uses the standard library only"
	}
	for library, doors := range libraries {
		if (imp == library || strings.HasPrefix(imp, library+"/")) && !slices.Contains(doors, name) {
			return "the door to this library is " + strings.Join(doors, ", ")
		}
	}
	return ""
}

func oursBreach(name string, r room, target string) string {
	switch {
	case target == name || slices.Contains(r.ours, target):
		return ""
	case rooms[target].tests:
		return "the room serves tests"
	case r.anything:
		return ""
	}
	return fmt.Sprintf("%s may import %v", name, r.ours)
}

func TestImports(t *testing.T) {
	for _, b := range breaches(listed(t, false)) {
		t.Error(b)
	}
}

// The table's test can fail: each kind of breach is planted and named.
func TestBreachesAreFound(t *testing.T) {
	for _, tc := range []struct {
		name string
		pkg  pkg
		want string // "" for none
	}{
		{"no arrow at all", pkg{ImportPath: "pinhuo/freight", Imports: []string{"fmt", "time"}}, ""},
		{"the domain imports a library", pkg{ImportPath: "pinhuo/freight", Imports: []string{"golang.org/x/sync/errgroup"}}, "standard library only"},
		{"the domain imports a room", pkg{ImportPath: "pinhuo/freight", Imports: []string{"pinhuo/geo"}}, "may import []"},
		{"an allowed arrow", pkg{ImportPath: "pinhuo/matcher", Imports: []string{"pinhuo/freight", "pinhuo/geo"}}, ""},
		{"an arrow turned round", pkg{ImportPath: "pinhuo/geo", Imports: []string{"pinhuo/matcher"}}, "may import []"},
		{"a pure room logs", pkg{ImportPath: "pinhuo/matcher", Imports: []string{"log/slog"}}, "is pure"},
		{"store reaches api", pkg{ImportPath: "pinhuo/internal/store", Imports: []string{"pinhuo/api"}}, "may import [freight]"},
		{"api reaches web", pkg{ImportPath: "pinhuo/api", Imports: []string{"pinhuo/web"}}, "may import"},
		{"a folder within its room", pkg{ImportPath: "pinhuo/internal/store", Imports: []string{"pinhuo/internal/store/migrations"}}, ""},
		{"a folder under its room's rules", pkg{ImportPath: "pinhuo/internal/store/migrations", Imports: []string{"pinhuo/api"}}, "may import [freight]"},
		{"a room in a room has rules of its own", pkg{ImportPath: "pinhuo/api/live", Imports: []string{"pinhuo/api"}}, "may import [freight]"},
		{"cells by another door", pkg{ImportPath: "pinhuo/internal/store", Imports: []string{"github.com/uber/h3-go/v4"}}, "the door to this library is geo"},
		{"a driver by another door", pkg{ImportPath: "pinhuo/cmd/pinhuo", Imports: []string{"github.com/lib/pq"}}, "the door to this library"},
		{"the auditor links the matcher", pkg{ImportPath: "pinhuo/internal/audit", Deps: []string{"pinhuo/geo", "pinhuo/matcher"}}, "links pinhuo/matcher"},
		{"the demo links the store", pkg{ImportPath: "pinhuo/internal/demo", Deps: []string{"pinhuo/api/client", "pinhuo/internal/store"}}, "links pinhuo/internal/store"},
		{"main imports rooms", pkg{ImportPath: "pinhuo/cmd/pinhuo", Imports: []string{"pinhuo/api", "pinhuo/internal/store"}}, ""},
		{"main imports a room for tests", pkg{ImportPath: "pinhuo/cmd/pinhuo", Imports: []string{"pinhuo/internal/pgtest"}}, "serves tests"},
		{"a bench starts a database", pkg{ImportPath: "pinhuo/cmd/pinhuo-bench", Imports: []string{"pinhuo/internal/pgtest"}}, ""},
		{"a room nobody listed", pkg{ImportPath: "pinhuo/internal/misc"}, "no room of the import table"},
		{"code in the root", pkg{ImportPath: "pinhuo"}, "no room of the import table"},
		{"not ours", pkg{ImportPath: "github.com/lib/pq", Imports: []string{"os"}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := strings.Join(breaches([]pkg{tc.pkg}), "\n")
			if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
				t.Fatalf("found %q, want %q", got, tc.want)
			}
		})
	}
}
