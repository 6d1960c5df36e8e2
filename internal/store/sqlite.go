package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"pinhuo/freight"
)

// FileName is the name of the SQLite file in Config.Dir.
const FileName = "pinhuo.db"

// writerCache is what the writer keeps of the file in memory, in KiB: the
// indexes of keys and references are written all over.
const writerCache = "-65536"

// sqliteEngine describes the database file in a folder, which it makes.
func sqliteEngine(cfg Config) (*engine, string, error) {
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, "", fmt.Errorf("store: make the data folder: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(cfg.Dir, FileName))
	if err != nil {
		return nil, "", fmt.Errorf("store: find the data folder: %w", err)
	}
	// Its log files take the mode of the file: accounts and addresses are nobody
	// else's business.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, "", fmt.Errorf("store: open the database file: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, "", fmt.Errorf("store: open the database file: %w", err)
	}
	e := &engine{
		name: "sqlite3", bind: sqlx.QUESTION, dialect: goose.DialectSQLite3, migrations: "migrations/sqlite",
		write:   writeRows,
		writing: &sqliteConnector{dsn: sqliteDSN(path, url.Values{"_txlock": {"immediate"}, "_cache_size": {writerCache}})},
		reading: &sqliteConnector{dsn: sqliteDSN(path, url.Values{"_query_only": {"on"}})},
		greet:   checkSQLite,
		guard:   &fileGuard{path: path, wait: cfg.HandOver},
	}
	return e, path, nil
}

func sqliteDSN(path string, more url.Values) string {
	more.Set("_journal_mode", "WAL")
	more.Set("_synchronous", "FULL")
	more.Set("_busy_timeout", "10000")
	more.Set("_foreign_keys", "on")
	return (&url.URL{Scheme: "file", Path: path, RawQuery: more.Encode()}).String()
}

// sqliteConnector opens connections to one file.
type sqliteConnector struct{ dsn string }

// Connect opens a connection.
func (c *sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	return c.Driver().Open(c.dsn)
}

// Driver returns SQLite's driver, with what the DSN has no word for: a
// checkpoint every 8000 pages, for they are what makes a commit slow.
func (c *sqliteConnector) Driver() driver.Driver {
	return &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		_, err := conn.Exec("PRAGMA wal_autocheckpoint = 8000", nil)
		return err
	}}
}

// checkSQLite reads back what durability rests on: a driver that does not know
// a word of the DSN passes over it in silence.
func checkSQLite(ctx context.Context, conn *sql.Conn) error {
	for _, want := range [...]struct{ pragma, value string }{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"wal_autocheckpoint", "8000"},
	} {
		var got string
		if err := conn.QueryRowContext(ctx, "PRAGMA "+want.pragma).Scan(&got); err != nil {
			return fmt.Errorf("read PRAGMA %s: %w", want.pragma, err)
		}
		if got != want.value {
			return own(fmt.Errorf("SQLite has %s = %s and not %s: it would not be durable", want.pragma, got, want.value))
		}
	}
	return nil
}

// fileGuard holds a whole SQLite file: one server writes all its markets. The
// lock is the operating system's, on a file beside it that names the holder.
type fileGuard struct {
	path   string
	wait   time.Duration
	mu     sync.Mutex
	file   *os.File // nil while not held
	holder string   // as the file says
}

func (g *fileGuard) lockPath() string { return g.path + ".lock" }

func (g *fileGuard) alone(ctx context.Context) (func(), error) {
	folder, err := os.Open(filepath.Dir(g.path))
	if err != nil {
		return nil, own(fmt.Errorf("open the data folder: %w", err))
	}
	done, err := patiently(ctx, max(g.wait, time.Minute), func() (bool, error) { return tryLock(folder) })
	if err == nil && !done {
		err = own(fmt.Errorf("another process has been opening %s for a minute", g.path))
	}
	if err != nil {
		_ = folder.Close() // only read
		return nil, err
	}
	return func() { _ = folder.Close() }, nil
}

func (g *fileGuard) idle(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	file, err := g.lock(ctx)
	if err != nil {
		return err
	}
	return file.Close()
}

func (g *fileGuard) take(ctx context.Context, _ *sql.Conn, _ freight.ID, holder string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.file != nil && g.holder == holder {
		return nil
	}
	if g.file == nil {
		file, err := g.lock(ctx)
		if err != nil {
			return err
		}
		g.file = file
	}
	err := g.file.Truncate(0)
	if err == nil {
		_, err = g.file.WriteAt([]byte(holder+"\n"), 0)
	}
	if err != nil {
		return own(fmt.Errorf("write %s: %w", g.lockPath(), err))
	}
	g.holder = holder
	return nil
}

// lock opens and locks the file, or says who holds it.
func (g *fileGuard) lock(ctx context.Context) (*os.File, error) {
	file, err := os.OpenFile(g.lockPath(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, own(fmt.Errorf("open the lock file: %w", err))
	}
	done, err := patiently(ctx, g.wait, func() (bool, error) { return tryLock(file) })
	if err == nil && !done {
		text, _ := io.ReadAll(io.LimitReader(file, 256)) // the name is a courtesy
		err = &HeldError{Holder: trimLine(text)}
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// tryLock takes the lock of an open file unless another has it.
func tryLock(file *os.File) (bool, error) {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == syscall.EWOULDBLOCK {
		return false, nil
	}
	if err != nil {
		return false, own(fmt.Errorf("lock %s: %w", file.Name(), err))
	}
	return true, nil
}

func (g *fileGuard) close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.file == nil {
		return nil
	}
	file := g.file
	g.file = nil
	return file.Close()
}
