package store

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// A first answer keeps whole rows as JSON objects of their columns. They are
// written from the values that the row's own insert has ready, because every
// post writes one and reflection over them cost more than their inserts.

// appendRow writes the values of a row as an object with the columns as names,
// leaving out what is zero. The last value is the body, which is JSON already,
// where the table has one.
func (t *table[T]) appendRow(to []byte, values []any) []byte {
	mark := byte('{')
	for i, column := range t.columns {
		number, _ := values[i].(int64)
		text, _ := values[i].(string)
		if number == 0 && text == "" {
			continue
		}
		to = append(append(append(to, mark, '"'), column...), '"', ':')
		mark = ','
		switch {
		case text == "":
			to = strconv.AppendInt(to, number, 10)
		case t.body != nil && i == len(t.columns)-1:
			to = append(to, text...)
		default:
			to = appendText(to, text)
		}
	}
	if mark == '{' {
		to = append(to, mark)
	}
	return append(to, '}')
}

// appendText writes a JSON string.
func appendText(to []byte, s string) []byte {
	to = append(to, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		to = append(to, s[from:i]...)
		from = i + 1
		if c < ' ' {
			to = append(to, '\\', 'u', '0', '0', '0'+c>>4, "0123456789abcdef"[c&15])
		} else {
			to = append(to, '\\', c)
		}
	}
	return append(append(to, s[from:]...), '"')
}

// parseRow reads what appendRow wrote; a column that is missing stays zero.
func (t *table[T]) parseRow(text []byte) (*T, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("decode a row of %s: %w", t.name, err)
	}
	v := new(T)
	fields := t.fields(v, nil)
	if t.body != nil {
		fields = append(fields, t.body(v))
	}
	for i, column := range t.columns {
		value, known := raw[column]
		if !known {
			continue
		}
		if b, yesNo := fields[i].(*bool); yesNo {
			*b = string(value) == "1"
			continue
		}
		if err := json.Unmarshal(value, fields[i]); err != nil {
			return nil, fmt.Errorf("decode %s of a row of %s: %w", column, t.name, err)
		}
	}
	return v, nil
}
