package blobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"pinhuo/freight"
)

// Age is how long a content is kept that no row points to: far longer than any request
// that has put it and has yet to write its row.
const Age = 24 * freight.Hour

// Files of a store.
const (
	folderMode = 0o700
	tempPrefix = "new-" // of a file that is being written
	fanOut     = 2      // characters of a digest that name its folder
)

// ErrMissing is the error of Get for a content that is not there.
var ErrMissing = errors.New("blobs: no such content")

// ErrBroken is the error of Get for a content that is not what its name says.
var ErrBroken = errors.New("blobs: the content is not what its name says")

// Store is a folder of contents. One server at a time writes to it.
type Store struct {
	dir string
	mu  sync.Mutex // held while a name appears or goes
}

// Open opens the folder and makes it where there is none.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, fmt.Errorf("blobs: %w", err)
	}
	return &Store{dir: dir}, syncFolder(filepath.Dir(dir))
}

// Put keeps a content and returns its name. When it returns, neither is lost with the
// power. A content that is there already is written again, and counts as new for Sweep.
func (s *Store) Put(ctx context.Context, content []byte) (freight.Digest, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	name := freight.DigestOf(content)
	temp, err := s.write(content)
	if err != nil {
		return "", fmt.Errorf("blobs: put %s: %w", name, err)
	}
	if err := s.name(temp, name); err != nil {
		return "", fmt.Errorf("blobs: put %s: %w", name, errors.Join(err, os.Remove(temp)))
	}
	return name, nil
}

// write brings a content to the disk under a name that nobody asks for.
func (s *Store) write(content []byte) (string, error) {
	file, err := os.CreateTemp(s.dir, tempPrefix+"*")
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// name gives a file that is on the disk its name.
func (s *Store) name(temp string, name freight.Digest) error {
	folder := filepath.Dir(s.path(name))
	s.mu.Lock()
	defer s.mu.Unlock()
	switch err := os.Mkdir(folder, folderMode); {
	case err == nil:
		if err := syncFolder(s.dir); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := os.Rename(temp, s.path(name)); err != nil {
		return err
	}
	return syncFolder(folder)
}

// Get returns a content whole: ErrMissing where there is none, ErrBroken where it has
// been changed.
func (s *Store) Get(ctx context.Context, name freight.Digest) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !name.Sound() {
		return nil, fmt.Errorf("%w: %q", ErrMissing, name)
	}
	content, err := os.ReadFile(s.path(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %s", ErrMissing, name)
	case err != nil:
		return nil, fmt.Errorf("blobs: get: %w", err)
	case freight.DigestOf(content) != name:
		return nil, fmt.Errorf("%w: %s", ErrBroken, name)
	}
	return content, nil
}

// Sweep removes contents that have been there for Age and that no row points to, and what
// a server that died left half written; it tells how many. pointed tells of a content
// whether any row does.
func (s *Store) Sweep(ctx context.Context, now freight.Instant, pointed func(context.Context, freight.Digest) (bool, error)) (int, error) {
	removed := 0
	before := (now - Age).Time()
	err := filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return ignoreGone(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		gone, err := s.sweepOne(ctx, path, before, pointed)
		if gone {
			removed++
		}
		return err
	})
	if err != nil {
		return removed, fmt.Errorf("blobs: sweep: %w", err)
	}
	return removed, nil
}

// sweepOne removes a file if it is old and nothing points to it. A content that was put
// again meanwhile is young: it is looked at once more while no name can appear.
func (s *Store) sweepOne(ctx context.Context, path string, before time.Time, pointed func(context.Context, freight.Digest) (bool, error)) (bool, error) {
	name := s.digest(path)
	if name == "" && !strings.HasPrefix(filepath.Base(path), tempPrefix) {
		return false, nil // not ours
	}
	if old, err := older(path, before); !old {
		return false, err
	}
	if name != "" {
		if held, err := pointed(ctx, name); held || err != nil {
			return false, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, err := older(path, before); !old {
		return false, err
	}
	err := os.Remove(path)
	return err == nil, ignoreGone(err)
}

func older(path string, before time.Time) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, ignoreGone(err)
	}
	return info.ModTime().Before(before), nil
}

// path is where a content lies.
func (s *Store) path(name freight.Digest) string {
	return filepath.Join(s.dir, string(name[:fanOut]), string(name[fanOut:]))
}

// digest is the name of the content that lies at a path, "" where that is none.
func (s *Store) digest(path string) freight.Digest {
	name := freight.Digest(filepath.Base(filepath.Dir(path)) + filepath.Base(path))
	if !name.Sound() || s.path(name) != path {
		return ""
	}
	return name
}

// ignoreGone is for files that go while they are looked at.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// syncFolder brings the names in a folder to the disk.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
