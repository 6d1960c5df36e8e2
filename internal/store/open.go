package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// Config says where the database is.
type Config struct {
	URL string // postgres://...?sslmode=..., "" for the SQLite file in Dir
	Dir string // folder of the SQLite file, made when missing

	// HandOver is how long a server waits for its predecessor to let go,
	// DefaultHandOver when 0.
	HandOver time.Duration

	// Wrap, nil outside tests, stands between the writer and its driver, to
	// break what they say to each other.
	Wrap func(driver.Connector) driver.Connector
}

// DefaultHandOver is long enough for a database to notice that a process died.
const DefaultHandOver = 3 * time.Second

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	engine *engine
	reader *reader
	writer *writer
	path   string // of the SQLite file, "" on PostgreSQL
	epochs epochs
}

// Open opens the database, brings its schema up to date and gives it an
// identity. A database of a newer program is refused with a *SchemaError, and
// one whose schema is old while a server runs on it with a *HeldError.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.HandOver == 0 {
		cfg.HandOver = DefaultHandOver
	}
	var e *engine
	var path string
	var err error
	if cfg.URL == "" {
		e, path, err = sqliteEngine(cfg)
	} else {
		e, err = postgresEngine(cfg)
	}
	if err != nil {
		return nil, err
	}
	if cfg.Wrap != nil {
		e.writing = cfg.Wrap(e.writing)
	}
	s := &Store{engine: e, path: path, writer: newWriter(e, sql.OpenDB(e.writing)), reader: newReader(sql.OpenDB(e.reading), e.name, e.bind)}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: open the database: %w", err), s.Close())
	}
	return s, nil
}

// prepare brings the schema up to date and checks both sessions.
func (s *Store) prepare(ctx context.Context) error {
	release, err := s.engine.guard.alone(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.writer.do(ctx, nil, beget); err != nil {
		return err
	}
	_, _, err = s.Identity(ctx)
	return err
}

func (s *Store) migrate(ctx context.Context) error {
	folder, err := fs.Sub(migrations, s.engine.migrations)
	if err != nil {
		return err
	}
	steps, err := goose.NewProvider(s.engine.dialect, s.writer.db, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	have, know, err := steps.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	if have > know {
		return &SchemaError{Database: have, Program: know}
	}
	if have == know {
		return nil
	}
	if err := s.engine.guard.idle(ctx); err != nil {
		return err
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("migrate the schema: %w", err)
	}
	return nil
}

// beget gives a new database its identity.
func beget(tx *writeTx) error {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	_, err := tx.exec("INSERT INTO identity (one, epoch, cursor_key) VALUES (1, ?, ?) ON CONFLICT DO NOTHING", rand.Text(), key)
	return err
}

// Identity returns what tells this database's history from every other: the
// epoch, made with the database and changed only when it is restored from a
// backup, and the key that seals its cursors.
func (s *Store) Identity(ctx context.Context) (epoch string, key [32]byte, err error) {
	rows, err := s.reader.now(ctx).query("SELECT epoch, cursor_key FROM identity")
	if err != nil {
		return "", key, failure("read the identity", err)
	}
	defer rows.Close()
	if !rows.Next() {
		return "", key, failure("read the identity", errors.Join(sql.ErrNoRows, rows.Err()))
	}
	if err := rows.Scan(&epoch, (*hash)(&key)); err != nil {
		return "", key, failure("read the identity", err)
	}
	return epoch, key, failure("read the identity", rows.Err())
}

// Ready tells whether the database answers.
func (s *Store) Ready(ctx context.Context) error {
	return failure("ask whether the database answers", s.reader.db.PingContext(ctx))
}

// Close ends all connections and lets go of the markets.
func (s *Store) Close() error {
	return errors.Join(s.reader.close(), s.writer.close(), s.engine.guard.close())
}

func trimLine(text []byte) string { return strings.TrimSpace(string(text)) }
