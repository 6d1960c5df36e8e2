package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// roading is where the distances come from.
type roading struct {
	Roads       string `help:"Road file, read anew on SIGHUP; auto for the one in the data directory, none for estimates only." default:"auto" env:"PINHUO_ROADS"`
	RoadProfile string `help:"Vehicle profile of the road file; its first when empty." env:"PINHUO_ROAD_PROFILE" name:"road-profile"`
}

// roadFile names the road file, "" for none. Of several in one directory it takes
// none: somebody has to say which.
func (r roading) roadFile(dirs ...string) (string, error) {
	switch r.Roads {
	case "none":
		return "", nil
	case "auto":
	default:
		return r.Roads, nil
	}
	for _, dir := range dirs {
		found, err := filepath.Glob(filepath.Join(dir, "*.roads"))
		switch {
		case err != nil:
			return "", fmt.Errorf("look for road files: %w", err)
		case len(found) > 1:
			return "", fmt.Errorf("%s holds %d road files: say --roads (PINHUO_ROADS) which one, or none", dir, len(found))
		case len(found) == 1:
			return found[0], nil
		}
	}
	return "", nil
}

// openRoads makes the router of a road file. The file stays open as long as the
// process: trips go on being measured by it.
func (r roading) openRoads(path string) (*roads.Router, error) {
	g, err := roads.Open(path)
	if err != nil {
		return nil, err
	}
	router, err := g.Router(roads.RouterOptions{Profile: r.RoadProfile})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), g.Close())
	}
	return router, nil
}

// measuring is the router of a server and what it was made of.
type measuring struct {
	geo.Router
	setting roading
	path    string       // of the road file, "" for none
	guide   *roads.Guide // nil for none
}

// measuring makes the server's router: by the road file where there is one, else
// by estimates.
func (c *serveCommand) measuring(registry prometheus.Registerer) (*measuring, error) {
	fallback, err := roads.NewFallback(c.Factor, c.Speed)
	if err != nil {
		return nil, err
	}
	m := &measuring{Router: fallback, setting: c.roading}
	dirs := []string{c.Data}
	if c.Demo {
		dirs = append(dirs, filepath.Dir(c.Data))
	}
	if m.path, err = c.roadFile(dirs...); err != nil || m.path == "" {
		return m, err
	}
	router, err := c.openRoads(m.path)
	if err != nil {
		return nil, err
	}
	m.guide = roads.NewGuide(fallback, router, 0)
	m.Router = m.guide
	registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "pinhuo_road_drives_asked", Help: "Drives asked of the road file in use."},
			func() float64 { asked, _ := m.guide.Remembered(); return float64(asked) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "pinhuo_road_drives_remembered", Help: "Drives of those that were known from before."},
			func() float64 { _, hits := m.guide.Remembered(); return float64(hits) }))
	return m, nil
}

// String says in a line where the distances come from.
func (m *measuring) String() string {
	if m.guide == nil {
		return fmt.Sprintf("distances: %s %s (no road file)", m.Method(), m.Version())
	}
	return fmt.Sprintf("distances: %s %s (%s)", m.Method(), m.Version(), m.path)
}

// covers fails where a road file has nothing of a market's region.
func (m *measuring) covers(name string, box geo.Box) error {
	if m.guide == nil || m.guide.Touches(box) {
		return nil
	}
	return fmt.Errorf("%s has no roads in the region of market %q: %w", m.path, name, roads.ErrRegion)
}

// watch reads the road file anew at every SIGHUP. Trips announced later are
// measured by what it then holds; where it cannot be read, everything stays.
func (m *measuring) watch(ctx context.Context, log *slog.Logger) error {
	if m.guide == nil {
		return nil
	}
	hups := make(chan os.Signal, 1)
	signal.Notify(hups, syscall.SIGHUP)
	defer signal.Stop(hups)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-hups:
		}
		if err := m.reread(); err != nil {
			log.Error("read road file anew", "file", m.path, "error", err)
			continue
		}
		log.Warn("road file read anew", "file", m.path, "version", m.Version())
	}
}

// reread takes the road file as it is now.
func (m *measuring) reread() error {
	router, err := m.setting.openRoads(m.path)
	if err != nil {
		return err
	}
	if router.Version() == m.Version() {
		return router.Graph().Close()
	}
	m.guide.Swap(router)
	return nil
}
