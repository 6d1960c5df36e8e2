package blobs_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/blobs"
)

var now = freight.At(time.Now()) // files carry the time of the disk

func open(t *testing.T) (*blobs.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "blobs")
	s, err := blobs.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func put(t *testing.T, s *blobs.Store, text string) freight.Digest {
	t.Helper()
	name, err := s.Put(t.Context(), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestWhatIsPutIsThere(t *testing.T) {
	s, dir := open(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if _, err := s.Put(t.Context(), []byte("a crate")); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	name := put(t, s, "a crate")
	again, err := blobs.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Get(t.Context(), name); err != nil || !bytes.Equal(got, []byte("a crate")) {
		t.Errorf("%q %v", got, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("half written files stay: %v %v", left, err)
	}
}

func TestNothingElseIsGiven(t *testing.T) {
	s, dir := open(t)
	name := put(t, s, "a crate")
	for _, other := range []freight.Digest{"", "..", "../../etc/passwd", "ab", freight.DigestOf([]byte("another"))} {
		if _, err := s.Get(t.Context(), other); !errors.Is(err, blobs.ErrMissing) {
			t.Errorf("%q: %v", other, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, string(name[:2]), string(name[2:])), []byte("a barrel"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), name); !errors.Is(err, blobs.ErrBroken) {
		t.Errorf("a changed content: %v", err)
	}
	put(t, s, "a crate")
	if _, err := s.Get(t.Context(), name); err != nil {
		t.Errorf("put again: %v", err)
	}
}

// age makes every file of the folder older than it may be without a row.
func age(t *testing.T, dir string) {
	t.Helper()
	old := (now - blobs.Age - freight.Minute).Time()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chtimes(path, old, old)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOrphansAreSweptAfterTheirAge(t *testing.T) {
	s, dir := open(t)
	held, orphan := put(t, s, "held"), put(t, s, "orphan")
	if err := os.WriteFile(filepath.Join(dir, "new-123"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "README"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	age(t, dir)
	young, again := put(t, s, "young"), freight.DigestOf([]byte("again"))
	put(t, s, "again")
	age(t, filepath.Join(dir, string(again[:2])))
	n, err := s.Sweep(t.Context(), now, func(_ context.Context, d freight.Digest) (bool, error) {
		if d == again { // while the rows are asked it comes once more, and its row will follow
			put(t, s, "again")
		}
		return d == held, nil
	})
	if err != nil || n != 2 {
		t.Errorf("%d removed, %v", n, err)
	}
	for _, kept := range []freight.Digest{held, young, again} {
		if _, err := s.Get(t.Context(), kept); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Get(t.Context(), orphan); !errors.Is(err, blobs.ErrMissing) {
		t.Errorf("the orphan: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "README")); err != nil {
		t.Errorf("a file that is not ours: %v", err)
	}
}

func TestAnUnknownRowKeepsItsContent(t *testing.T) {
	s, dir := open(t)
	name := put(t, s, "a crate")
	age(t, dir)
	broken := errors.New("no database")
	n, err := s.Sweep(t.Context(), now, func(context.Context, freight.Digest) (bool, error) { return false, broken })
	if n != 0 || !errors.Is(err, broken) {
		t.Errorf("%d %v", n, err)
	}
	if _, err := s.Get(t.Context(), name); err != nil {
		t.Error(err)
	}
}
