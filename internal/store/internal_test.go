package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/mattn/go-sqlite3"

	"pinhuo/freight"
	"pinhuo/internal/pgtest"
)

// TestClassify holds what the drivers say to what it means, by code.
func TestClassify(t *testing.T) {
	for _, c := range []struct {
		err   error
		is    fault
		end   freight.CommitFault // of a commit that met it at COMMIT
		early freight.CommitFault // before
	}{
		{sqlite3.Error{Code: sqlite3.ErrFull}, faultResource, freight.CommitFailed, freight.CommitFailed},
		{sqlite3.Error{Code: sqlite3.ErrReadonly}, faultResource, freight.CommitFailed, freight.CommitFailed},
		{sqlite3.Error{Code: sqlite3.ErrBusy}, faultContention, freight.CommitFailed, freight.CommitFailed},
		{sqlite3.Error{Code: sqlite3.ErrIoErr}, faultConnection, freight.CommitUnknown, freight.CommitFailed},
		{sqlite3.Error{Code: sqlite3.ErrCorrupt}, faultOther, freight.CommitFailed, freight.CommitFailed},
		{sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintUnique}, faultDuplicate, freight.CommitStale, freight.CommitStale},
		{sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintPrimaryKey}, faultDuplicate, freight.CommitStale, freight.CommitStale},
		{sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintCheck}, faultOther, freight.CommitFailed, freight.CommitFailed},
		{&pq.Error{Code: "23505"}, faultDuplicate, freight.CommitStale, freight.CommitStale},
		{&pq.Error{Code: "53100"}, faultResource, freight.CommitFailed, freight.CommitFailed},
		{&pq.Error{Code: "53200"}, faultResource, freight.CommitFailed, freight.CommitFailed},
		{&pq.Error{Code: "25006"}, faultResource, freight.CommitFailed, freight.CommitFailed},
		{&pq.Error{Code: "40001"}, faultContention, freight.CommitFailed, freight.CommitFailed},
		{&pq.Error{Code: "57014"}, faultContention, freight.CommitFailed, freight.CommitFailed},
		{&pq.Error{Code: "57P01"}, faultConnection, freight.CommitUnknown, freight.CommitFailed},
		{&pq.Error{Code: "08006"}, faultConnection, freight.CommitUnknown, freight.CommitFailed},
		{&pq.Error{Code: "42P01"}, faultOther, freight.CommitFailed, freight.CommitFailed},
		{&pq.Error{}, faultOther, freight.CommitFailed, freight.CommitFailed},
		{driver.ErrBadConn, faultConnection, freight.CommitUnknown, freight.CommitFailed},
		{io.ErrUnexpectedEOF, faultConnection, freight.CommitUnknown, freight.CommitFailed},
		{context.DeadlineExceeded, faultContention, freight.CommitFailed, freight.CommitFailed},
		{own(errors.New("ours")), faultOther, freight.CommitFailed, freight.CommitFailed},
		{&HeldError{Holder: "x"}, faultOther, freight.CommitFenced, freight.CommitFenced},
		{freight.Missing("load", "x"), faultOther, freight.CommitFailed, freight.CommitFailed},
		{own(driver.ErrBadConn), faultOther, freight.CommitFailed, freight.CommitFailed},
		{own(&pq.Error{Code: "08006"}), faultConnection, freight.CommitUnknown, freight.CommitFailed},
	} {
		wrapped := fmt.Errorf("while writing: %w", c.err)
		if got := classify(wrapped); got != c.is {
			t.Errorf("%v is fault %d, want %d", c.err, got, c.is)
		}
		if got := commitError(wrapped).Fault; got != c.early {
			t.Errorf("%v before COMMIT gives %q, want %q", c.err, got, c.early)
		}
		if got := commitError(&atCommit{wrapped}).Fault; got != c.end {
			t.Errorf("%v at COMMIT gives %q, want %q", c.err, got, c.end)
		}
	}
}

