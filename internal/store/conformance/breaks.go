package conformance

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/mattn/go-sqlite3"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// testBreaks breaks every call of a commit to the driver, each in three ways:
// the line goes before the call reaches the database, the line goes after it
// was carried out, and the database refuses it. Afterwards the database is in
// one of the two legal states, the fault says which, and the writer goes on.
func testBreaks(t *testing.T, fresh func(t testing.TB) store.Config) {
	cfg := fresh(t)
	faults := &Faults{}
	cfg.Wrap = faults.Wrap
	w := NewWorld(t, cfg)
	w.Send(w.rich())
	point := "commit"
	if cfg.URL != "" {
		point = "query" // the one statement that a commit is
	}
	for _, way := range []struct {
		name    string
		happens bool
		err     error
		refused bool
	}{
		{"line lost before", false, errLine, false},
		{"line lost after", true, errLine, false},
		{"refused", false, diskFull(cfg), true},
	} {
		// The last step is the first n that no call is left for.
		for n, struck := 0, "begin"; struck != ""; n++ {
			struck = w.broken(faults, point, way.name, n, way.happens, way.err, way.refused)
		}
	}
}

// diskFull is what an engine's driver says when the disk is full.
func diskFull(cfg store.Config) error {
	if cfg.URL == "" {
		return sqlite3.Error{Code: sqlite3.ErrFull}
	}
	return &pq.Error{Code: "53100", Message: "no space left"}
}

// rich returns a commit that writes every table.
func (w *World) rich() *freight.Commit {
	v := w.Vehicle()
	trip, l := w.Trip(v), w.Load()
	o := w.Offer(l, trip)
	c := w.Commit()
	c.Vehicles = []freight.Row[freight.Vehicle]{{Value: v}}
	c.Trips = []freight.Row[freight.Trip]{{Value: trip}}
	c.Offers = []freight.Row[freight.Offer]{{Value: o}}
	c.Bookings = []freight.Row[freight.Booking]{{Value: w.Booking(l, o)}}
	c.Records = []freight.TripRecord{{At: c.At, Trip: trip}}
	c.Explanations = []freight.Explanation{{Market: w.Market.ID, Load: l.ID, Org: l.Org, At: c.At}}
	w.Post(c, l, "key of "+string(l.ID))
	return c
}

// broken sends a commit whose nth call breaks and returns the name of that
// call, "" when the commit had fewer and so went through. point is the call that
// decides the commit.
func (w *World) broken(faults *Faults, point, way string, n int, happens bool, cause error, refused bool) string {
	w.tb.Helper()
	ctx := w.tb.Context()
	before := must(w.Store.Reload(ctx, w.Market.ID))(w.tb)
	c := w.rich()
	faults.Arm(n, happens, cause)
	err := w.Store.Commit(ctx, c)
	struck, _ := faults.Disarm()
	name := fmt.Sprintf("%s at call %d (%s)", way, n, struck)
	after, reload := w.Store.Reload(ctx, w.Market.ID)
	if reload != nil {
		w.tb.Fatalf("%s: reload: %v", name, reload)
	}
	written := after.EventSeq == before.EventSeq+1
	if written {
		w.whole(name, c, after)
	} else {
		equal(w.tb, name+": state", after, before)
	}
	fault := freight.CommitFault("")
	if known, ok := errors.AsType[*freight.CommitError](err); ok {
		fault = known.Fault
	} else if err != nil {
		w.tb.Fatalf("%s: %v is no commit error", name, err)
	}
	want := freight.CommitFailed
	switch {
	case struck == "":
		want = ""
	case struck == point && !refused:
		want = freight.CommitUnknown
	}
	if fault != want || written != (struck == "" || struck == point && happens) {
		w.tb.Fatalf("%s: fault %q, want %q; written %v; %v", name, fault, want, written, err)
	}
	w.State.EventSeq, w.State.ChangeSeq, w.State.At = after.EventSeq, after.ChangeSeq, after.At
	return struck
}

// whole checks that all of a commit is in the database.
func (w *World) whole(name string, c *freight.Commit, state freight.State) {
	w.tb.Helper()
	ctx := w.tb.Context()
	equal(w.tb, name+": last load", state.Loads[len(state.Loads)-1], c.Loads[0].Value)
	equal(w.tb, name+": last booking", state.Bookings[len(state.Bookings)-1], c.Bookings[0].Value)
	events, _, err := w.Store.AllEvents(ctx, w.Market.ID, c.Events[0].Seq-1, 9)
	equal(w.tb, name+": events", must(events, err)(w.tb), c.Events)
	changes, _, err := w.Store.Changes(ctx, w.Market.ID, c.Changes[0].Seq-1, 9)
	equal(w.tb, name+": changes", must(changes, err)(w.tb), c.Changes)
	known := must(w.Store.Prior(ctx, freight.Prior{Market: w.Market.ID, Keys: []freight.Key{c.Answers[0].Key}}))(w.tb)
	equal(w.tb, name+": answers", known.Answers, c.Answers)
	equal(w.tb, name+": records", must(w.Store.TripRecords(ctx, c.Records[0].Trip.ID))(w.tb), c.Records)
}

