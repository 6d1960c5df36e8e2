package store_test

import (
	"testing"

	"pinhuo/internal/pgtest"
	"pinhuo/internal/store"
	"pinhuo/internal/store/conformance"
)

func TestSQLite(t *testing.T) {
	conformance.Run(t, func(t testing.TB) store.Config { return store.Config{Dir: t.TempDir()} })
}

func TestPostgres(t *testing.T) {
	conformance.Run(t, func(t testing.TB) store.Config { return store.Config{URL: pgtest.URL(t)} })
}
