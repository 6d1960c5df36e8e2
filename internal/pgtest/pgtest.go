// Package pgtest gives tests and benchmarks a PostgreSQL of their own: a private
// cluster, started once per test binary on a unix socket, with a fresh database for
// every test that asks.
//
// A test calls [URL] and needs nothing else. PINHUO_TEST_DATABASE_URL makes it use a
// database server that already runs. Where there is no PostgreSQL a test is skipped
// with the reason; with CI=true it fails, because there its result is wanted.
//
// A test that kills the server, or a benchmark, starts a [Cluster] for itself. Whatever
// way the process ends, the server ends with it and its folder is removed.
package pgtest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
)

// EnvURL is the environment variable that names a running server. Its account must be
// allowed to create databases.
const EnvURL = "PINHUO_TEST_DATABASE_URL"

// URL returns the URL of an empty database that no other test sees and that is dropped
// when t ends, on the test binary's shared cluster or on the server of EnvURL.
func URL(t testing.TB) string {
	t.Helper()
	admin := adminURL(t)
	database, err := createDatabase(context.Background(), admin)
	if err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := dropDatabase(context.Background(), admin, database); err != nil {
			t.Errorf("clear a test database away: %v", err)
		}
	})
	return database
}

// New starts a cluster for t alone, to be killed and restarted at will, and removes it
// when t ends. It pays no heed to EnvURL.
func New(t testing.TB, cfg Config) *Cluster {
	t.Helper()
	c, err := Start(cfg)
	if err != nil {
		absent(t, err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Errorf("stop the private PostgreSQL: %v", err)
		}
	})
	return c
}

// shared is the test binary's own cluster, started by the first test that asks. Nobody
// stops it: its guard does when the binary ends.
var shared = sync.OnceValues(func() (*Cluster, error) { return Start(Config{}) })

func adminURL(t testing.TB) string {
	t.Helper()
	if named := os.Getenv(EnvURL); named != "" {
		return named
	}
	c, err := shared()
	if err != nil {
		absent(t, err)
	}
	return c.URL("postgres")
}

// absent ends t: skipped where PostgreSQL is merely not installed on somebody's
// machine, failed where its result was asked for or the server is broken.
func absent(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, ErrMissing) && os.Getenv("CI") != "true" {
		t.Skipf("%v", err)
	}
	t.Fatalf("start a private PostgreSQL: %v", err)
}
