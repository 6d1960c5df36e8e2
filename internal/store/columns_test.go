package store

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"pinhuo/freight"
)

var update = flag.Bool("update", false, "rewrite testdata")

// TestColumns holds which column keeps which field: two that are exchanged
// would be written and read alike, and only whoever asks in SQL would see it.
func TestColumns(t *testing.T) {
	var text strings.Builder
	describe(&text, &vehicleTable.table)
	describe(&text, &loadTable.table)
	describe(&text, &tripTable.table)
	describe(&text, recordTable)
	describe(&text, &offerTable.table)
	describe(&text, &bookingTable.table)
	describe(&text, &poolTable.table)
	describe(&text, &memberTable.table)
	describe(&text, &ticketTable.table)
	describe(&text, &officerTable.table)
	describe(&text, &briefTable.table)
	describe(&text, &proofTable.table)
	describe(&text, &preferenceTable.table)
	describe(&text, &costTable.table)
	describe(&text, explanationTable)
	describe(&text, outlookTable)
	describe(&text, eventTable)
	describe(&text, changeTable)
	describe(&text, answerTable)
	describe(&text, &deedTable.table)
	describe(&text, marketTable)
	describe(&text, orgTable)
	describe(&text, userTable)
	describe(&text, membershipTable)
	describe(&text, linkTable)
	describe(&text, sessionTable)
	describe(&text, tokenTable)
	describe(&text, &siteTable.table)
	describe(&text, positionTable)
	describe(&text, tallyTable)
	const golden = "testdata/columns.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, lines := strings.Split(text.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(lines)) {
		if i >= len(got) || i >= len(lines) || got[i] != lines[i] {
			t.Fatalf("line %d of %s: got %q; run with -update and review the difference", i+1, golden, got[min(i, len(got)-1)])
		}
	}
}

// describe writes a line for each column: its name and the path of its field.
func describe[T any](to *strings.Builder, table *table[T]) {
	var v T
	paths := map[string]string{}
	pathsOf(reflect.ValueOf(&v).Elem(), "", paths)
	fields := table.fields(&v, nil)
	for i, column := range table.columns {
		path := "(the rest)"
		if i < len(fields) {
			path = paths[place(reflect.ValueOf(fields[i]))]
		}
		fmt.Fprintf(to, "%s.%s %s\n", table.name, column, path)
	}
}

// place tells values of one struct apart: one at the same address is another
// when its kind is, as a struct and its first field are.
func place(p reflect.Value) string { return fmt.Sprint(p.Pointer(), p.Type().Elem().Kind()) }

func pathsOf(v reflect.Value, path string, to map[string]string) {
	to[place(v.Addr())] = path
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		pathsOf(v.Field(i), strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), to)
	}
}

// TestEveryFieldHasAColumn is for fields that a table keeps in no body: one
// added to the domain must be added here.
func TestEveryFieldHasAColumn(t *testing.T) {
	for name, count := range map[string][2]int{
		"offers":   {leaves(reflect.TypeFor[freight.Offer]()), len(offerTable.columns)},
		"bookings": {leaves(reflect.TypeFor[freight.Booking]()) - leaves(reflect.TypeFor[freight.Custody]()) + 1, len(bookingTable.columns)}, // custody is its body
		"members":  {leaves(reflect.TypeFor[freight.Member]()), len(memberTable.columns)},
		"vehicles": {leaves(reflect.TypeFor[freight.Vehicle]()), len(vehicleTable.columns)},
		"changes":  {leaves(reflect.TypeFor[freight.Change]()), len(changeTable.columns)},
		"tokens":   {leaves(reflect.TypeFor[freight.Token]()), len(tokenTable.columns)},
		"sessions": {leaves(reflect.TypeFor[freight.Session]()), len(sessionTable.columns)},
	} {
		if count[0] != count[1] {
			t.Errorf("%s has %d columns for %d fields", name, count[1], count[0])
		}
	}
}

func leaves(of reflect.Type) int {
	if of.Kind() != reflect.Struct {
		return 1
	}
	n := 0
	for i := range of.NumField() {
		n += leaves(of.Field(i).Type)
	}
	return n
}
