package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
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
	list, err := openRouters(path, r.RoadProfile)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// openRouters opens a road file and makes a router of each profile that is named ("" is
// the file's first), or of all there are where none is.
func openRouters(path string, profiles ...string) ([]*roads.Router, error) {
	g, err := roads.Open(path)
	if err != nil {
		return nil, err
	}
	if len(profiles) == 0 {
		for _, p := range g.Meta().Profiles {
			profiles = append(profiles, p.Name)
		}
	}
	list := make([]*roads.Router, len(profiles))
	for i, name := range profiles {
		if list[i], err = g.Router(roads.RouterOptions{Profile: name}); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, err), g.Close())
		}
	}
	return list, nil
}

// measuring is the router of a server and what it was made of.
type measuring struct {
	geo.Router
	setting roading
	log     *slog.Logger
	kept    keptRoads
	path    string        // of the road file, "" for none
	router  *roads.Router // of that file when the server started
	guide   *roads.Guide  // nil where no graph has ever measured anything

	mu      sync.Mutex       // one reading at a time
	markets []freight.Market // a file that has nothing of one's region is refused
}

// measuring makes the server's router: by the road file where there is one, else
// by estimates; what live trips were announced under is found among the kept files.
func (c *serveCommand) measuring(registry prometheus.Registerer, log *slog.Logger) (*measuring, error) {
	fallback, err := roads.NewFallback(c.Factor, c.Speed)
	if err != nil {
		return nil, err
	}
	m := &measuring{Router: fallback, setting: c.roading, log: log, kept: keptRoads{filepath.Join(c.Data, "kept-roads"), log}}
	dirs := []string{c.Data}
	if c.Demo {
		dirs = append(dirs, filepath.Dir(c.Data))
	}
	if m.path, err = c.roadFile(dirs...); err != nil {
		return nil, err
	}
	before := m.kept.open()
	if m.path != "" {
		if m.router, err = c.openRoads(m.path); err != nil {
			return nil, err
		}
		m.kept.keep(m.router.Graph(), m.path)
	}
	if m.router == nil && len(before) == 0 {
		return m, nil
	}
	m.guide = roads.NewGuide(fallback, m.router, 0)
	for _, r := range before {
		m.guide.Recall(r)
	}
	m.Router = m.guide
	m.measured(registry)
	return m, nil
}

// measured registers how well the memory of drives works.
func (m *measuring) measured(registry prometheus.Registerer) {
	asked := func() float64 { asked, _ := m.guide.Remembered(); return float64(asked) }
	hits := func() float64 { _, hits := m.guide.Remembered(); return float64(hits) }
	registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "pinhuo_road_drives_asked", Help: "Drives asked of the road file in use."}, asked),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "pinhuo_road_drives_remembered", Help: "Drives of those that were known from before."}, hits),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "pinhuo_road_drives_hit_ratio", Help: "Share of the drives asked that were remembered."},
			func() float64 { return hits() / max(asked(), 1) }))
}

// String says in a line where the distances come from.
func (m *measuring) String() string {
	if m.guide == nil || m.path == "" {
		return fmt.Sprintf("distances: %s %s (no road file)", m.Method(), m.Version())
	}
	return fmt.Sprintf("distances: %s %s (%s)", m.Method(), m.Version(), m.path)
}

// serve notes that a market is measured. It fails where the road file has nothing of
// its region.
func (m *measuring) serve(market freight.Market) error {
	m.markets = append(m.markets, market)
	if m.router == nil {
		return nil
	}
	return m.covers(market, m.router)
}

func (m *measuring) covers(market freight.Market, router *roads.Router) error {
	if router.Touches(geo.Box(market.Box)) {
		return nil
	}
	return fmt.Errorf("%s has no roads in the region of market %q: %w", m.path, market.Name, roads.ErrRegion)
}

// watch reads the road file anew at every SIGHUP.
func (m *measuring) watch(ctx context.Context) error {
	if m.path == "" {
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
		if _, err := m.reread(); err != nil {
			m.log.Error("read road file anew", "file", m.path, "error", err)
		}
	}
}
