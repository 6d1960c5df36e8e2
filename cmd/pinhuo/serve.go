package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"pinhuo/api"
	"pinhuo/api/live"
	"pinhuo/freight"
	"pinhuo/geo/places"
	"pinhuo/internal/accounts"
	"pinhuo/internal/dispatch"
	"pinhuo/internal/store"
	"pinhuo/web"
)

// serveCommand runs the server.
type serveCommand struct {
	database
	logging
	exposure
	mapping
	roading
	blobbing
	Listen    string         `help:"Address to listen on." default:"127.0.0.1:8080" env:"PINHUO_LISTEN"`
	PublicURL string         `help:"URL under which people reach the server, for links; an https URL marks cookies secure." env:"PINHUO_PUBLIC_URL" name:"public-url"`
	Origin    []string       `help:"Further origins whose pages may write and connect." env:"PINHUO_ORIGIN"`
	Costs     string         `help:"Cost file; the built-in one when empty." env:"PINHUO_COSTS" type:"path"`
	Hours     string         `help:"By which rules drivers rest on trips that state none, such as drive=4h,rest=20m,day=8h,reset=11h,at=waiting; none when empty." env:"PINHUO_DRIVER_HOURS" name:"driver-hours"`
	TruckBans string         `help:"File that says where and when which trucks may not be; none when empty." env:"PINHUO_TRUCK_BANS" name:"truck-bans" type:"path"`
	Factor    float64        `help:"Road metres for each great-circle metre, without a road graph." default:"1.24" env:"PINHUO_FACTOR"`
	Speed     float64        `help:"Speed in km/h, without a road graph." default:"60" env:"PINHUO_SPEED"`
	Planners  int            `help:"Planning goroutines of a market; 0 for one less than there are cores, and at least one." default:"0" env:"PINHUO_PLANNERS"`
	Pools     *time.Duration `help:"Time between two searches for loads that together pay for a hired truck; 0 for none. The longer, the more loads gather. 15m when not given, in a demonstration 1m." env:"PINHUO_POOLS"`
	Batch     time.Duration  `help:"Time between two rounds in which all that waits is packed as a whole; 0 for none." default:"0" env:"PINHUO_BATCH"`
	Hold      time.Duration  `help:"Time that a load and a truck that both wait may wait for the best set; needs --batch. 0 to offer every load at once." default:"0" env:"PINHUO_HOLD"`
	PoolAfter *time.Duration `help:"Time that a load waits for a truck that passes by before it is asked to share one. 30m when not given, in a demonstration 3m." env:"PINHUO_POOL_AFTER" name:"pool-after"`
	Idle      time.Duration  `help:"Time after which a trip without loads is told why and what change would help; 0 for never." default:"30m" env:"PINHUO_TRIP_ANSWER" name:"trip-answer"`
	Reloads   time.Duration  `help:"Time between two looks at what trucks could carry home from the end of their trips; 0 for none." default:"15m" env:"PINHUO_RELOADS"`
	BriefHour int            `help:"Hour of the day, in the market's time, at which the desk is told what its day came to." default:"18" env:"PINHUO_BRIEF_HOUR" name:"brief-hour"`
	Silent    bool           `help:"Ask drivers only while their trucks stand, unless they say otherwise or are two." default:"true" negatable:"" env:"PINHUO_SILENT_DRIVING" name:"silent-driving"`
	TopOff    bool           `help:"Let trucks that are under way turn off the drive they are on for a load." default:"true" negatable:"" env:"PINHUO_TOP_OFF" name:"top-off"`
	Rate      float64        `help:"Requests a second that one account may make." default:"50" env:"PINHUO_RATE"`
	Burst     int            `help:"Requests that one account may make at once." default:"200" env:"PINHUO_BURST"`
	Drain     time.Duration  `help:"Time that requests and sockets are given to end at shutdown." default:"10s" env:"PINHUO_DRAIN"`
	Demo      bool           `help:"Run a demonstration market around Haimen in a database of its own; logs warnings only." env:"PINHUO_DEMO"`
	DemoSeed  uint64         `help:"Seed of the demonstration." default:"1" env:"PINHUO_DEMO_SEED"`
}

