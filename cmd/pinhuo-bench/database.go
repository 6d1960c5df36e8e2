package main

import (
	"errors"
	"fmt"
	"os"

	"pinhuo/internal/pgtest"
	"pinhuo/internal/store"
)

// The engines.
const (
	sqlite   = "sqlite"
	postgres = "postgres"
)

// clusterSettings are those of the private PostgreSQL beside the durable
// defaults (fsync and synchronous_commit on): memory and log of a small server.
var clusterSettings = map[string]string{
	"shared_buffers": "512MB", "max_wal_size": "4GB", "fsync": "on", "synchronous_commit": "on",
}

// database is one empty database.
type database struct {
	url string // of PostgreSQL, "" for SQLite
	dir string // a folder of its own, whatever the engine
}

func (d database) config() store.Config { return store.Config{URL: d.url, Dir: d.dir} }

// args name the database to the pinhuo program.
func (d database) args() []string {
	args := []string{"--data", d.dir}
	if d.url != "" {
		args = append(args, "--database-url", d.url)
	}
	return args
}

// within makes an empty database, lets use have it and removes it.
func (b *bench) within(engine string, use func(db database) error) (err error) {
	dir, err := os.MkdirTemp("", "pinhuo-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db := database{dir: dir}
	if engine == postgres {
		var drop func() error
		if db.url, drop, err = b.createDatabase(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, drop()) }()
	}
	return use(db)
}

// createDatabase makes a database on the server that was named or on a private
// one.
func (b *bench) createDatabase() (url string, drop func() error, err error) {
	admin := b.DatabaseURL
	if admin == "" {
		if b.cluster == nil {
			if b.cluster, err = pgtest.Start(pgtest.Config{Settings: clusterSettings}); err != nil {
				return "", nil, fmt.Errorf("start a private PostgreSQL: %w", err)
			}
		}
		admin = b.cluster.URL("postgres")
	}
	return pgtest.Create(b.ctx, admin)
}
