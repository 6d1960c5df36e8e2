package replay

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"pinhuo/freight"
	"pinhuo/geo"
)

// maxLine bounds one line of a CSV file in bytes.
const maxLine = 1 << 20

// Fault is a row that cannot be used.
type Fault struct {
	File  string
	Line  int // 1 is the header
	Field string
	Value string
	Why   string
}

// Error names file, line, column, value and what is wrong.
func (f *Fault) Error() string {
	text := fmt.Sprintf("%s:%d: ", f.File, f.Line)
	if f.Field != "" {
		text += fmt.Sprintf("%s %q: ", f.Field, freight.Shorten(f.Value))
	}
	return text + f.Why
}

// row is one line of a table; the first thing wrong with it is kept.
type row struct {
	file  string
	line  int
	names map[string]int
	cells []string
	fault *Fault
}

// readTable calls each for every line below the header. Lines stand for
// themselves: one that is broken costs no other. It fails when the header lacks
// a column or the file cannot be read.
func readTable(file string, in io.Reader, columns []string, each func(*row)) error {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(make([]byte, 0, 64<<10), maxLine)
	var names map[string]int
	line := 0
	for scanner.Scan() {
		line++
		text := bytes.TrimPrefix(scanner.Bytes(), []byte("\xef\xbb\xbf"))
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		r := &row{file: file, line: line, names: names}
		r.split(text)
		if names != nil {
			each(r)
			continue
		}
		if r.fault != nil {
			return r.fault
		}
		names = map[string]int{}
		for i, name := range r.cells {
			names[strings.TrimSpace(name)] = i
		}
		for _, name := range columns {
			if _, ok := names[name]; !ok {
				return &Fault{File: file, Line: line, Field: name, Why: "the header lacks this column"}
			}
		}
	}
	if err := scanner.Err(); err != nil {
		return &Fault{File: file, Line: line + 1, Why: err.Error()}
	}
	if names == nil {
		return &Fault{File: file, Line: 1, Why: "the file has no header"}
	}
	return nil
}

// split takes a line apart.
func (r *row) split(text []byte) {
	if !utf8.Valid(text) {
		r.bad("", "", "not UTF-8")
		return
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	cells, err := reader.Read()
	switch {
	case err != nil:
		r.bad("", "", "broken quotes")
	case r.names != nil && len(cells) != len(r.names):
		r.bad("", "", fmt.Sprintf("%d columns, the header has %d", len(cells), len(r.names)))
	}
	r.cells = cells
}

// bad notes the first thing wrong with the row.
func (r *row) bad(field, value, why string) {
	if r.fault == nil {
		r.fault = &Fault{File: r.file, Line: r.line, Field: field, Value: value, Why: why}
	}
}

// has tells whether the table has a column.
func (r *row) has(field string) bool {
	_, ok := r.names[field]
	return ok
}

// text returns a cell, "" where the table has no such column.
func (r *row) text(field string) string {
	i, ok := r.names[field]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// name returns the row's own id.
func (r *row) name(field string) string {
	id := r.text(field)
	if id == "" || utf8.RuneCountInString(id) > freight.MaxRef {
		r.bad(field, id, fmt.Sprintf("must have 1 to %d characters", freight.MaxRef))
	}
	return id
}

// instant reads a time with its zone; an empty cell gives 0 and is a fault
// where required.
func (r *row) instant(field string, required bool) freight.Instant {
	text := r.text(field)
	if text == "" && !required {
		return 0
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		r.bad(field, text, "must be a time with its zone, such as 2018-09-30T00:03:27+05:30")
	}
	return freight.At(at)
}

// zone returns the zone in which a time is written, UTC where it is none.
func (r *row) zone(field string) *time.Location {
	at, err := time.Parse(time.RFC3339Nano, r.text(field))
	if err != nil {
		return time.UTC
	}
	_, offset := at.Zone()
	return time.FixedZone("", offset)
}

// amount reads a decimal of at least 0 as a whole number of 10^-places.
func (r *row) amount(field string, places int, read func(string, int) (int64, bool)) int64 {
	text := r.text(field)
	n, ok := read(text, places)
	if !ok || n < 0 {
		r.bad(field, text, "must be a plain number of at least 0, such as 844.8")
	}
	return n
}

// seconds reads a whole number of seconds; an empty cell gives the default.
func (r *row) seconds(field string, otherwise int64) int64 {
	if r.text(field) == "" {
		return otherwise
	}
	return r.amount(field, 0, freight.DecimalUp)
}

// point reads a position; faults name the column at fault.
func (r *row) point(latField, lngField string) freight.Point {
	lat, lng := r.degrees(latField, 90), r.degrees(lngField, 180)
	return freight.Point{LatE7: lat, LngE7: lng}
}

func (r *row) degrees(field string, most int64) int32 {
	text := r.text(field)
	n, ok := freight.DecimalDown(text, freight.PlacesDegree)
	if !ok || n > most*1e7 || n < -most*1e7 {
		r.bad(field, text, fmt.Sprintf("must be degrees within ±%d", most))
		return 0
	}
	return int32(n)
}

// via reads "lng lat time;lng lat time;..." and returns the points between the
// first and the last.
func (r *row) via(field string) []freight.Point {
	text := r.text(field)
	if text == "" {
		return nil
	}
	parts := strings.Split(text, ";")
	var points []freight.Point
	for i, part := range parts {
		words := append(strings.Fields(part), "", "")
		lng, okLng := freight.DecimalDown(words[0], freight.PlacesDegree)
		lat, okLat := freight.DecimalDown(words[1], freight.PlacesDegree)
		p := geo.Point{LatE7: int32(lat), LngE7: int32(lng)}
		if !okLng || !okLat || max(lat, lng, -lat, -lng) > 180e7 || !p.Valid() {
			r.bad(field, part, "must be longitude, latitude and time, divided by blanks")
			return nil
		}
		if i > 0 && i < len(parts)-1 {
			points = append(points, freight.Point(p))
		}
	}
	return points
}
