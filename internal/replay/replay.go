package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/internal/dispatch"
	"pinhuo/internal/store"
)

// Options say what is replayed and how. [Defaults] gives the settings that the
// data leaves open.
type Options struct {
	Loads  string // CSV file
	Trips  string // CSV file
	Plan   string // file to write the plan to, "" for none
	Export string // file to write the day to as an instance of poolbench/1, "" for none
	JSON   bool   // the report for programs instead of people
	Verify bool   // let the auditor look at everything afterwards
	Bound  bool   // set the outcome beside what could have been made of the day in hindsight; without Roads

	URL string // PostgreSQL database, empty of markets; "" for SQLite
	Dir string // folder of the SQLite file, empty of markets; "" for one that is removed afterwards

	Seed           uint64  // of ids and samples
	Policy         string  // what operators do with offers, see Policies
	Roads          string  // road file, "" for the fallback alone
	Profile        string  // vehicle profile of the road file, "" for its first
	KMH            float64 // of the fallback router; 0 for 60, or 30 for all trips where one roams freely
	DetourM        int64   // detour limit in metres ...
	DetourPercent  int64   // ... or in percent of the direct drive, whichever is more
	ExtraStops     int64   // limit of stops added to a trip
	ServiceS       int64   // seconds at a stop where the file says nothing
	CeilingPercent int64   // of the cost of going alone: the most a shipper pays
	Pools          int64   // seconds between two searches for loads that could share a hired truck, 0 for none
	PoolAfterS     int64   // seconds that a load waits for a truck that passes by before it is pooled
	TopOff         bool    // trucks that are under way may turn off the drive they are on
	Costs          freight.Costs
	Bans           *freight.BanMap // where trucks may not be; nil for nowhere

	Batch        dispatch.Batch  // how the market is packed as a whole; Every 0 for not at all
	AnswerAfter  freight.Instant // how long operators take to answer, at most until the offer runs out
	AnswerWithin freight.Instant // loads are answered so long after they are posted, or when they are ready if that is sooner; 0 for the exchange's default

	// Say tells people an error of the exchange; nil for its codes.
	Say func(error) string

	// Progress, where set, is told after every row how many of all are done.
	Progress func(done, total int)
}

// Defaults returns the settings of a replay of two files.
func Defaults(loads, trips string) Options {
	return Options{
		Loads: loads, Trips: trips, Seed: 1, Policy: AllAccept, DetourM: 50_000, DetourPercent: 15, ExtraStops: 60,
		ServiceS: 900, CeilingPercent: 100, Costs: freight.DefaultCosts(),
	}
}

// The speeds of the fallback router in km/h.
const (
	routedKMH  = 60
	roamingKMH = 30
)

// Why a replay has the speed that it has.
const (
	becauseTold    = "told"            // the options name it
	becauseRouted  = "no trip roams"   // every trip has a destination
	becauseRoaming = "some trips roam" // one router measures them all
)

// Run replays the files, writes the report to stdout and what is wrong with the
// input, row by row, to stderr. The exit code is 0 when every row was used and,
// with Verify, nothing was found amiss; else 1. An error is a failure to run at
// all.
func Run(ctx context.Context, opts Options, stdout, stderr io.Writer) (exit int, err error) {
	report, err := run(ctx, opts, stderr)
	if err != nil {
		return 1, err
	}
	if err := report.write(stdout, opts.JSON); err != nil {
		return 1, fmt.Errorf("replay: %w", err)
	}
	return report.exit(), nil
}

// run replays the files and reports.
func run(ctx context.Context, opts Options, stderr io.Writer) (report *Report, err error) {
	began := time.Now()
	in, err := readFiles(&opts)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	in.pace(&opts)
	if in.because == becauseRoaming && in.bound > 0 {
		fmt.Fprintf(stderr, "%s roams freely, so all trips are driven at %d km/h, also the %d that do not roam (else at %d): "+
			"replay them in files of their own, or name one speed for all\n", in.roams, roamingKMH, in.bound, routedKMH)
	}
	if err := opts.check(); err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	db, dir, done, err := openStore(ctx, &opts)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	defer func() { err = errors.Join(err, done()) }()
	report, err = replayed(ctx, &opts, in, db, stderr)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	report.Seconds = time.Since(began).Seconds()
	if dir != "" {
		p50, err := fsyncP50(dir)
		if err != nil {
			return nil, fmt.Errorf("replay: %w", err)
		}
		fmt.Fprintf(stderr, "fsync p50 %.3f ms, %d transactions\n", float64(p50.Microseconds())/1000, report.Commits)
	}
	return report, nil
}

