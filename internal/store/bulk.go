package store

import (
	"cmp"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/lib/pq"

	"pinhuo/freight"
)

// A commit to PostgreSQL is one statement, however many rows it has, and the
// statement is the transaction: what a round trip costs is what a commit costs.
// Each lot is a part of it with its columns as arrays, so that few texts are
// ever prepared. All parts read the part that moves the market's numbering on,
// and do nothing where it finds another writer, or other numbers than those
// that the commit joins. Where a next version does not find the one that it
// replaces, the statement divides by zero, which undoes all of it.

const advanceText = "WITH head AS (UPDATE writers SET event_seq = event_seq + CAST(? AS bigint), change_seq = change_seq + CAST(? AS bigint), " +
	"act_seq = act_seq + CAST(? AS bigint), act_head = COALESCE(CAST(? AS bytea), act_head), " +
	"at = GREATEST(at, CAST(? AS bigint)) WHERE market_id = ? AND epoch = ? AND event_seq = COALESCE(CAST(? AS bigint), event_seq) " +
	"AND change_seq = COALESCE(CAST(? AS bigint), change_seq) AND act_seq = COALESCE(CAST(? AS bigint), act_seq) RETURNING event_seq)"

// divisionByZero is PostgreSQL's code of the error.
const divisionByZero = "22012"

// writeBulk writes a commit in one statement, which also tells other processes
// that there is something to read.
func writeBulk(tx *writeTx, c *freight.Commit, lots []*lot) error {
	args, err := headArgs(c)
	if err != nil {
		return err
	}
	key := "bulk"
	var counts []any
	for _, l := range lots {
		if args, err = l.appendArrays(tx, args); err != nil {
			return err
		}
		if l.changed {
			counts = append(counts, l.rows)
		}
		key += " " + l.name()
	}
	args = append(append(args, fmt.Sprintf("%s %d", c.Market, lastSeq(c))), counts...) // the doorbell's text
	stmt, err := tx.stmt(stmtKey{text: key}, func() string { return bulkText(lots) })
	if err != nil {
		return err
	}
	done, err := ran(stmt.QueryContext(tx.ctx, args...))
	if fault := (*pq.Error)(nil); errors.As(err, &fault) && fault.Code == divisionByZero {
		return &freight.CommitError{Fault: freight.CommitStale, Cause: errors.New("a row has another version than the one replaced")}
	}
	if err != nil {
		return &atCommit{err} // the statement is the commit
	}
	if !done {
		return fenced()
	}
	return nil
}

// headArgs are the arguments of the part that moves the numbering on, once the
// events, changes and acts are known to follow each other.
func headArgs(c *freight.Commit) ([]any, error) {
	args := []any{len(c.Events), len(c.Changes), len(c.Deeds), lastChain(c), int64(c.At), string(c.Market), c.Epoch, nil, nil, nil}
	var changes, acts int64 // the last of them
	if len(c.Events) > 0 {
		args[7] = c.Events[0].Seq - 1
	}
	if n := len(c.Changes); n > 0 {
		changes = c.Changes[n-1].Seq
		args[8] = c.Changes[0].Seq - 1
	}
	if n := len(c.Deeds); n > 0 {
		acts = c.Deeds[n-1].Seq
		args[9] = c.Deeds[0].Seq - 1
	}
	return args, joins(c, lastSeq(c), changes, acts)
}

// ran reads to its end what the statement returns, for until then nothing is
// committed for sure: a row, or none where there was no head to write under.
func ran(rows *sql.Rows, err error) (done bool, _ error) {
	if err != nil {
		return false, err
	}
	for rows.Next() {
		done = true
	}
	return done, cmp.Or(rows.Close(), rows.Err())
}

func lastSeq(c *freight.Commit) int64 {
	if n := len(c.Events); n > 0 {
		return c.Events[n-1].Seq
	}
	return 0
}

// bulkText writes the statement.
func bulkText(lots []*lot) string {
	var parts, checks strings.Builder
	changed := map[string]string{} // table -> part with its next versions
	for _, l := range lots {
		after := changed[l.table]
		parts.WriteString(", " + l.name() + " AS (" + l.bulk(after) + " RETURNING 1)")
		if l.changed {
			changed[l.table] = l.name()
			checks.WriteString(" AND (SELECT count(*) FROM " + l.name() + ") = CAST(? AS bigint)")
		}
	}
	return advanceText + parts.String() + " SELECT pg_notify('" + Channel + "', ?) FROM head" +
		" WHERE 1 / CASE WHEN head.event_seq >= 0" + checks.String() + " THEN 1 ELSE 0 END = 1"
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