// Run serves until it is told to stop.
func (c *serveCommand) Run(ctx context.Context, io streams) error {
	if err := c.check(); err != nil {
		return err
	}
	log := c.logger(io)
	open := c.open
	if c.Demo {
		open = c.found
	}
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err := s.Close(); err != nil {
			log.Error("close database", "error", err)
		}
	}()
	if c.Demo {
		if err := initDemo(ctx, s); err != nil {
			return err
		}
	}
	srv, err := c.build(ctx, s, log)
	if err != nil {
		return err
	}
	return srv.run(ctx, c, s, io)
}

// check refuses settings that contradict each other.
func (c *serveCommand) check() error {
	c.pooling()
	switch {
	case c.Demo && c.DatabaseURL != "":
		return errors.New("--demo runs on a database of its own: leave out --database-url (PINHUO_DATABASE_URL)")
	case c.Planners < 0:
		return errors.New("--planners (PINHUO_PLANNERS) must be 0 or more")
	case c.Batch < 0 || c.Batch > 0 && c.Batch < time.Second || c.Hold < 0:
		return errors.New("--batch (PINHUO_BATCH) must be 0 or at least 1s, and --hold (PINHUO_HOLD) 0 or more")
	case *c.Pools < 0 || *c.PoolAfter < 0:
		return errors.New("--pools (PINHUO_POOLS) and --pool-after (PINHUO_POOL_AFTER) must be 0 or more")
	case c.Idle < 0:
		return errors.New("--trip-answer (PINHUO_TRIP_ANSWER) must be 0 or more")
	case c.Reloads < 0:
		return errors.New("--reloads (PINHUO_RELOADS) must be 0 or more")
	case c.BriefHour < 0 || c.BriefHour > 23:
		return errors.New("--brief-hour (PINHUO_BRIEF_HOUR) must be 0 to 23")
	case c.Rate <= 0 || c.Burst <= 0:
		return errors.New("--rate (PINHUO_RATE) and --burst (PINHUO_BURST) must be above 0")
	}
	if c.PublicURL != "" {
		if err := checkURL(c.PublicURL); err != nil {
			return err
		}
	}
	if err := c.exposure.check(); err != nil {
		return err
	}
	if err := c.tiles().Check(); err != nil {
		return fmt.Errorf("--tiles (PINHUO_TILES): %w", err)
	}
	if c.Demo && c.Data != "" {
		c.Data += "/demo"
	}
	if c.Demo {
		c.LogLevel = max(c.LogLevel, slog.LevelWarn) // the sign-in links are to stay on the screen
	}
	if c.Planners == 0 {
		c.Planners = max(1, runtime.GOMAXPROCS(0)-1) // a core is left to the writer
	}
	return nil
}

// pooling settles how often pools are looked for: in a demonstration, which nobody
// watches for an hour, sooner than in a market.
func (c *serveCommand) pooling() {
	every, after := 15*time.Minute, 30*time.Minute
	if c.Demo {
		every, after = time.Minute, 3*time.Minute
	}
	if c.Pools == nil {
		c.Pools = &every
	}
	if c.PoolAfter == nil {
		c.PoolAfter = &after
	}
}

// server is everything that runs.
type server struct {
	log     *slog.Logger
	markets exchange
	hub     *live.Hub
	gate    *accounts.Accounts
	handler http.Handler
	metrics *prometheus.Registry
	roads   *measuring
	shown   pictures
}

