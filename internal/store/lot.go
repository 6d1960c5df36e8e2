package store

import (
	"fmt"

	"pinhuo/freight"
)

// lot is the rows of a commit that go into one table in one way: new ones, or
// next versions of those that are there.
type lot struct {
	table    string
	kind     string // of the entity, as commit errors name it
	columns  []string
	types    func() []string // of the columns, on PostgreSQL
	rows     int
	changed  bool                                 // next versions: after the columns comes the version that is replaced
	text     func() string                        // of a statement for one row
	conflict func() string                        // what an insert does where the key is there already
	values   func(i int, to []any) ([]any, error) // of one row
}

// freshLot is a lot of new rows.
func freshLot[T any](into *table[T], rows []T) *lot {
	return &lot{table: into.name, columns: into.columns, types: into.types, rows: len(rows), text: into.insertText, conflict: into.conflictText,
		values: func(i int, to []any) ([]any, error) { return into.values(&rows[i], to) }}
}

// freshRows is the lot of the new rows among those of an entity.
func freshRows[T any](tx *writeTx, into *entityTable[T], rows []freight.Row[T]) *lot {
	fresh := which(rows, func(r *freight.Row[T]) bool { return r.Replaces == 0 })
	return &lot{table: into.name, kind: into.kind, columns: into.columns, types: into.types, rows: len(fresh),
		text: into.insertText, conflict: into.conflictText,
		values: func(i int, to []any) ([]any, error) { return valuesOf(tx, into, &fresh[i].Value, to) }}
}

// changedLot is the lot of the next versions among the rows of an entity.
func changedLot[T any](tx *writeTx, into *entityTable[T], rows []freight.Row[T]) *lot {
	changed := which(rows, func(r *freight.Row[T]) bool { return r.Replaces != 0 })
	return &lot{table: into.name, kind: into.kind, columns: into.columns, types: into.types, rows: len(changed), changed: true,
		text: into.updateText,
		values: func(i int, to []any) ([]any, error) {
			to, err := valuesOf(tx, into, &changed[i].Value, to)
			return append(to, changed[i].Replaces), err
		}}
}

func which[T any](rows []freight.Row[T], wanted func(r *freight.Row[T]) bool) (list []*freight.Row[T]) {
	for i := range rows {
		if wanted(&rows[i]) {
			list = append(list, &rows[i])
		}
	}
	return list
}

// all fails when next versions did not find the rows that they replace.
func (l *lot) all(written int) error {
	if !l.changed || written == l.rows {
		return nil
	}
	return &freight.CommitError{Fault: freight.CommitStale, Kind: l.kind,
		Cause: fmt.Errorf("%d of %d rows of %s have the version that is replaced", written, l.rows, l.table)}
}
