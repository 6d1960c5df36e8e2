package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"pinhuo/freight"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/store"
	"pinhuo/internal/store/conformance"
)

// admin opens the database beside the store.
func admin(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// cutWriter ends the session that holds the market's lock and waits until it
// is gone.
func cutWriter(t *testing.T, db *sql.DB) {
	t.Helper()
	var ended int
	err := db.QueryRow("SELECT count(*) FROM (SELECT pg_terminate_backend(pid, 10000) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database " +
		"WHERE l.locktype = 'advisory' AND d.datname = current_database()) AS x").Scan(&ended)
	if err != nil || ended != 1 {
		t.Fatalf("ended %d sessions: %v", ended, err)
	}
}

// TestPostgresLineCut ends the writer's session between two commits: what became
// of the first after it is unknown, and the next goes on under the same epoch, or is fenced when another server has taken the market meanwhile.
func TestPostgresLineCut(t *testing.T) {
	cfg := store.Config{URL: pgtest.URL(t), HandOver: 5 * time.Second}
	w := conformance.NewWorld(t, cfg)
	db := admin(t, cfg.URL)
	send := func() error {
		c := w.Commit()
		w.Post(c, w.Load(), "")
		err := w.Store.Commit(t.Context(), c)
		if err != nil {
			w.State.EventSeq, w.State.ChangeSeq = w.State.EventSeq-1, w.State.ChangeSeq-1
		}
		return err
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	cutWriter(t, db)
	if known, ok := errors.AsType[*freight.CommitError](send()); !ok || known.Fault != freight.CommitUnknown {
		t.Fatalf("commit on a cut line: %v, want it unknown", known)
	}
	if err := send(); err != nil {
		t.Fatalf("commit after the cut: %v", err)
	}
	second := conformance.Open(t, store.Config{URL: cfg.URL, HandOver: 50 * time.Millisecond})
	if _, err := second.Acquire(t.Context(), w.Market.ID, "second"); err == nil {
		t.Fatal("the lock was not taken again after the cut")
	}
	cutWriter(t, db)
	if _, err := second.Acquire(t.Context(), w.Market.ID, "second"); err != nil {
		t.Fatalf("acquire after the holder lost its session: %v", err)
	}
	for range 2 { // the first meets the cut line, the second the lock
		if err := send(); err == nil {
			t.Fatal("two writers")
		}
	}
	if known, ok := errors.AsType[*freight.CommitError](send()); !ok || known.Fault != freight.CommitFenced {
		t.Fatalf("commit beside another writer: %v, want it fenced", known)
	}
}

// TestPostgresDoorbell listens for commits.
func TestPostgresDoorbell(t *testing.T) {
	url := pgtest.URL(t)
	w := conformance.NewWorld(t, store.Config{URL: url})
	listener := pq.NewListener(url, time.Second, time.Minute, nil)
	defer listener.Close()
	if err := listener.Listen(store.Channel); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		c := w.Commit()
		for range n + 1 {
			w.Post(c, w.Load(), "")
		}
		w.Send(c)
		select {
		case rung := <-listener.Notify:
			if want := fmt.Sprintf("%s %d", w.Market.ID, w.State.EventSeq); rung == nil || rung.Extra != want {
				t.Fatalf("rung %v, want %q", rung, want)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("no bell")
		}
	}
}

// TestPostgresRefusals opens databases that would not keep what they promise.
func TestPostgresRefusals(t *testing.T) {
	url := pgtest.URL(t)
	for name, broken := range map[string]struct{ url, says string }{
		"no scheme":         {"host=/tmp dbname=x sslmode=disable", "must begin with postgres://"},
		"another scheme":    {"mysql://secret:word@host/x", "must begin with postgres://"},
		"no sslmode":        {"postgres://secret:word@host/x", "must say sslmode"},
		"not durable":       {url + "&synchronous_commit=off", "synchronous_commit"},
		"nobody there":      {"postgres://u:word@127.0.0.1:1/x?sslmode=disable&connect_timeout=2", "refused"},
		"unreadable escape": {"postgres://u:word@ho%st/x", "must begin with postgres://"},
	} {
		s, err := store.Open(t.Context(), store.Config{URL: broken.url})
		if err == nil {
			_ = s.Close()
			t.Fatalf("%s: opened", name)
		}
		if !strings.Contains(err.Error(), broken.says) || strings.Contains(err.Error(), "word") {
			t.Errorf("%s: %v, want it to say %q and no password", name, err, broken.says)
		}
	}
}

// TestPostgresOrder checks that ids are in the order of their bytes whatever
// the collation of the database.
func TestPostgresOrder(t *testing.T) {
	url := pgtest.URL(t)
	w := conformance.NewWorld(t, store.Config{URL: url})
	c := w.Commit()
	for _, id := range []freight.ID{"ld_b", "ld_B", "ld_a", "ld_A_"} {
		l := w.Load()
		l.ID = id
		w.Post(c, l, "")
	}
	w.Send(c)
	page, err := w.Store.Loads(t.Context(), freight.Query{Scope: freight.Scope{Market: w.Market.ID, Desk: true}, Limit: 9})
	if err != nil {
		t.Fatal(err)
	}
	var got []freight.ID
	for _, l := range page.Rows {
		got = append(got, l.ID)
	}
	if fmt.Sprint(got) != "[ld_b ld_a ld_B ld_A_]" {
		t.Fatalf("order of ids: %v", got)
	}
}

// TestPostgresCrash kills the server under the writer and the readers: commits
// fail as long as it is away, a reload waits for it, and all that was committed
// is there when it is back.
func TestPostgresCrash(t *testing.T) {
	cluster := pgtest.New(t, pgtest.Config{})
	url, err := cluster.CreateDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := conformance.NewWorld(t, store.Config{URL: url})
	for range 3 {
		c := w.Commit()
		w.Post(c, w.Load(), "")
		w.Send(c)
	}
	before, err := w.Store.Reload(t.Context(), w.Market.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := cluster.Kill(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := w.Store.Commit(t.Context(), w.Commit())
		if known, ok := errors.AsType[*freight.CommitError](err); !ok || known.Fault != freight.CommitFailed {
			t.Fatalf("commit without a server: %v, want it failed", err)
		}
	}
	if _, err := w.Store.Head(t.Context(), w.Market.ID); freight.CodeOf(err) != freight.Unavailable {
		t.Fatalf("read without a server: %v", err)
	}
	type result struct {
		state freight.State
		err   error
	}
	done := make(chan result)
	go func() {
		state, err := w.Store.Reload(t.Context(), w.Market.ID)
		done <- result{state, err}
	}()
	if err := cluster.Restart(); err != nil {
		t.Fatal(err)
	}
	after := <-done
	if after.err != nil || after.state.EventSeq != 3 || len(after.state.Loads) != len(before.Loads) || after.state.Epoch != before.Epoch {
		t.Fatalf("reloaded %d events, %d loads, epoch %d: %v", after.state.EventSeq, len(after.state.Loads), after.state.Epoch, after.err)
	}
	c := w.Commit()
	w.Post(c, w.Load(), "")
	w.Send(c)
	if head, err := w.Store.Head(t.Context(), w.Market.ID); err != nil || head != 4 {
		t.Fatalf("head %d after the crash: %v", head, err)
	}
}
