package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"pinhuo/freight"
)

// The library keeps these as variables of its package; this package is the only
// one that uses it.
func init() {
	huma.DefaultArrayNullable = false // lists are never null here
	huma.ValidateStrictCasing = true  // "KG" is not "kg"
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &Problem{Status: status} }
	huma.NewErrorWithContext = refusal
}

// refusal turns what the library found wrong with a request into a Problem.
func refusal(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	c := callOf(ctx.Context())
	p := c.problem(invalidOf(status, msg, errs))
	_, w := humago.Unwrap(ctx)
	p.headers(w.Header(), c.lang)
	return p
}

// newAPI returns an empty API on the mux.
func newAPI(mux *http.ServeMux) huma.API {
	cfg := huma.DefaultConfig("pinhuo", "1")
	cfg.CreateHooks = nil // no $schema field in answers
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", ""
	cfg.RejectUnknownQueryParameters = true
	format := huma.Format{Marshal: writeJSON, Unmarshal: readJSON}
	cfg.Formats = map[string]huma.Format{"application/json": format, "json": format}
	return humago.New(mux, cfg)
}

// writeJSON writes a value at once, so that half an answer is never sent.
func writeJSON(w io.Writer, v any) error {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err
	}
	w.Write(buf.Bytes()) //nolint:errcheck // the client is gone, and nobody is left to tell
	return nil
}

// unreadableField begins the text of a readJSON error that names a field.
const unreadableField = "unreadable field "

// readJSON reads a body for the library: first into an any, whose numbers it
// checks as float64, then into the operation's own struct.
func readJSON(text []byte, v any) error {
	if loose, ok := v.(*any); ok {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(loose); err != nil {
			return err
		}
		*loose = asFloats(*loose)
		return nil
	}
	err := json.Unmarshal(text, v)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return errors.New(unreadableField + wrong.Field)
	}
	return err
}

// asFloats replaces numbers kept as text, but for those with an exponent: they
// are no amounts that people type, and the library then finds no number there.
func asFloats(v any) any {
	switch v := v.(type) {
	case json.Number:
		if strings.ContainsAny(string(v), "eE") {
			return v
		}
		f, _ := strconv.ParseFloat(string(v), 64) // out of range is ±Inf, the rest is a JSON number
		return f
	case []any:
		for i := range v {
			v[i] = asFloats(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = asFloats(v[k])
		}
	}
	return v
}

// handler answers one operation.
type handler[I, O any] func(ctx context.Context, c *call, in *I) (*O, error)

// handle registers an operation that the permission opens.
func handle[I, O any](s *server, op huma.Operation, may permission, h handler[I, O]) {
	op.MaxBodyBytes = max(op.MaxBodyBytes, MaxBody+1)
	op.BodyReadTimeout = -1 // the body is already in memory
	if act := actOf(&op); act != "" {
		s.acting[op.Method+" "+op.Path] = act
	}
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		c := callOf(ctx.Context())
		if err := c.allowed(may); err != nil {
			_, w := humago.Unwrap(ctx)
			c.refuse(w, err)
			return
		}
		next(ctx)
	})
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		c := callOf(ctx)
		out, err := h(ctx, c, in)
		if err != nil {
			return nil, &answered{c.problem(err), c.lang}
		}
		return out, nil
	})
}

// answered is a Problem with its headers, in the form the library wants.
type answered struct {
	problem *Problem
	lang    lang
}

func (a *answered) Error() string { return a.problem.Error() }

// GetHeaders returns the headers of the problem.
func (a *answered) GetHeaders() http.Header {
	head := http.Header{}
	a.problem.headers(head, a.lang)
	return head
}

func (a *answered) Unwrap() error { return a.problem }

// Keyed are the headers of every write.
type Keyed struct {
	Key    string `header:"Idempotency-Key" maxLength:"128" pattern:"^[ -~]*$" doc:"Names the request, so that sending it again gets the first answer and does nothing twice. Kept for 7 days."`
	Behalf string `header:"Pinhuo-On-Behalf-Of" doc:"The organization that a desk officer acts for"`
}

// Conditional is the header that names the version to change.
type Conditional struct {
	Match string `header:"If-Match" doc:"The version to change, as in the ETag: \"3\""`
}

// version reads the precondition; 0 when there is none and none is required.
func (m *Conditional) version(required bool) (int64, error) {
	text := m.Match
	if text == "" || text == "*" {
		if required {
			return 0, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: "If-Match"}
		}
		return 0, nil
	}
	if inner, ok := unquote(text); ok {
		text = inner
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, &freight.Error{
			Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "If-Match",
			Value: freight.Shorten(m.Match), Want: `"3"`, Cause: err,
		}
	}
	return n, nil
}

func unquote(text string) (string, bool) {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return "", false
	}
	return text[1 : len(text)-1], true
}

// Empty is the body of a write that needs no words.
type Empty struct{}

// One is one row with its version and the cursor it reflects.
type One[T any] struct {
	ETag   string `header:"ETag" doc:"The version, for If-Match"`
	Cursor string `header:"Pinhuo-Cursor" doc:"The position in the history of events that the answer reflects"`
	Body   T
}

// Reflected is an answer without a version, with the cursor it reflects.
type Reflected[T any] struct {
	Cursor string `header:"Pinhuo-Cursor"`
	Body   T
}

// one wraps a row for its answer.
func one[T any](s *server, c *call, version, seq int64, body T) *One[T] {
	return &One[T]{ETag: strconv.Quote(strconv.FormatInt(version, 10)), Cursor: s.cursor(c, seq), Body: body}
}

// cursor seals a position for the organization the call is about.
func (s *server) cursor(c *call, seq int64) string {
	return s.cfg.Cursors.Seal(c.who.Market, c.org, seq)
}

// wellFormed tells whether id has the form of an id of the kind, so that
// nothing else reaches the store.
func wellFormed(id freight.ID, prefix string) bool {
	text := string(id)
	const random = 26
	if len(text) != len(prefix)+1+random || text[:len(prefix)] != prefix || text[len(prefix)] != '_' {
		return false
	}
	for _, r := range text[len(prefix)+1:] {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return true
}

// Named is the id of a row in the path.
type Named struct {
	ID freight.ID `path:"id" doc:"The row's id"`
}

// entity names the kind of row that an operation is about.
type entity struct{ kind, prefix string }

var (
	aLoad    = entity{freight.KindLoad, freight.PrefixLoad}
	aTrip    = entity{freight.KindTrip, freight.PrefixTrip}
	aBundle  = entity{freight.KindBundle, freight.PrefixBundle}
	anOffer  = entity{freight.KindOffer, freight.PrefixOffer}
	aBooking = entity{freight.KindBooking, freight.PrefixBooking}
	aPool    = entity{freight.KindPool, freight.PrefixPool}
	aVehicle = entity{freight.KindVehicle, freight.PrefixVehicle}
)

// about runs f for the row that the path names. Whatever is not found, for
// whichever reason, gives the same answer.
func about[O any](e entity, id freight.ID, f func() (O, error)) (O, error) {
	var none O
	if !wellFormed(id, e.prefix) {
		return none, freight.Missing(e.kind, id)
	}
	out, err := f()
	if freight.CodeOf(err) == freight.NotFound && freight.ProblemOf(err) == freight.ProblemUnknown {
		return none, freight.Missing(e.kind, id)
	}
	return out, err
}