// build wires the rooms together.
func (c *serveCommand) build(ctx context.Context, s *store.Store, log *slog.Logger) (*server, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	prices, err := costs(c.Costs)
	if err != nil {
		return nil, err
	}
	rules, err := duty(c.Hours)
	if err != nil {
		return nil, err
	}
	bans, err := truckBans(c.TruckBans)
	if err != nil {
		return nil, err
	}
	roads, err := c.measuring(registry, log)
	if err != nil {
		return nil, err
	}
	router := roads.Router
	shown, err := c.pictures(c.Data)
	if err != nil {
		return nil, err
	}
	srv := &server{log: log, metrics: registry, roads: roads, shown: shown}
	srv.gate = accounts.New(accounts.Config{Store: s, Mint: minter{}, Log: log, Revoked: func(id freight.ID) { srv.hub.Revoke(id) }})
	epoch, key, err := s.Identity(ctx)
	if err != nil {
		return nil, err
	}
	sealer := live.NewSealer(key, epoch)
	if srv.hub, err = live.New(c.live(live.Config{History: s, Render: api.Render, Sealer: sealer, Check: srv.gate.Check,
		Origins: c.Origin, Log: log, Metrics: registry})); err != nil {
		return nil, err
	}
	if err := srv.openMarkets(ctx, dispatch.Config{Holder: holder(), Store: s, Publisher: srv.hub, Router: router, Costs: prices, Fees: freight.DefaultFees(), Leases: freight.DefaultLeases(), Duty: rules, Bans: bans,
		Mint: minter{}, Log: log, Metrics: dispatch.NewMetrics(registry), Batch: dispatch.Batch{Every: span(c.Batch), Hold: span(c.Hold)}, Pools: *c.Pools, PoolAfter: *c.PoolAfter, Idle: c.Idle, Reloads: c.Reloads, TopOff: c.TopOff, Silent: c.Silent, Receipts: true, Ghosts: true}, s); err != nil {
		return nil, err
	}
	registry.MustRegister(lateLoads(s, srv.markets), newTicketGauges(s, srv.markets))
	gazetteer, err := places.Load()
	if err != nil {
		return nil, err
	}
	srv.handler, err = api.New(api.Config{
		Exchange: srv.markets, Quotes: srv.markets, Reader: s, Desk: s, Gate: srv.gate, Towns: towns{gazetteer}, Sites: s, Positions: s, Proofs: s, Pictures: shown, Ways: ways{router}, Roads: roads, Cursors: sealer, Now: wall, Minter: minter{},
		Costs: prices, Log: log, Checks: []api.Check{{Name: "writer", Ready: srv.markets.ready}, {Name: "writes", Ready: srv.markets.writable}, {Name: "database", Ready: s.Ready}},
		Stream: srv.hub, Page: web.Handler(c.tiles()), Metrics: registry, Proxies: c.proxies,
		Origins: c.Origin, Secure: secure(c.PublicURL), Limit: api.Limit{PerSecond: c.Rate, Burst: c.Burst},
	})
	return srv, err
}

// openMarkets takes the lease of every market in the database.
func (srv *server) openMarkets(ctx context.Context, cfg dispatch.Config, s *store.Store) error {
	list, err := s.Markets(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return errors.New("the database holds no market: make one with `pinhuo admin init`, or look around with `pinhuo serve --demo`")
	}
	srv.markets = exchange{}
	for _, market := range list {
		cfg.Market = market.ID
		if err := srv.roads.serve(market); err != nil {
			return err
		}
		engine, err := dispatch.Open(ctx, cfg)
		if err != nil {
			return fmt.Errorf("market %q: %w", market.Name, err)
		}
		srv.markets[market.ID] = dispatch.NewDispatcher(engine, wall)
	}
	var named []freight.Router
	for _, d := range srv.markets {
		named = append(named, d.Routers()...)
	}
	srv.roads.kept.drop(named, srv.roads.Version())
	return nil
}

func (c *serveCommand) listener() (net.Listener, error) {
	listener, err := net.Listen("tcp", c.Listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("--listen (PINHUO_LISTEN): %s is taken, perhaps by a pinhuo that is running; choose another, such as 127.0.0.1:0 for any free port", c.Listen)
	case err != nil:
		return nil, fmt.Errorf("--listen (PINHUO_LISTEN): %w", err)
	}
	return listener, nil
}