// replayed plays the rows on an empty database.
func replayed(ctx context.Context, opts *Options, in *input, db *store.Store, stderr io.Writer) (report *Report, err error) {
	r, err := newMarket(ctx, opts, in, db)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.shut()) }()
	if err := r.play(ctx); err != nil {
		return nil, err
	}
	for _, fault := range in.rejected {
		fmt.Fprintln(stderr, fault)
	}
	return r.report(ctx)
}

// check refuses settings that make no sense, by name.
func (o *Options) check() error {
	var faults freight.Faults
	need := func(ok bool, field string, value any) {
		faults.Require(ok, field, freight.ProblemRange, fmt.Sprint(value))
	}
	_, known := policies[o.Policy]
	need(known, "policy", o.Policy)
	need(o.DetourM >= 0 && o.DetourM <= 2_000_000, "detour_m", o.DetourM)
	need(o.DetourPercent >= 0 && o.DetourPercent <= 1000, "detour_percent", o.DetourPercent)
	need(o.ExtraStops >= 0 && o.ExtraStops <= 60, "extra_stops", o.ExtraStops)
	need(o.ServiceS >= 0 && o.ServiceS <= freight.MaxServiceS, "service_s", o.ServiceS)
	need(o.Pools >= 0 && o.Pools <= 604_800, "pools_s", o.Pools)
	need(o.PoolAfterS >= 0 && o.PoolAfterS <= 604_800, "pool_after_s", o.PoolAfterS)
	if o.Pools > 0 && o.Plan != "" { // a plan file has the trips of the input alone
		faults.Add(freight.Error{Code: freight.Invalid, Problem: freight.ProblemSplit, Field: "plan", Value: freight.Shorten(o.Plan)})
	}
	need(o.CeilingPercent >= 1 && o.CeilingPercent <= 1000, "ceiling_percent", o.CeilingPercent)
	if o.Bound && o.Roads != "" {
		faults.Add(freight.Error{Code: freight.Invalid, Problem: freight.ProblemSplit, Field: "bound", Value: freight.Shorten(o.Roads)})
	}
	if o.URL != "" && o.Dir != "" {
		faults.Add(freight.Error{Code: freight.Invalid, Problem: freight.ProblemSplit, Field: "database", Value: freight.Shorten(o.Dir)})
	}
	return faults.Err()
}

// openStore opens the database that the market is made in, and names the folder
// of its file where it is one. done closes it and removes it where nobody asked
// to keep it.
func openStore(ctx context.Context, opts *Options) (db *store.Store, dir string, done func() error, err error) {
	cfg, remove := store.Config{URL: opts.URL, Dir: opts.Dir}, func() error { return nil }
	if cfg.URL == "" && cfg.Dir == "" {
		if cfg.Dir, err = os.MkdirTemp("", "pinhuo-replay-"); err != nil {
			return nil, "", nil, err
		}
		remove = func() error { return os.RemoveAll(cfg.Dir) }
	}
	db, err = store.Open(ctx, cfg)
	if err != nil {
		return nil, "", nil, errors.Join(err, remove())
	}
	return db, cfg.Dir, func() error { return errors.Join(db.Close(), remove()) }, nil
}

// router makes the distances of the replay; shut gives the road file back.
func router(opts *Options) (r geo.Router, shut func() error, err error) {
	fallback, err := roads.NewFallback(roads.DefaultFactor, opts.KMH)
	if err != nil || opts.Roads == "" {
		return fallback, func() error { return nil }, err
	}
	g, err := roads.Open(opts.Roads)
	if err != nil {
		return nil, nil, err
	}
	on, err := g.Router(roads.RouterOptions{Profile: opts.Profile})
	if err != nil {
		return nil, nil, errors.Join(err, g.Close())
	}
	return roads.NewGuide(fallback, on, 0), g.Close, nil
}
