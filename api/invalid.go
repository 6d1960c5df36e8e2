package api

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"pinhuo/freight"
)

// later lists what people may rightly ask for and this version does not judge:
// it is refused by name, never stored and ignored. A * stands for an index.
var later = map[string]bool{
	"value": true, "insurance": true,
	"partners_first": true, "pool": true, "recurs": true,
	"vehicle.hazmat":   true,
	"price_per_km_fen": true, "backhaul": true,
}

// laterValues lists capabilities that people may rightly ask for.
var laterValues = map[string]bool{
	"temperature": true, "refrigerated": true, "side_doors": true, "crane": true,
}

var index = regexp.MustCompile(`\[\d+\]`)

// maxFaults bounds how many faults of one request are told. What is small to
// send must not be large to answer.
const maxFaults = 50

// invalidOf turns what the library found wrong into an error of the domain, its
// faults ordered by field and the first of them told.
func invalidOf(status int, msg string, errs []error) error {
	if status >= http.StatusInternalServerError {
		return fmt.Errorf("reading the request: %s: %w", msg, errors.Join(errs...))
	}
	list := make([]freight.Error, 0, len(errs))
	for _, err := range errs {
		var detail *huma.ErrorDetail
		if !errors.As(err, &detail) {
			return fmt.Errorf("reading the request: %s: %w", msg, err)
		}
		list = append(list, faultIn(detail))
	}
	if len(list) == 0 {
		list = append(list, freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "body", Cause: errors.New(msg)})
	}
	slices.SortStableFunc(list, func(a, b freight.Error) int { return cmp.Compare(a.Field, b.Field) })
	list = list[:min(len(list), maxFaults)]
	var faults freight.Faults
	for i := range list {
		faults.Add(list[i])
	}
	if err := faults.Err(); status != http.StatusBadRequest {
		return err
	}
	first := list[0]
	first.More = list[1:]
	return &statusError{status, &first}
}

// rule reads one of the library's messages.
type rule struct {
	pattern *regexp.Regexp
	fault   func(e *freight.Error, arg string)
}

// rules are tried in order; what none knows is a value of the wrong form.
var rules = []rule{
	{pattern(validation.MsgUnexpectedProperty), notKnown},
	{pattern("unknown query parameter"), notKnown},
	{pattern(validation.MsgExpectedRequiredProperty), func(e *freight.Error, name string) {
		e.Problem, e.Field, e.Value = freight.ProblemRequired, strings.TrimPrefix(e.Field+"."+name, "body."), ""
	}},
	{pattern("required %s parameter is missing"), func(e *freight.Error, _ string) {
		e.Problem, e.Value = freight.ProblemRequired, ""
	}},
	{pattern(validation.MsgExpectedMinimumNumber), least},
	{pattern(validation.MsgExpectedMinLength), least},
	{pattern(validation.MsgExpectedMinItems), least},
	{pattern(validation.MsgExpectedMaximumNumber), greatest},
	{pattern(validation.MsgExpectedMaxLength), greatest},
	{pattern(validation.MsgExpectedMaxItems), greatest},
	{pattern(validation.MsgExpectedOneOf), func(e *freight.Error, allowed string) {
		e.Problem, e.Want = freight.ProblemMalformed, allowed
		if laterValues[e.Value] {
			e.Code, e.Problem = freight.Unsupported, freight.ProblemUnsupported
		}
	}},
	{pattern(validation.MsgExpectedNumber), form("number")},
	{pattern(validation.MsgExpectedInteger), form("integer")},
	{pattern("invalid integer"), form("integer")},
	{pattern(validation.MsgExpectedString), form("string")},
	{pattern(validation.MsgExpectedBoolean), form("boolean")},
	{pattern(validation.MsgExpectedArray), form("array")},
	{pattern(validation.MsgExpectedObject), form("object")},
	{pattern(validation.MsgExpectedRFC3339DateTime), form("RFC 3339")},
	{pattern(unreadableField + "%s"), func(e *freight.Error, field string) {
		e.Problem, e.Field, e.Value = freight.ProblemMalformed, field, ""
	}},
}

func notKnown(e *freight.Error, _ string) { e.Problem, e.Value = freight.ProblemUnknown, "" }

func least(e *freight.Error, bound string) { e.Problem, e.Min = freight.ProblemRange, unscaled(bound) }

func greatest(e *freight.Error, bound string) {
	e.Problem, e.Max = freight.ProblemRange, unscaled(bound)
}

// unscaled writes a number that the library gives with an exponent without one.
func unscaled(number string) string {
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return number
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// form notes what the value should be. A null is a value left out.
func form(name string) func(*freight.Error, string) {
	return func(e *freight.Error, _ string) {
		if e.Value == null {
			e.Problem, e.Value = freight.ProblemRequired, ""
			return
		}
		e.Want = name
	}
}

// pattern turns a message template into an expression that finds its argument.
func pattern(template string) *regexp.Regexp {
	text := regexp.QuoteMeta(template)
	text = regexp.MustCompile(`%[vsd]`).ReplaceAllString(text, `(.*)`)
	return regexp.MustCompile(`(?s)^` + text + `$`)
}

// faultIn translates one finding of the library.
func faultIn(d *huma.ErrorDetail) freight.Error {
	place, field, _ := strings.Cut(d.Location, ".")
	e := freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: field, Value: shown(d.Value)}
	if field == "" {
		e.Field = place
	}
	if e.Field == "body" { // the whole of it, which may hold what is nobody's business
		e.Value = ""
	}
	for _, r := range rules {
		found := r.pattern.FindStringSubmatch(d.Message)
		if found == nil {
			continue
		}
		r.fault(&e, strings.Join(found[1:], " "))
		break
	}
	if later[index.ReplaceAllString(e.Field, "[*]")] {
		e.Code, e.Problem, e.Min, e.Max, e.Want = freight.Unsupported, freight.ProblemUnsupported, "", "", ""
	}
	e.Field = freight.Shorten(e.Field)
	return e
}

const null = "null"

// shown writes a value of a request for an error, "" for what is more than one.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return null
	case string:
		return freight.Shorten(v)
	case float64:
		return freight.Shorten(strconv.FormatFloat(v, 'f', -1, 64))
	case bool, int64, json.Number:
		return freight.Shorten(fmt.Sprint(v))
	}
	return ""
}
