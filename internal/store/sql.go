package store

import (
	"database/sql"
	"math/bits"
	"strings"
)

// Statement texts use ? and are rebound where they are prepared. No text
// contains a question mark in a literal.

// places writes n placeholders in parentheses.
func places(n int) string { return "(" + strings.TrimSuffix(strings.Repeat("?,", n), ",") + ")" }

// insertText writes an insert of one row.
func (t *table[T]) insertText() string {
	return "INSERT INTO " + t.name + " (" + strings.Join(t.columns, ", ") + ") VALUES " + places(len(t.columns)) + t.conflictText()
}

// conflictText is what an insert does where the key is there already.
func (t *table[T]) conflictText() string {
	if t.replace == "" {
		return ""
	}
	var set []string
	for _, c := range t.columns {
		set = append(set, c+" = excluded."+c)
	}
	return " ON CONFLICT (" + t.replace + ") DO UPDATE SET " + strings.Join(set, ", ")
}

// selectText writes a select of the columns, up to and including FROM.
func selectText(table string, columns []string) string {
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + table
}

// maxList bounds the values in one IN list.
const maxList = 256

// lists cuts keys into IN lists whose lengths are powers of two, the last one
// padded with its last value: equal in meaning, and few texts.
func lists[T any](keys []T) [][]T {
	var cut [][]T
	for len(keys) > maxList {
		cut = append(cut, keys[:maxList])
		keys = keys[maxList:]
	}
	if len(keys) == 0 {
		return cut
	}
	padded := make([]T, 0, maxList)
	padded = append(padded, keys...)
	for bits.OnesCount(uint(len(padded))) != 1 {
		padded = append(padded, keys[len(keys)-1])
	}
	return append(cut, padded)
}

// querier reads: a write transaction or a read transaction.
type querier interface {
	query(text string, args ...any) (*sql.Rows, error)
}

// clause collects conditions of a select.
type clause struct {
	text strings.Builder
	args []any
}

func (c *clause) and(condition string, args ...any) {
	if c.text.Len() == 0 {
		c.text.WriteString(" WHERE ")
	} else {
		c.text.WriteString(" AND ")
	}
	c.text.WriteString(condition)
	c.args = append(c.args, args...)
}
