package audit_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/audit"
	"pinhuo/internal/seed"
)

// logged is a database that has a log of acts and nothing else.
type logged struct {
	audit.Source
	state freight.State
	rows  []freight.Deed
}

func (l *logged) AuditMarkets(context.Context) ([]freight.State, error) {
	return []freight.State{l.state}, nil
}

func (l *logged) AuditOrgs(context.Context, freight.ID) iter.Seq2[freight.Org, error] {
	return func(yield func(freight.Org, error) bool) { yield(freight.Org{ID: "og_firm"}, nil) }
}

func (l *logged) AuditDeeds(context.Context, freight.ID) iter.Seq2[freight.Deed, error] {
	return func(yield func(freight.Deed, error) bool) {
		for _, d := range l.rows {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// newLog is a log that is whole, of rows as they are written, the first of them number from.
func newLog(t *testing.T, random *rand.Rand, from, n int64) *logged {
	l := &logged{state: freight.State{Market: freight.Market{ID: "mk_1"}, DeedRoot: freight.DeedRoot{Seq: from - 1, Since: 1}}}
	if from > 1 {
		l.state.DeedRoot.Hash = [32]byte{1}
	}
	head := l.state.DeedRoot.Hash
	for i := range n {
		at := freight.Instant(1000 + i/3)
		d := freight.Deed{Meta: freight.Meta{ID: freight.DeedID("mk_1", from+i, at), Market: "mk_1", Org: "og_firm", Actor: "us_1", Made: at, Changed: at, Version: 1},
			Seq: from + i, What: freight.Naming{Act: "withdraw_load", Subject: freight.ID(fmt.Sprint("ld_", random.IntN(9))), Version: 1}, Times: 1, Hash: [32]byte{byte(i)}}
		if random.IntN(2) == 0 {
			d.Code, d.Problem, d.Key = freight.Conflict, freight.ProblemStale, fmt.Sprint("k", i)
			d.Refusal = &freight.Error{Code: d.Code, Problem: d.Problem}
		} else {
			d.Became, d.Changes = freight.Present{State: "closed", Version: 2}, [2]int64{i + 1, i + 2}
		}
		if err := d.Seal(head); err != nil {
			t.Fatal(err)
		}
		head = d.Chain
		l.rows = append(l.rows, d)
	}
	l.state.DeedSeq, l.state.DeedHead = from+n-1, head
	return l
}

// first follows the log and returns the number of the first row named, 0 where it is whole.
func (l *logged) first(t *testing.T, heads ...audit.Head) int64 {
	t.Helper()
	logs, report, err := audit.Logs(t.Context(), l, heads)
	if err != nil || len(logs) != 1 || (logs[0].First == nil) != (report.Violations == 0) && len(heads) == 0 {
		t.Fatalf("%+v, %+v, %v", logs, report, err)
	}
	if report.Violations == 0 {
		return 0
	}
	v := report.List[0]
	if logs[0].First != nil {
		v = *logs[0].First
	}
	if len(v.Rows) == 0 || len(v.Numbers) == 0 {
		t.Fatalf("%s names no row", v)
	}
	return v.Numbers[0].Value
}

// leaves lists the fields of a row that are stored, each by how it is reached.
func leaves(v reflect.Value) (list []reflect.Value) {
	if v.Kind() != reflect.Struct {
		return []reflect.Value{v}
	}
	for i := range v.NumField() {
		if v.Type().Field(i).Name != "DeedBody" { // which Body stands for
			list = append(list, leaves(v.Field(i))...)
		}
	}
	return list
}

// spoilt changes one field of a row, whichever it is.
func spoilt(random *rand.Rand, field reflect.Value) {
	switch field.Kind() {
	case reflect.String:
		field.SetString(field.String() + "x")
	case reflect.Int64:
		field.SetInt(field.Int() + 1 + random.Int64N(3))
	case reflect.Array:
		at := field.Index(random.IntN(field.Len()))
		at.SetUint(uint64(byte(at.Uint()) ^ byte(1<<random.IntN(8))))
	default:
		panic(field.Kind())
	}
}

// What is done to a log behind its writer's back is named, and the first row that it was
// done to.
func TestALogThatWasTouchedNamesTheRow(t *testing.T) {
	random := rand.New(rand.NewPCG(seed.Of(t), 1))
	for range 3000 {
		from, n := 1+random.Int64N(3), 2+random.Int64N(12)
		l := newLog(t, random, from, n)
		if at := l.first(t); at != 0 {
			t.Fatalf("a whole log: row %d is named", at)
		}
		i := random.Int64N(n)
		j := i + 1
		var what string
		want := []int64{from + i}
		switch act := random.IntN(8); {
		case act == 0:
			what, want = "cut", []int64{from + i, from + i + 1}
			l.rows = slices.Delete(l.rows, int(i), int(i+1))
			if i == n-1 {
				want = []int64{from + i - 1} // it ends there, and should not
			}
		case act == 1 && j < n:
			what = "cut and closed up"
			l.rows = slices.Delete(l.rows, int(i), int(j))
			for k := i; k < n-1; k++ {
				l.rows[k].Seq--
			}
		case act == 2 && j < n:
			what = "swapped"
			j += random.Int64N(n - j)
			l.rows[i], l.rows[j] = l.rows[j], l.rows[i]
			l.rows[i].Seq, l.rows[j].Seq = l.rows[j].Seq, l.rows[i].Seq
		case act == 3 && j < n:
			what, want = "put elsewhere", []int64{from + j, from + i}
			l.rows[i], l.rows[j] = l.rows[j], l.rows[i]
		case act == 4:
			what, want = "added", []int64{from + n}
			more := l.rows[i]
			more.ID, more.Seq, more.Made, more.Changed, more.Key = "ac_x", from+n, l.rows[n-1].Made, l.rows[n-1].Made, ""
			if random.IntN(2) == 0 { // by somebody who knows how rows are chained
				more.Chain = more.Link(l.state.DeedHead)
			}
			l.rows = append(l.rows, more)
		default:
			fields := leaves(reflect.ValueOf(&l.rows[i]).Elem())
			field := fields[random.IntN(len(fields))]
			what, want = fmt.Sprint("changed to ", field), append(want, from+i+1, from+i+2, from+i+3)
			spoilt(random, field)
		}
		if at := l.first(t); !slices.Contains(want, at) {
			t.Fatalf("%s: row %d is named, not one of %v", what, at, want)
		}
	}
}

// Whoever writes a whole log anew, and what its writer remembers of it, is found out by the
// end of the log that was written down elsewhere.
func TestALogThatWasWrittenAnew(t *testing.T) {
	random := rand.New(rand.NewPCG(seed.Of(t), 2))
	l := newLog(t, random, 1, 20)
	logs, _, err := audit.Logs(t.Context(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	head, err := audit.ParseHead(logs[0].Head.String())
	if err != nil || l.first(t, head) != 0 {
		t.Fatalf("%v: the end %s is not found again", err, logs[0].Head)
	}
	prev := l.rows[6].Chain
	l.rows[7].Actor = "us_2"
	for i := 7; i < 20; i++ {
		l.rows[i].Chain = l.rows[i].Link(prev)
		prev = l.rows[i].Chain
	}
	l.state.DeedHead = prev
	if at := l.first(t); at != 0 {
		t.Errorf("row %d is named", at)
	}
	if at := l.first(t, head); at != 20 {
		t.Errorf("row %d is named where the end was written down", at)
	}
	for _, bad := range []string{"", "mk_1:1", "mk_1:x:00", "mk_1:1:zz", "mk_1:-1:" + head.Hash, "mk_1:1:" + head.Hash + "00"} {
		if _, err := audit.ParseHead(bad); err == nil {
			t.Errorf("%q was read as a head", bad)
		}
	}
}
