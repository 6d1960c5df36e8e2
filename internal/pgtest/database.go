package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"time"

	"github.com/lib/pq"
)

// databaseLimit bounds making and dropping one database.
const databaseLimit = time.Minute

// URL names the given database of the cluster, in the form that both libpq's programs
// and lib/pq take.
func (c *Cluster) URL(database string) string {
	u := url.URL{Scheme: "postgres", Path: "/" + database}
	u.RawQuery = url.Values{
		"host": {c.root}, "port": {port}, "user": {superuser}, "sslmode": {"disable"},
	}.Encode()
	return u.String()
}

// CreateDatabase makes an empty database with a name of its own and returns its URL.
func (c *Cluster) CreateDatabase(ctx context.Context) (string, error) {
	return createDatabase(ctx, c.URL("postgres"))
}

// Create makes an empty database on the server of adminURL, whose account must be
// allowed to; drop removes it, whoever is still connected to it.
func Create(ctx context.Context, adminURL string) (databaseURL string, drop func() error, err error) {
	databaseURL, err = createDatabase(ctx, adminURL)
	if err != nil {
		return "", nil, err
	}
	return databaseURL, func() error { return dropDatabase(context.WithoutCancel(ctx), adminURL, databaseURL) }, nil
}

// createDatabase makes an empty database on the server of adminURL.
func createDatabase(ctx context.Context, adminURL string) (string, error) {
	u, err := url.Parse(adminURL)
	if err != nil {
		return "", fmt.Errorf("read the server's URL: %w", err)
	}
	name := "pinhuo_test_" + rand.Text()
	if err := execute(ctx, adminURL, "CREATE DATABASE "+pq.QuoteIdentifier(name)+" TEMPLATE template0"); err != nil {
		return "", fmt.Errorf("create database %s: %w", name, err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// dropDatabase removes the database of databaseURL, whoever is still connected to it.
func dropDatabase(ctx context.Context, adminURL, databaseURL string) error {
	u, err := url.Parse(databaseURL)
	if err != nil {
		return fmt.Errorf("read the database's URL: %w", err)
	}
	name := u.Path[1:]
	if err := execute(ctx, adminURL, "DROP DATABASE IF EXISTS "+pq.QuoteIdentifier(name)+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop database %s: %w", name, err)
	}
	return nil
}

// execute runs one statement on a connection of its own.
func execute(ctx context.Context, dsn, statement string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, databaseLimit)
	defer cancel()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := db.Close(); err == nil {
			err = cerr
		}
	}()
	_, err = db.ExecContext(ctx, statement)
	return err
}
