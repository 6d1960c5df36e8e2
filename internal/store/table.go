package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"pinhuo/freight"
)

// table maps a type to its columns. fields is the only place that pairs them:
// it appends pointers to the fields of v in the order of columns, for writing
// and for reading alike. Where body is set, the last column is the JSON of what
// it returns: a struct of pointers into v, so that reading fills v as well.
type table[T any] struct {
	name    string
	columns []string
	fields  func(v *T, to []any) []any
	body    func(v *T) any
	parse   func(v *T) error // finishes a row that was read, nil where scanning is all
	replace string           // key whose row an insert replaces, "" where that is an error
}

// metaColumns begin every entity's table; the first keptColumns never change.
var metaColumns = []string{"id", "market_id", "org_id", "made", "version", "changed", "actor", "on_behalf_of"}

const keptColumns = 4

func metaFields(m *freight.Meta, to []any) []any {
	return append(to, &m.ID, &m.Market, &m.Org, &m.Made, &m.Version, &m.Changed, &m.Actor, &m.Behalf)
}

// entityTable is the table of an entity: its columns begin with the metaColumns.
type entityTable[T any] struct {
	table[T]
	kind string // as changes and commit errors name it
	meta func(v *T) *freight.Meta
}

// entity builds the table of an entity; columns and fields are those after the
// metaColumns.
func entity[T any](kind, name string, columns []string, meta func(v *T) *freight.Meta,
	fields func(v *T, to []any) []any, body func(v *T) any) *entityTable[T] {
	return &entityTable[T]{kind: kind, meta: meta, table: table[T]{
		name: name, columns: append(append([]string{}, metaColumns...), columns...),
		fields: func(v *T, to []any) []any { return fields(v, metaFields(meta(v), to)) }, body: body,
	}}
}

// values appends the values of v in the order of the columns.
func (t *table[T]) values(v *T, to []any) ([]any, error) {
	to = t.plain(v, to)
	if t.body == nil {
		return to, nil
	}
	text, err := t.encode(v)
	return append(to, text), err
}

// plain appends the values of the columns but the body.
func (t *table[T]) plain(v *T, to []any) []any {
	start := len(to)
	to = t.fields(v, to)
	for i := start; i < len(to); i++ {
		to[i] = plain(to[i])
	}
	return to
}

// encode writes the body.
func (t *table[T]) encode(v *T) (string, error) {
	text, err := json.Marshal(t.body(v))
	if err != nil {
		return "", own(fmt.Errorf("encode a row of %s: %w", t.name, err))
	}
	return string(text), nil
}

// scan reads the present row.
func (t *table[T]) scan(rows *sql.Rows) (T, error) {
	var v T
	to := t.fields(&v, make([]any, 0, len(t.columns)))
	var body []byte
	if t.body != nil {
		to = append(to, &body)
	}
	if err := rows.Scan(to...); err != nil {
		return v, own(fmt.Errorf("read a row of %s: %w", t.name, err))
	}
	if t.body != nil {
		if err := json.Unmarshal(body, t.body(&v)); err != nil {
			return v, own(fmt.Errorf("decode a row of %s: %w", t.name, err))
		}
	}
	if t.parse != nil {
		if err := t.parse(&v); err != nil {
			return v, own(fmt.Errorf("decode a row of %s: %w", t.name, err))
		}
	}
	return v, nil
}

// list reads the rows that the rest of a select names.
func (t *table[T]) list(q querier, rest string, args ...any) ([]T, error) {
	rows, err := q.query(selectText(t.name, t.columns)+" "+rest, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		v, err := t.scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// byID reads the rows with the ids, in no order.
func (t *table[T]) byID(q querier, ids []freight.ID) ([]T, error) {
	var all []T
	for _, keys := range lists(ids) {
		rows, err := t.list(q, "WHERE id IN "+places(len(keys)), texts(keys)...)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

func texts(ids []freight.ID) []any {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = string(id)
	}
	return args
}

// types names the SQL type of each column on PostgreSQL.
func (t *table[T]) types() []string {
	var v T
	fields := t.fields(&v, nil)
	types := make([]string, len(t.columns))
	for i := range types {
		types[i] = "text"
		if i < len(fields) {
			switch plain(fields[i]).(type) {
			case int64:
				types[i] = "bigint"
			case []byte:
				types[i] = "bytea"
			}
		}
	}
	return types
}

// updateText writes a compare-and-swap of one row: its columns, then the
// version it replaces. A row whose version or kept columns differ is left alone,
// and the count tells.
func (t *entityTable[T]) updateText() string {
	var set []string
	for i, c := range t.columns[keptColumns:] {
		set = append(set, c+" = ?"+strconv.Itoa(keptColumns+i+1))
	}
	return "UPDATE " + t.name + " SET " + strings.Join(set, ", ") +
		" WHERE id = ?1 AND market_id = ?2 AND org_id = ?3 AND made = ?4 AND version = ?" + strconv.Itoa(len(t.columns)+1)
}

// hash is a SHA-256 in a binary column.
type hash [32]byte

// Scan reads the column.
func (h *hash) Scan(value any) error {
	b, ok := value.([]byte)
	if !ok || len(b) != len(h) {
		return fmt.Errorf("a hash of %d bytes was expected, not %T", len(h), value)
	}
	copy(h[:], b)
	return nil
}

// plain turns a pointer to a field into the value that the drivers take.
func plain(field any) any {
	switch p := field.(type) {
	case *freight.ID:
		return string(*p)
	case *freight.Instant:
		return int64(*p)
	case *int64:
		return *p
	case *string:
		return *p
	case *freight.Fen:
		return int64(*p)
	case *bool:
		if *p {
			return int64(1)
		}
		return int64(0)
	case *int:
		return int64(*p)
	case *int32:
		return int64(*p)
	case *int16:
		return int64(*p)
	case *freight.Capability:
		return int64(*p)
	case *hash:
		return p[:]
	case *[]byte:
		return *p
	}
	return plainWord(field)
}

// plainWord is plain for the words of the closed sets.
func plainWord(field any) any {
	switch p := field.(type) {
	case *freight.LoadState:
		return string(*p)
	case *freight.Outcome:
		return string(*p)
	case *freight.TripState:
		return string(*p)
	case *freight.OfferState:
		return string(*p)
	case *freight.BookingState:
		return string(*p)
	case *freight.Side:
		return string(*p)
	case *freight.PoolState:
		return string(*p)
	case *freight.Consent:
		return string(*p)
	case *freight.Reason:
		return string(*p)
	case *freight.VehicleType:
		return string(*p)
	case *freight.Doors:
		return string(*p)
	case *freight.Code:
		return string(*p)
	case *freight.Problem:
		return string(*p)
	case *freight.EventType:
		return string(*p)
	case *freight.Digest:
		return string(*p)
	case *freight.TicketKind:
		return string(*p)
	case *freight.TicketClass:
		return string(*p)
	case *freight.TicketState:
		return string(*p)
	case *freight.Rung:
		return string(*p)
	case *freight.OrgKind:
		return string(*p)
	case *freight.Role:
		return string(*p)
	}
	panic(fmt.Sprintf("store: a column of type %T", field))
}
