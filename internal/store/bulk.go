package store

import (
	"cmp"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"pinhuo/freight"
)

// A commit to PostgreSQL is one statement, however many rows it has: what a
// round trip costs is what a commit costs. Each lot is a part of it with its
// rows as one JSON text, so that few texts are ever prepared. All parts read
// the part that moves the market's numbering on, and do nothing where it finds
// another writer, or other numbers than those that the commit joins.

const advanceText = "WITH head AS (UPDATE writers SET event_seq = event_seq + CAST(? AS bigint), change_seq = change_seq + CAST(? AS bigint), " +
	"at = GREATEST(at, CAST(? AS bigint)) WHERE market_id = ? AND epoch = ? AND event_seq = COALESCE(CAST(? AS bigint), event_seq) " +
	"AND change_seq = COALESCE(CAST(? AS bigint), change_seq) RETURNING event_seq, change_seq)"

// writeBulk writes a commit in one statement, which also tells other processes
// that there is something to read.
func writeBulk(tx *writeTx, c *freight.Commit, lots []*lot) error {
	args := []any{len(c.Events), len(c.Changes), int64(c.At), string(c.Market), c.Epoch, nil, nil}
	if len(c.Events) > 0 {
		args[5] = c.Events[0].Seq - 1
	}
	if len(c.Changes) > 0 {
		args[6] = c.Changes[0].Seq - 1
	}
	key := "bulk"
	var err error
	for _, l := range lots {
		if args, err = l.appendArrays(tx, args); err != nil {
			return err
		}
		key += " " + l.name()
	}
	args = append(args, fmt.Sprintf("%s %d", c.Market, lastSeq(c))) // of the doorbell
	stmt, err := tx.stmt(stmtKey{text: key}, func() string { return bulkText(lots) })
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(tx.ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return cmp.Or(rows.Err(), own(errors.New("a commit returned no row")))
	}
	if err := judgeBulk(rows, c, lots); err != nil {
		return err
	}
	return cmp.Or(rows.Close(), rows.Err())
}

// judgeBulk reads what the statement did: nothing where another writer has the
// market, and too little where a row has another version than the one replaced.
func judgeBulk(rows *sql.Rows, c *freight.Commit, lots []*lot) error {
	var events, changes sql.NullInt64
	var bell string
	written := make([]int, len(lots))
	to := []any{&events, &changes, &bell}
	for i := range lots {
		to = append(to, &written[i])
	}
	if err := rows.Scan(to...); err != nil {
		return err
	}
	if !events.Valid {
		return fenced()
	}
	for i, l := range lots {
		if err := l.all(written[i]); err != nil {
			return err
		}
	}
	return joins(c, events.Int64, changes.Int64)
}

func lastSeq(c *freight.Commit) int64 {
	if n := len(c.Events); n > 0 {
		return c.Events[n-1].Seq
	}
	return 0
}

// bulkText writes the statement.
func bulkText(lots []*lot) string {
	var parts, counts strings.Builder
	changed := map[string]string{} // table -> part with its next versions
	for _, l := range lots {
		after := changed[l.table]
		parts.WriteString(", " + l.name() + " AS (" + l.bulk(after) + " RETURNING 1)")
		counts.WriteString(", (SELECT count(*) FROM " + l.name() + ")")
		if l.changed {
			changed[l.table] = l.name()
		}
	}
	return advanceText + parts.String() + " SELECT (SELECT event_seq FROM head), (SELECT change_seq FROM head), pg_notify('" +
		Channel + "', ?)" + counts.String()
}

// name is that of the lot's part in the statement.
func (l *lot) name() string {
	if l.changed {
		return l.table + "_next"
	}
	return l.table + "_new"
}

// bulk writes the part for all rows of the lot, which comes after the part
// named, if any.
func (l *lot) bulk(after string) string {
	columns, types := l.columns, l.types()
	if l.changed {
		columns, types = append(columns[:len(columns):len(columns)], "replaces"), append(types, "bigint")
	}
	from := " FROM head, unnest(CAST(? AS " + strings.Join(types, "[]), CAST(? AS ") + "[])) AS v (" + strings.Join(columns, ", ") + ")"
	if l.changed {
		var set []string
		for _, c := range l.columns[keptColumns:] {
			set = append(set, c+" = v."+c)
		}
		return "UPDATE " + l.table + " AS t SET " + strings.Join(set, ", ") + from +
			" WHERE t.id = v.id AND t.version = v.replaces AND t.market_id = v.market_id AND t.org_id = v.org_id AND t.made = v.made"
	}
	text := "INSERT INTO " + l.table + " (" + strings.Join(l.columns, ", ") + ") SELECT v." + strings.Join(l.columns, ", v.") + from
	if after != "" {
		text += ", (SELECT count(*) FROM " + after + ") AS after"
	}
	return text + l.conflict()
}

// appendArrays appends the arrays of the columns, in PostgreSQL's text form.
func (l *lot) appendArrays(tx *writeTx, args []any) ([]any, error) {
	var arrays [][]byte
	for i := range l.rows {
		values, err := l.values(i, tx.spare[:0])
		if err != nil {
			return nil, err
		}
		tx.spare = values
		if arrays == nil {
			arrays = tx.arrays(len(values))
		}
		for j, value := range values {
			arrays[j] = appendElement(append(arrays[j], ','), value)
		}
	}
	for _, text := range arrays {
		text[0] = '{'
		args = append(args, string(append(text, '}')))
	}
	return args, nil
}

// arrays are n empty buffers.
func (t *writeTx) arrays(n int) [][]byte {
	for len(t.buffers) < n {
		t.buffers = append(t.buffers, nil)
	}
	for i := range n {
		t.buffers[i] = t.buffers[i][:0]
	}
	return t.buffers[:n]
}

// appendElement writes a value as an element of an array.
func appendElement(to []byte, value any) []byte {
	switch v := value.(type) {
	case int64:
		return strconv.AppendInt(to, v, 10)
	case []byte:
		return append(hex.AppendEncode(append(to, `"\\x`...), v), '"')
	case string:
		to = append(to, '"')
		from := 0
		for i := range len(v) {
			if v[i] == '"' || v[i] == '\\' {
				to = append(append(to, v[from:i]...), '\\')
				from = i
			}
		}
		return append(append(to, v[from:]...), '"')
	}
	panic(fmt.Sprintf("store: a value of type %T", value))
}