// TestFailure holds what a reader is told.
func TestFailure(t *testing.T) {
	missing := freight.Missing("load", "ld_1")
	for _, c := range []struct {
		err  error
		code freight.Code
	}{
		{nil, ""}, {missing, freight.NotFound}, {sqlite3.Error{Code: sqlite3.ErrFull}, freight.Unavailable},
		{&pq.Error{Code: "57P01"}, freight.Unavailable}, {context.Canceled, freight.Unavailable},
		{sqlite3.Error{Code: sqlite3.ErrCorrupt}, freight.Internal}, {own(errors.New("x")), freight.Internal},
		{&pq.Error{Code: "23505"}, freight.Conflict},
	} {
		got := failure("test", c.err)
		if freight.CodeOf(got) != c.code {
			t.Errorf("%v is told as %v, want %s", c.err, got, c.code)
		}
		if c.err != nil && !errors.Is(got, c.err) {
			t.Errorf("%v lost its cause in %v", c.err, got)
		}
	}
}

// TestLists cuts keys into lists of powers of two that hold the same keys.
func TestLists(t *testing.T) {
	for n := range 1100 {
		keys := make([]int, n)
		for i := range keys {
			keys[i] = i
		}
		var all []int
		for _, part := range lists(keys) {
			if len(part)&(len(part)-1) != 0 || len(part) > maxList {
				t.Fatalf("a list of %d", len(part))
			}
			all = append(all, part...)
		}
		if !slices.Equal(slices.Compact(all), keys) {
			t.Fatalf("%d keys came back as %d", n, len(all))
		}
	}
}

// TestMigrationsAgree wants equal numbers and equal tables in both folders.
func TestMigrationsAgree(t *testing.T) {
	shape := func(folder string) (names, tables []string) {
		files, err := fs.Glob(migrations, "migrations/"+folder+"/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatalf("no migrations in %s: %v", folder, err)
		}
		for _, file := range files {
			names = append(names, filepath.Base(file))
			text, err := migrations.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := strings.NewReplacer("BIGINT", "INTEGER", "BYTEA", "BLOB", ` COLLATE "C"`, "", " STRICT", "", ", WITHOUT ROWID", "", `'\x`, "x'").Replace(string(text))
			tables = append(tables, strings.Join(strings.Fields(strings.ReplaceAll(s, ") ;", ");")), " "))
		}
		return names, tables
	}
	names, tables := shape("sqlite")
	otherNames, otherTables := shape("postgres")
	if !slices.Equal(names, otherNames) {
		t.Errorf("migrations %v and %v", names, otherNames)
	}
	for i := range tables {
		if tables[i] != otherTables[i] {
			t.Errorf("%s differs:\n%s\n%s", names[i], tables[i], otherTables[i])
		}
	}
}