// testFull fills a small disk: commits fail as such and nothing is lost, and
// with room again the writer goes on. SQLite's own limit of pages stands in for
// the disk; PostgreSQL's refusal is that of testBreaks.
func testFull(t *testing.T, fresh func(t testing.TB) store.Config) {
	cfg := fresh(t)
	if cfg.URL != "" {
		t.Skip("a PostgreSQL of the tests has no small disk; its refusal is injected in breaks")
	}
	pages := 100_000
	faults := &Faults{begins: func(ctx context.Context, conn driver.QueryerContext) error { return limitPages(ctx, conn, pages) }}
	cfg.Wrap = faults.Wrap
	w := NewWorld(t, cfg)
	w.post(w.Load())
	pages = 400
	sent, fault := 0, error(nil)
	for fault == nil && sent < 10_000 {
		c := w.Commit()
		for range 8 {
			w.Post(c, w.Load(), "")
		}
		if fault = w.Store.Commit(t.Context(), c); fault == nil {
			sent++
			w.State.At = c.At
		} else {
			w.State.EventSeq -= 8
			w.State.ChangeSeq -= 8
		}
	}
	wantFault(t, fault, freight.CommitFailed)
	if sent == 0 {
		t.Fatal("nothing went through before the disk was full")
	}
	equal(t, "head of a full disk", must(w.Store.Head(t.Context(), w.Market.ID))(t), w.State.EventSeq)
	equal(t, "loads of a full disk", len(must(w.Store.Reload(t.Context(), w.Market.ID))(t).Loads), sent*8+1)
	err := w.Store.CreateUser(t.Context(), freight.User{ID: w.ID(freight.PrefixUser), Name: strings.Repeat("人", 1<<20)})
	equal(t, "code of an account's write", freight.CodeOf(err), freight.Unavailable)
	// A life sign may find room where a round does not; a probe does not.
	probe := func() error {
		c := w.Commit()
		c.Ballast = make([]byte, 128<<10)
		return w.Store.Commit(t.Context(), c)
	}
	wantFault(t, probe(), freight.CommitFailed)
	pages = 100_000
	for range 2 {
		if err := probe(); err != nil {
			t.Fatalf("a probe with room: %v", err)
		}
	}
	w.post(w.Load())
}

// limitPages bounds how many pages a SQLite connection may use.
func limitPages(ctx context.Context, conn driver.QueryerContext, pages int) error {
	rows, err := conn.QueryContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages), nil)
	if err != nil {
		return err
	}
	return errors.Join(rows.Next(make([]driver.Value, 1)), rows.Close())
}

// raw opens the database beside the store, to spoil it.
func raw(tb testing.TB, cfg store.Config) *sql.DB {
	tb.Helper()
	name, dsn := "postgres", cfg.URL
	if cfg.URL == "" {
		name, dsn = "sqlite3", filepath.Join(cfg.Dir, store.FileName)
	}
	db, err := sql.Open(name, dsn)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// testSchema checks what a program refuses to open or to write on.
func testSchema(t *testing.T, fresh func(t testing.TB) store.Config) {
	cfg := fresh(t)
	cfg.HandOver = 60 * time.Millisecond
	w := NewWorld(t, cfg)
	w.post(w.Load())
	db := raw(t, cfg)
	spoil := func(text string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	spoil("DELETE FROM events")
	_, err := w.Store.Reload(t.Context(), w.Market.ID)
	equal(t, "code of a damaged market", freight.CodeOf(err), freight.Internal)
	spoil("DELETE FROM goose_db_version WHERE version_id >= 1")
	_, err = store.Open(t.Context(), cfg)
	if held, ok := errors.AsType[*store.HeldError](err); !ok || held.Holder != "test" {
		t.Fatalf("open of an old schema beside its server: %v, want a HeldError naming it", err)
	}
	spoil("INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, " + map[bool]string{true: "1", false: "true"}[cfg.URL == ""] + ")")
	spoil("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, " + map[bool]string{true: "1", false: "true"}[cfg.URL == ""] + ")")
	_, err = store.Open(t.Context(), cfg)
	newer, ok := errors.AsType[*store.SchemaError](err)
	if !ok || newer.Database != 99 || newer.Program >= 99 {
		t.Fatalf("open of a newer schema: %v, want a SchemaError of version 99", err)
	}
}
