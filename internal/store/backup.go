package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"pinhuo/freight"
)

// Backup writes a copy of the database as of now to a new file, while the
// server works on. The copy is checked, and it begins a history of its own: a
// client that knew a later state is told to reload instead of being misled.
// PostgreSQL has its own tools: there the error is Unsupported and names
// pg_dump.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.path == "" {
		return &freight.Error{Code: freight.Unsupported, Problem: freight.ProblemUnsupported, Field: "backup",
			Value: "pg_dump", Cause: errors.New("store: back a PostgreSQL database up with pg_dump; after a restore run `pinhuo admin new-history`")}
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return freight.Refuse(freight.ProblemTaken, "backup", path)
	}
	part := path + ".part"
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return failure("begin a backup", own(err))
	}
	if err := copySQLite(ctx, s.path, part); err != nil {
		return failure("back up", errors.Join(err, os.Remove(part)))
	}
	if err := os.Rename(part, path); err != nil {
		return failure("back up", own(err))
	}
	return failure("back up", syncFolder(filepath.Dir(path)))
}

// syncFolder makes a renamed file last through a power loss.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return own(err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return own(err)
	}
	return nil
}

// copySQLite copies the database, makes the copy a history of its own and
// checks it.
func copySQLite(ctx context.Context, from, to string) (err error) {
	source := sql.OpenDB(&sqliteConnector{dsn: sqliteDSN(from, url.Values{})})
	defer func() { err = errors.Join(err, source.Close()) }()
	if _, err := source.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return err
	}
	dsn := (&url.URL{Scheme: "file", Path: to, RawQuery: "_journal_mode=DELETE&_synchronous=FULL"}).String()
	target := sql.OpenDB(&sqliteConnector{dsn: dsn})
	defer func() { err = errors.Join(err, target.Close()) }()
	if _, err := target.ExecContext(ctx, "UPDATE identity SET epoch = ?", rand.Text()); err != nil {
		return err
	}
	var verdict string
	if err := target.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return own(fmt.Errorf("the copy is damaged: %s", verdict))
	}
	return nil
}

// NewEpoch begins a new history: for a database restored from a backup that
// kept its epoch, such as one of pg_dump.
func (s *Store) NewEpoch(ctx context.Context) error {
	return failure("begin a new history", s.writer.do(ctx, nil, func(tx *writeTx) error {
		_, err := tx.exec("UPDATE identity SET epoch = ?", rand.Text())
		return err
	}))
}