// TestSQLiteMustBeDurable reads the pragmas back from sessions that lack one.
func TestSQLiteMustBeDurable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	for _, weak := range []string{"_journal_mode=DELETE", "_synchronous=NORMAL", "_foreign_keys=off"} {
		dsn, err := url.Parse(sqliteDSN(path, url.Values{}))
		if err != nil {
			t.Fatal(err)
		}
		name, value, _ := strings.Cut(weak, "=")
		query := dsn.Query()
		query.Set(name, value)
		dsn.RawQuery = query.Encode()
		db := sql.OpenDB(&sqliteConnector{dsn: dsn.String()})
		conn, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := checkSQLite(t.Context(), conn); err == nil || classify(err) != faultOther {
			t.Errorf("a session with %s passes: %v", weak, err)
		}
		if err := errors.Join(conn.Close(), db.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadersCannotWrite tries to.
func TestReadersCannotWrite(t *testing.T) {
	for name, cfg := range map[string]Config{"sqlite": {Dir: t.TempDir()}, "postgres": {URL: pgtest.URL(t)}} {
		s, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.reader.db.ExecContext(t.Context(), "DELETE FROM identity"); err == nil {
			t.Errorf("%s: a reader wrote", name)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// held opens a PostgreSQL store with a market that this process holds, and a
// session beside it.
func held(t *testing.T) (*Store, *sql.DB, freight.State) {
	t.Helper()
	url := pgtest.URL(t)
	s, err := Open(t.Context(), Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.CreateMarket(t.Context(), freight.Market{ID: "mk_1"}); err != nil {
		t.Fatal(err)
	}
	state, err := s.Acquire(t.Context(), "mk_1", "test")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return s, db, state
}

// waiting blocks until a session of the database waits for a lock.
func waiting(t *testing.T, db *sql.DB) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range 4000 {
		var n int
		err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			return
		}
		<-tick.C
	}
	t.Fatal("nobody waits for a lock")
}

// TestReloadWaitsForACommitUnderWay stands in for the server's half of a line
// that broke at COMMIT: its transaction still holds the row of the writer.
func TestReloadWaitsForACommitUnderWay(t *testing.T) {
	s, db, _ := held(t)
	late, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"UPDATE writers SET event_seq = event_seq + 1",
		"INSERT INTO events (market_id, seq, audience, type, schema, at, actor, on_behalf_of, subject, version, facts) VALUES ('mk_1', 1, '', '', 1, 1, '', '', '', 1, '{}')",
	} {
		if _, err := late.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	type result struct {
		state freight.State
		err   error
	}
	done := make(chan result)
	go func() {
		state, err := s.Reload(context.Background(), "mk_1")
		done <- result{state, err}
	}()
	waiting(t, db)
	if err := late.Commit(); err != nil {
		t.Fatal(err)
	}
	if r := <-done; r.err != nil || r.state.EventSeq != 1 {
		t.Fatalf("reloaded up to event %d, want 1: %v", r.state.EventSeq, r.err)
	}
}

// TestSilentLineIsCut lets a commit hang on a lock: the limit cuts the line,
// nobody can know what the server will do, and the writer goes on once the lock
// is free.
func TestSilentLineIsCut(t *testing.T) {
	s, db, state := held(t)
	blocker, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blocker.Exec("UPDATE writers SET at = at"); err != nil {
		t.Fatal(err)
	}
	s.engine.limit = 100 * time.Millisecond
	err = s.Commit(t.Context(), &freight.Commit{Market: "mk_1", Epoch: state.Epoch, At: 1})
	if known, ok := errors.AsType[*freight.CommitError](err); !ok || known.Fault != freight.CommitUnknown {
		t.Fatalf("commit on a silent line: %v", err)
	}
	if err := blocker.Rollback(); err != nil {
		t.Fatal(err)
	}
	s.engine.limit = postgresLimit
	if err := s.Commit(t.Context(), &freight.Commit{Market: "mk_1", Epoch: state.Epoch, At: 2}); err != nil {
		t.Fatalf("commit after the cut: %v", err)
	}
}

// TestPlansUseIndexes asks SQLite how it would run what the reads and commits
// of a busy market prepare: nothing walks through a whole table that grows.
func TestPlansUseIndexes(t *testing.T) {
	s, err := Open(t.Context(), Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	prepared := exercise(t, s)
	if len(prepared) < 40 {
		t.Fatalf("only %d statements were prepared", len(prepared))
	}
	for text := range prepared {
		rows, err := s.reader.db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, make([]any, strings.Count(text, "?"))...)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			name, scans := strings.CutPrefix(step, "SCAN ")
			name, _, _ = strings.Cut(name, " ")
			if scans && slices.Contains(growing, name) && !strings.Contains(step, "USING INDEX") {
				t.Errorf("%s\n\t%s", text, step)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// growing are the tables without bound, and how statements call them.
var growing = []string{"t", "loads", "trips", "offers", "bookings", "vehicles", "events", "changes", "answers", "trip_records", "explanations", "trip_explanations", "sessions"}

// exercise calls the methods of a busy server and returns the texts that they
// prepared.
func exercise(t *testing.T, s *Store) map[string]bool {
	t.Helper()
	ctx := t.Context()
	if err := s.CreateMarket(ctx, freight.Market{ID: "mk_1"}); err != nil {
		t.Fatal(err)
	}
	state, err := s.Acquire(ctx, "mk_1", "test")
	if err != nil {
		t.Fatal(err)
	}
	meta := freight.Meta{ID: "x", Market: "mk_1", Org: "og_1", Version: 1}
	next := meta
	next.Version = 2
	commit := func(replaces int64, m freight.Meta) {
		if err := s.Commit(ctx, &freight.Commit{Market: "mk_1", Epoch: state.Epoch,
			Vehicles: []freight.Row[freight.Vehicle]{{Replaces: replaces, Value: freight.Vehicle{Meta: m}}},
			Loads:    []freight.Row[freight.Load]{{Replaces: replaces, Value: freight.Load{Meta: m}}},
			Trips:    []freight.Row[freight.Trip]{{Replaces: replaces, Value: freight.Trip{Meta: m}}},
			Offers:   []freight.Row[freight.Offer]{{Replaces: replaces, Value: freight.Offer{Meta: m, State: freight.OfferAccepted, Load: "x", Trip: "x"}}},
			Bookings: []freight.Row[freight.Booking]{{Replaces: replaces, Value: freight.Booking{Meta: m, Offer: "x", Load: "x", Trip: "x"}}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	commit(0, meta)
	commit(1, next)
	if err := s.Commit(ctx, &freight.Commit{Market: "mk_1", Epoch: state.Epoch, Loads: []freight.Row[freight.Load]{{Value: freight.Load{Meta: meta}}},
		Answers: []freight.Answer{{Key: freight.Key{Org: "og_1", Name: "k"}}}}); err == nil {
		t.Fatal("a taken id")
	}
	if _, err := s.Prior(ctx, freight.Prior{Keys: make([]freight.Key, 3), Refs: []freight.Ref{{Kind: freight.KindLoad}, {Kind: freight.KindTrip}}, Loads: []freight.ID{"x"}, Trips: []freight.ID{"x"}}); err != nil {
		t.Fatal(err)
	}
	exerciseReads(t, s)
	if _, err := s.SweepAnswers(ctx, 1); err != nil {
		t.Fatal(err)
	}
	prepared := map[string]bool{}
	for text := range s.reader.stmts {
		prepared[text] = true
	}
	for key := range s.writer.stmts {
		if strings.Contains(key.text, " ") { // and not the name of a table
			prepared[key.text] = true
		}
	}
	prepared[loadTable.updateText()], prepared[tripTable.updateText()] = true, true
	return prepared
}

func exerciseReads(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	for _, scope := range []freight.Scope{{Market: "mk_1", Org: "og_1"}, {Market: "mk_1", Desk: true}} {
		for _, state := range []string{"", "open", "closed"} {
			q := freight.Query{Scope: scope, State: state, After: "y", Limit: 10}
			_, err1 := s.Loads(ctx, q)
			_, err2 := s.Trips(ctx, q)
			_, err3 := s.Vehicles(ctx, q)
			_, err4 := s.Offers(ctx, q)
			_, err5 := s.Bookings(ctx, q)
			_, err6 := s.BoardLoads(ctx, q)
			_, err7 := s.BoardTrips(ctx, q)
			if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
				t.Fatal(err)
			}
		}
		_, _, err1 := s.Load(ctx, scope, "x")
		_, _, err2 := s.Trip(ctx, scope, "x")
		_, _, err3 := s.Offer(ctx, scope, "x")
		_, _, err4 := s.Booking(ctx, scope, "x")
		_, err5 := s.Explanation(ctx, scope, "x")
		if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err1 := s.Events(ctx, "mk_1", "og_1", 0, 10)
	_, _, err2 := s.AllEvents(ctx, "mk_1", 0, 10)
	_, _, err3 := s.Changes(ctx, "mk_1", 0, 10)
	_, err4 := s.Unanswered(ctx, "mk_1", "", 10)
	_, err5 := s.TripRecords(ctx, "x")
	_, err6 := s.SessionsOf(ctx, "us_1", "og_1")
	_, err7 := s.LiveCredentials(ctx, []freight.ID{"a", "b"}, 1)
	_, err8 := s.Bare(ctx, "mk_1", 1, 2)
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8); err != nil {
		t.Fatal(err)
	}
	_, err := s.Session(ctx, freight.Hash{})
	if freight.CodeOf(err) != freight.NotFound {
		t.Fatal(err)
	}
}