// run serves until ctx ends or a part fails, then drains: no new requests, then
// the sockets, then the writers, then the database.
func (srv *server) run(ctx context.Context, c *serveCommand, s *store.Store, io streams) error {
	listener, err := c.listener()
	if err != nil {
		return err
	}
	metrics, err := c.listenMetrics(srv.metrics, srv.log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	web := newWeb(srv.handler, srv.log)
	url := c.url(listener.Addr())
	srv.log.Info("serving", "url", url, "markets", len(srv.markets), "engine", s.Engine())
	if c.PublicURL != "" {
		url = c.PublicURL
	}

	writing, stopWriting := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWriting()
	group, running := errgroup.WithContext(ctx)
	for _, d := range srv.markets {
		group.Go(func() error { return d.Run(writing, c.Planners) })
	}
	group.Go(func() error { return srv.hub.Run(writing) })
	group.Go(func() error { return srv.manDesks(running, s) })
	group.Go(func() error { return srv.briefDesks(running, s, c.BriefHour) })
	group.Go(func() error { return srv.sweep(running, s) })
	group.Go(func() error { return serving(web, listener) })
	group.Go(func() error { return metrics.run(writing) })
	group.Go(func() error { return srv.roads.watch(running) })
	fmt.Fprintln(io.err, srv.roads)
	if c.Demo {
		group.Go(func() error { return srv.demo(running, c, s, c.url(listener.Addr()), io) })
	} else {
		fmt.Fprintf(io.out, "pinhuo is ready at %s\n", url)
	}
	group.Go(func() error {
		<-running.Done()
		srv.drain(web, c.Drain)
		stopWriting()
		return nil
	})
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// newWeb is an HTTP server with the limits of the API.
func newWeb(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: api.ReadHeaderTimeout, ReadTimeout: api.ReadTimeout,
		WriteTimeout: api.WriteTimeout, IdleTimeout: api.IdleTimeout, MaxHeaderBytes: api.MaxHeaderBytes,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
}

// serving serves until the server is closed.
func serving(web *http.Server, listener net.Listener) error {
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (srv *server) drain(web *http.Server, span time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), span)
	defer cancel()
	srv.log.Info("draining")
	if err := srv.hub.Drain(ctx); err != nil {
		srv.log.Warn("sockets cut", "error", err)
	}
	if err := web.Shutdown(ctx); err != nil {
		srv.log.Warn("requests cut", "error", err)
	}
}

// sweep removes what is kept for a while only: old first answers and refused acts, where
// trucks were, pictures without a row, ended sessions and links.
func (srv *server) sweep(ctx context.Context, s *store.Store) error {
	timer := time.NewTicker(time.Hour)
	defer timer.Stop()
	for {
		if _, err := s.SweepAnswers(ctx, wall()); err != nil && ctx.Err() == nil {
			srv.log.Warn("sweep answers", "error", err)
		}
		if _, err := s.SweepPositions(ctx, wall()); err != nil && ctx.Err() == nil {
			srv.log.Warn("sweep positions", "error", err)
		}
		if _, err := s.SweepDeeds(ctx, wall()); err != nil && ctx.Err() == nil {
			srv.log.Warn("sweep the log of acts", "error", err)
		}
		if _, err := srv.shown.blobs.Sweep(ctx, wall(), s.Pointed); err != nil && ctx.Err() == nil {
			srv.log.Warn("sweep pictures", "error", err)
		}
		if err := s.Sweep(ctx, wall()-keepAccounts); err != nil && ctx.Err() == nil {
			srv.log.Warn("sweep accounts", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
	}
}

// keepAccounts is how long ended sessions, links and tokens are kept.
const keepAccounts = 90 * freight.Day

func (c *serveCommand) url(addr net.Addr) string { return "http://" + addr.String() }

func secure(url string) bool { return len(url) > 8 && url[:8] == "https://" }
