package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"pinhuo/freight"
)

// Bounds of a request's body.
const (
	MaxBody   = 256 << 10 // bytes
	maxDepth  = 16        // arrays and objects within each other
	maxValues = 2000      // of any kind, with arrays and objects; the largest trip has some 700
)

// bodyRead reads the body of a write whole, refuses what is not one JSON value,
// and keeps it without white space: what an idempotency key is bound to.
func (s *server) bodyRead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		if r.Method != http.MethodPost && r.Method != http.MethodPut {
			next.ServeHTTP(w, r)
			return
		}
		read := readBody
		if c.route == proofsPath {
			read = s.readPicture
		}
		body, err := read(w, r)
		if err != nil {
			c.refuse(w, err)
			return
		}
		c.body = body
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.ContentLength = int64(len(body))
		next.ServeHTTP(w, r)
	})
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if err := jsonType(r.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, tooMuch("body", fmt.Sprintf("%d KiB", MaxBody>>10))
	case err != nil:
		return nil, unreadable("body", "", err)
	}
	return canonical(raw)
}

func jsonType(header string) error {
	if header == "" {
		return nil
	}
	kind, _, err := mime.ParseMediaType(header)
	if err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json")) {
		return nil
	}
	return &statusError{http.StatusUnsupportedMediaType, &freight.Error{
		Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "Content-Type",
		Value: freight.Shorten(header), Want: "application/json", Cause: err,
	}}
}

func tooMuch(field, most string) error {
	return &statusError{http.StatusRequestEntityTooLarge, &freight.Error{
		Code: freight.Invalid, Problem: freight.ProblemRange, Field: field, Max: most,
	}}
}

func unreadable(field, value string, cause error) error {
	return &statusError{http.StatusBadRequest, &freight.Error{
		Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: field, Value: freight.Shorten(value), Cause: cause,
	}}
}

// canonical checks that raw is one JSON object in UTF-8 without a name given
// twice, and returns it without white space. An empty body is an empty object.
func canonical(raw []byte) ([]byte, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return []byte("{}"), nil
	}
	if !utf8.Valid(raw) {
		return nil, unreadable("body", "", errors.New("not UTF-8"))
	}
	var compact bytes.Buffer
	compact.Grow(len(raw))
	if json.Compact(&compact, raw) == nil && plainly(compact.Bytes()) {
		return compact.Bytes(), nil
	}
	walk := walker{raw: raw, decoder: json.NewDecoder(bytes.NewReader(raw))}
	walk.decoder.UseNumber()
	if err := walk.value(""); err != nil {
		return nil, err
	}
	if _, err := walk.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, unreadable("body", walk.here(), err)
	}
	compact.Reset()
	if err := json.Compact(&compact, raw); err != nil {
		return nil, unreadable("body", "", err)
	}
	return compact.Bytes(), nil
}

// walker reads JSON token by token, so that a fault is told with the field it
// is in.
type walker struct {
	raw     []byte
	decoder *json.Decoder
	depth   int
	values  int
}

func (w *walker) value(field string) error {
	token, err := w.decoder.Token()
	if err != nil {
		return w.broken(field, err)
	}
	if w.values++; w.values > maxValues {
		return tooMuch(orBody(field), fmt.Sprintf("%d values", maxValues))
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	if w.depth++; w.depth > maxDepth {
		return unreadable(orBody(field), "", fmt.Errorf("more than %d levels", maxDepth))
	}
	if delim == '{' {
		err = w.object(field)
	} else {
		err = w.array(field)
	}
	w.depth--
	return err
}

func (w *walker) object(field string) error {
	seen := map[string]bool{}
	for w.decoder.More() {
		token, err := w.decoder.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return w.broken(field, err)
		}
		inner := within(field, name)
		if seen[name] {
			return unreadable(inner, "", errors.New("named twice"))
		}
		seen[name] = true
		if err := w.value(inner); err != nil {
			return err
		}
	}
	return w.end(field)
}

func (w *walker) array(field string) error {
	for i := 0; w.decoder.More(); i++ {
		if err := w.value(fmt.Sprintf("%s[%d]", field, i)); err != nil {
			return err
		}
	}
	return w.end(field)
}

// end reads the closing bracket.
func (w *walker) end(field string) error {
	if _, err := w.decoder.Token(); err != nil {
		return w.broken(field, err)
	}
	return nil
}

// broken tells where the JSON breaks off: what stands there, and its line and
// column, both from 1.
func (w *walker) broken(field string, cause error) error {
	before := w.raw[:min(int(w.decoder.InputOffset()), len(w.raw))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	fault := freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: orBody(field), Value: freight.Shorten(w.here()),
		Want: fmt.Sprintf("JSON, %d:%d", line, column), Cause: cause}
	return &statusError{http.StatusBadRequest, &fault}
}

// here shows what stands where reading stopped.
func (w *walker) here() string {
	rest := w.raw[min(int(w.decoder.InputOffset()), len(w.raw)):]
	rest = bytes.TrimLeft(rest, " \t\r\n:,")
	if end := bytes.IndexAny(rest, " \t\r\n,]}"); end > 0 {
		rest = rest[:end]
	}
	return strings.ToValidUTF8(string(rest[:min(len(rest), 16)]), "")
}

func within(field, name string) string {
	name = freight.Shorten(name)
	if field == "" {
		return name
	}
	return field + "." + name
}

func orBody(field string) string {
	if field == "" {
		return "body"
	}
	return field
}

// hash binds an idempotency key to the request: its method, path, precondition,
// organization and content.
func (c *call) hash() [32]byte {
	h := sha256.New()
	for _, part := range []string{c.method, c.path, string(c.org), c.ifMatch, string(c.body)} {
		fmt.Fprintf(h, "%d:%s,", len(part), part)
	}
	if c.query != "" { // what keys of requests without one are bound to has not changed
		fmt.Fprintf(h, "?%d:%s,", len(c.query), c.query)
	}
	return [32]byte(h.Sum(nil))
}
