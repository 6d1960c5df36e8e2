package api

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pinhuo/freight"
)

// constants returns the values of the string constants of a type in freight's
// sources, so that one which is added there is missed here.
func constants(t *testing.T, typeName string) []string {
	t.Helper()
	files, err := filepath.Glob("../freight/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("freight's sources: %v", err)
	}
	var values []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || fmt.Sprint(spec.Type) != typeName {
				return true
			}
			for _, v := range spec.Values {
				if lit, ok := v.(*ast.BasicLit); ok {
					text, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					values = append(values, text)
				}
			}
			return true
		})
	}
	return values
}

func isHan(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

func TestEveryProblemUnderEveryCodeSaysWhatToDo(t *testing.T) {
	problems, codes := constants(t, "Problem"), constants(t, "Code")
	if len(problems) < 25 || len(codes) < 9 {
		t.Fatalf("found only %v and %v", problems, codes)
	}
	if len(wordsOf) != len(problems) {
		t.Errorf("%d problems, words for %d", len(problems), len(wordsOf))
	}
	for _, code := range codes {
		if statuses[freight.Code(code)] == 0 {
			t.Errorf("code %s has no status", code)
		}
	}
	reasons := append(constants(t, "Reason"), "")
	for _, problem := range problems {
		if _, ok := wordsOf[freight.Problem(problem)]; !ok {
			t.Errorf("problem %s has no words", problem)
		}
		for _, code := range codes {
			for _, full := range []bool{true, false} {
				e := freight.Error{Code: freight.Code(code), Problem: freight.Problem(problem)}
				if full {
					e.Field, e.Value, e.Min, e.Max, e.Want, e.Reason = "the.field", "the value", "1g", "2g", "3", freight.Reason(reasons[0])
				}
				checkTexts(t, &e)
			}
		}
	}
}

func checkTexts(t *testing.T, e *freight.Error) {
	t.Helper()
	for _, l := range []lang{chinese, english} {
		words := wordsWith(e.Problem, e.Code)
		title, detail := titleOf(e, l), faultOf(e, l).Detail
		for _, text := range []string{title, detail, words.what[l], words.todo[l]} {
			if text == "" || isHan(text) != (l == chinese) && !isHan(reasonText(e.Reason, l)) {
				t.Errorf("%s %s in %s: %q", e.Code, e.Problem, l.tag(), text)
			}
		}
		if strings.ContainsAny(detail, "[]{}") || strings.Contains(detail, "  ") {
			t.Errorf("%s %s in %s is not filled in: %q", e.Code, e.Problem, l.tag(), detail)
		}
		if !strings.HasSuffix(detail, words.todo[l]) {
			t.Errorf("%s %s in %s does not say what to do: %q", e.Code, e.Problem, l.tag(), detail)
		}
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	reasons := constants(t, "Reason")
	if len(reasons) < 20 {
		t.Fatalf("found only %v", reasons)
	}
	for _, r := range reasons {
		if r == "" {
			continue
		}
		zh, en := reasonText(freight.Reason(r), chinese), reasonText(freight.Reason(r), english)
		if !isHan(zh) || en == "" || isHan(en) {
			t.Errorf("reason %s: %q, %q", r, zh, en)
		}
	}
	e := freight.Refuse(freight.ProblemUnfit, "offer", "of_1")
	e.Reason = freight.ReasonWeight
	if text := faultOf(e, chinese).Detail; !strings.Contains(text, "超重") {
		t.Errorf("the reason is not told: %s", text)
	}
}

func TestDetailNamesFieldValueAndBounds(t *testing.T) {
	e := freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: "size.kg", Value: "123456789g", Min: "1g", Max: "100000000g"}
	f := faultOf(&e, english)
	if f.Value != "123456.789 kg" || f.Min != "0.001 kg" || f.Max != "100000 kg" {
		t.Errorf("units: %+v", f)
	}
	for _, part := range []string{"size.kg", "123456.789 kg", "0.001 kg", "100000 kg"} {
		if !strings.Contains(f.Detail, part) {
			t.Errorf("%q does not name %s", f.Detail, part)
		}
	}
}

// Every field that admission names is one of the request.
func TestFieldsOfTheDomainAreNamedAsInTheRequest(t *testing.T) {
	for field, want := range map[string]string{
		"ceiling": "ceiling_fen", "least": "least_fen", "limits.detour_m": "limits.detour_km", "limits.detour_s": "limits.detour_min",
		"pickup.place.point": "pickup.place", "stops[3].place.point": "stops[3].place", "size.pieces[0].length_m": "size.pieces[0].length_m",
	} {
		if got := fieldName(field); got != want {
			t.Errorf("%s is told as %s, want %s", field, got, want)
		}
	}
	for _, tc := range []struct{ field, text, want string }{
		{"limits.detour_m", "2000001m", "2000.001 km"}, {"limits.detour_s", "200000s", "3333 min"}, {"pickup.service_s", "90000s", "90000 s"},
		{"size.litres", "1ml", "0.001 L"}, {"rooms[0].floor_m", "30000mm", "30 m"}, {"ceiling", "-1fen", "-1 fen"}, {"x", "0", "0"},
		{"goods", "12g box", "12g box"}, {"ref", "1.5g", "1.5g"}, {"ref", "g", "g"}, {"limits.extra_stops", "61stops", "61 stops"},
	} {
		if got := inUnit(tc.field, tc.text); got != tc.want {
			t.Errorf("%s %q is told as %q, want %q", tc.field, tc.text, got, tc.want)
		}
	}
}

func TestErrorsOfOursAreToldWithoutTheirText(t *testing.T) {
	c := &call{id: "r"}
	for _, err := range []error{errors.New("disk /secret"), &freight.Error{Code: "odd", Problem: "odd"}, nil} {
		p := c.problem(err)
		if p.Status != http.StatusInternalServerError || strings.Contains(p.Detail, "secret") || p.Problem != freight.ProblemInternal {
			t.Errorf("%v is told as %+v", err, p)
		}
	}
}

func TestLanguage(t *testing.T) {
	for header, want := range map[string]lang{
		"": chinese, "*": chinese, "en": english, "en-US,en;q=0.9": english, "zh-CN,zh;q=0.9,en;q=0.8": chinese,
		"en-US,en;q=0.9,zh;q=0.8": english, "de": chinese, "de, en;q=0.5": english, "en;q=0.3, zh;q=0.5": chinese, "en;q=x": chinese,
		"EN-gb": english, "en;q=0.5, *;q=0.5": chinese,
	} {
		if got := langOf(header); got != want {
			t.Errorf("%q gives %s, want %s", header, got.tag(), want.tag())
		}
	}
}

// The tables of the guide are the code's.
func TestTheGuideIsComplete(t *testing.T) {
	text, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(text)
	for problem, words := range wordsOf {
		row := fmt.Sprintf("| `%s` | %s | %s |", problem, words.title[english], words.title[chinese])
		if !strings.Contains(guide, row) {
			t.Errorf("docs/api.md lacks the row %s", row)
		}
	}
	for code, status := range statuses {
		if row := fmt.Sprintf("| `%s` | %d |", code, status); !strings.Contains(guide, row) {
			t.Errorf("docs/api.md lacks the row %s", row)
		}
	}
	for field := range later {
		if parts := strings.Split(field, "."); !strings.Contains(guide, "`"+field+"`") && !strings.Contains(guide, "`"+parts[len(parts)-1]+"`") {
			t.Errorf("docs/api.md does not name %s", field)
		}
	}
	for path := range newServer(Config{}).api.OpenAPI().Paths {
		if !strings.Contains(guide, path) {
			t.Errorf("docs/api.md does not name %s", path)
		}
	}
}
