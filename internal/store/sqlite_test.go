package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
	"pinhuo/internal/store/conformance"
)

// TestBackup restores a backup taken while the server writes: it holds what was
// there, checked, as a history of its own.
func TestBackup(t *testing.T) {
	w := conformance.NewWorld(t, store.Config{Dir: t.TempDir()})
	c := w.Commit()
	w.Post(c, w.Load(), "key")
	w.Send(c)
	folder := t.TempDir()
	path := filepath.Join(folder, store.FileName)
	if err := w.Store.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.Backup(t.Context(), path); freight.ProblemOf(err) != freight.ProblemTaken {
		t.Fatalf("backup over a file: %v", err)
	}
	c = w.Commit()
	w.Post(c, w.Load(), "")
	w.Send(c)
	restored := conformance.Open(t, store.Config{Dir: folder})
	state, err := restored.Acquire(t.Context(), w.Market.ID, "restored")
	if err != nil || state.EventSeq != 1 || len(state.Loads) != 1 {
		t.Fatalf("restored %d events and %d loads: %v", state.EventSeq, len(state.Loads), err)
	}
	epoch, key, err := w.Store.Identity(t.Context())
	again, sameKey, err2 := restored.Identity(t.Context())
	if err := errors.Join(err, err2); err != nil || epoch == again || key != sameKey {
		t.Fatalf("epochs %q and %q must differ and keys agree: %v", epoch, again, err)
	}
	if err := w.Store.Backup(t.Context(), filepath.Join(folder, "none", "b.db")); err == nil {
		t.Fatal("backup into a folder that is not there")
	}
	left, err := filepath.Glob(filepath.Join(folder, "*.part*"))
	if err != nil || len(left) > 0 {
		t.Fatalf("left behind %v: %v", left, err)
	}
}

// TestNewEpoch begins a new history.
func TestNewEpoch(t *testing.T) {
	s := conformance.Open(t, store.Config{Dir: t.TempDir()})
	before, _, err := s.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.NewEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after, _, err := s.Identity(t.Context()); err != nil || after == before {
		t.Fatalf("epoch %q after %q: %v", after, before, err)
	}
}

// TestSQLitePlaces opens databases in folders with awkward names and none.
func TestSQLitePlaces(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "数据 100%?#&", "new")
	conformance.Open(t, store.Config{Dir: folder})
	if _, err := os.Stat(filepath.Join(folder, store.FileName)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.Config{Dir: file}); err == nil {
		t.Fatal("opened a folder that is a file")
	}
	garbage := t.TempDir()
	if err := os.WriteFile(filepath.Join(garbage, store.FileName), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.Config{Dir: garbage}); err == nil {
		t.Fatal("opened a file that is no database")
	}
}

// TestFilesArePrivate checks the modes of everything that holds rows.
func TestFilesArePrivate(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	w := conformance.NewWorld(t, store.Config{Dir: folder})
	if err := w.Store.Backup(t.Context(), filepath.Join(folder, "backup.db")); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v: %v", file.Name(), info.Mode(), err)
		}
	}
}

// TestLockFileNamesTheHolder shows an operator who has the database.
func TestLockFileNamesTheHolder(t *testing.T) {
	folder := t.TempDir()
	w := conformance.NewWorld(t, store.Config{Dir: folder})
	w.Acquire("a long name at first")
	w.Acquire("host 7")
	text, err := os.ReadFile(filepath.Join(folder, store.FileName+".lock"))
	if err != nil || string(text) != "host 7\n" {
		t.Fatalf("the lock file says %q: %v", text, err)
	}
}
