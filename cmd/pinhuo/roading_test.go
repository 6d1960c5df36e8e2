package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
	"pinhuo/geo/roads"
)

// builtRoads makes a road file of roads drawn by hand.
func builtRoads(t *testing.T, name, file string) {
	t.Helper()
	if code, _, errs := ask(t, "roads", "build", roadsPBF(t, name), "-o", file); code != 0 {
		t.Fatal(errs)
	}
}

func TestTheServerFindsItsRoads(t *testing.T) {
	c := &serveCommand{Factor: 1.24, Speed: 60}
	c.Data, c.Roads = t.TempDir(), "auto"
	m, err := c.measuring(prometheus.NewRegistry(), slog.New(slog.DiscardHandler))
	if err != nil || m.Method() != "fallback" || !strings.Contains(m.String(), "no road file") {
		t.Fatalf("an empty directory: %v, %v", m, err)
	}
	file := filepath.Join(c.Data, "region.roads")
	builtRoads(t, "private", file)
	m, err = c.measuring(prometheus.NewRegistry(), slog.New(slog.DiscardHandler))
	if err != nil || m.Method() != "graph" || !strings.Contains(m.String(), file) {
		t.Fatalf("one file: %v, %v", m, err)
	}
	if err := m.serve(freight.Market{Name: "sea", Box: freight.Box{South: 0, North: 1e7, West: 0, East: 1e7}}); err != nil {
		t.Errorf("its own region: %v", err)
	}
	if err := m.covers(freight.Market{Name: "delta", Box: freight.Box{South: 29e7, North: 34e7, West: 115e7, East: 123e7}}, m.router); !errors.Is(err, roads.ErrRegion) {
		t.Errorf("another region: %v", err)
	}
	old := m.Version()
	builtRoads(t, "ferry", file)
	if changed, err := m.reread(); err != nil || !changed || m.Version() == old {
		t.Errorf("read anew: %v, %s", err, m.Version())
	}
	if changed, err := m.reread(); err != nil || changed {
		t.Errorf("read anew, unchanged: %v", err)
	}
	now := m.Version()
	if err := os.WriteFile(filepath.Join(c.Data, "next"), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(c.Data, "next"), file); err != nil {
		t.Fatal(err)
	}
	if _, err := m.reread(); !errors.Is(err, roads.ErrFile) || m.Version() != now {
		t.Errorf("a damaged file: %v, %s", err, m.Version())
	}
	if _, err := c.measuring(prometheus.NewRegistry(), slog.New(slog.DiscardHandler)); !errors.Is(err, roads.ErrFile) {
		t.Errorf("started with a damaged file: %v", err)
	}
	builtRoads(t, "ferry", filepath.Join(c.Data, "other.roads"))
	if _, err := c.measuring(prometheus.NewRegistry(), slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "--roads") {
		t.Errorf("two files: %v", err)
	}
	c.Roads = "none"
	if m, err := c.measuring(prometheus.NewRegistry(), slog.New(slog.DiscardHandler)); err != nil || m.Method() != "fallback" {
		t.Errorf("none: %v, %v", m, err)
	}
}
