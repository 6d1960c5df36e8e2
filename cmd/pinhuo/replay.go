package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"pinhuo/api"
	"pinhuo/freight"
	"pinhuo/internal/dispatch"
	"pinhuo/internal/replay"
)

// replayCommand runs recorded freight through the exchange.
type replayCommand struct {
	Loads          string        `help:"CSV file of loads." required:"" type:"existingfile"`
	Trips          string        `help:"CSV file of trips." required:"" type:"existingfile"`
	Verify         bool          `help:"Let the auditor re-check every booking and every load without one."`
	Bound          bool          `help:"Set the outcome beside a proven bound on what could have been made of the day in hindsight; without --roads."`
	JSON           bool          `help:"Print the report as one JSON object." name:"json"`
	Plan           string        `help:"Write what was decided to this file." type:"path"`
	Export         string        `help:"Write the day to this file as an instance of poolbench/1, for pinhuo solve; gzipped where it ends in .gz." type:"path"`
	Roads          string        `help:"Road file; where it leads nowhere, and when empty, distances are estimated." type:"existingfile"`
	Profile        string        `help:"Vehicle profile of the road file; its first when empty."`
	Seed           uint64        `help:"Seed of ids and samples." default:"1"`
	Seeds          int           `help:"Replay once undisturbed and then with so many seeds from --seed on, and print how booked loads and value compare; 0 for one run with its report." default:"0"`
	Policy         string        `help:"What operators do with offers: accept all (all-accept), or by chance decline 40 of 100, leave 20 to run out, ask more for 10 and accept 30 (disturbed)." default:"all-accept" enum:"all-accept,disturbed"`
	Speed          float64       `help:"Speed in km/h; 0 for 60, or for 30 of all trips where one roams freely." default:"0" env:"PINHUO_REPLAY_SPEED"`
	DetourKM       int64         `help:"Detour limit in km ..." default:"50" name:"detour-km"`
	DetourPercent  int64         `help:"... or in percent of the direct drive, whichever is more." default:"15"`
	ExtraStops     int64         `help:"Stops that may be added to a trip." default:"60"`
	Service        int64         `help:"Seconds at a stop where the file says nothing." default:"900"`
	CeilingPercent int64         `help:"Most a shipper pays, in percent of the cost of going alone." default:"100"`
	Pools          time.Duration `help:"Simulated time between two searches for loads that together pay for a hired truck, whose shippers and operators agree at once; 0 for none." default:"0"`
	PoolAfter      time.Duration `help:"Time that a load waits for a truck that passes by before it is asked to share one." default:"30m" name:"pool-after"`
	TopOff         bool          `help:"Let trucks that are under way turn off the drive they are on for a load." default:"false" name:"top-off"`
	Batch          time.Duration `help:"Time between two rounds in which the market is packed as a whole; 0 to offer every load by itself." default:"0"`
	Hold           time.Duration `help:"How long a load may wait at the most for the best place; needs --batch." default:"0"`
	AnswerAfter    time.Duration `help:"How long operators take to answer." default:"0" name:"answer-after"`
	AnswerWithin   time.Duration `help:"Answer loads so long after they are posted, or when they are ready if that is sooner; 0 for the exchange's default." default:"0" name:"answer-within"`
	Costs          string        `help:"Cost file; the built-in one when empty." type:"path"`
	TruckBans      string        `help:"File of truck bans; none when empty." name:"truck-bans" type:"path"`
	Data           string        `help:"Directory for the embedded database, which must be empty of markets; a temporary one when empty." env:"PINHUO_REPLAY_DATA" type:"path"`
	DatabaseURL    string        `help:"PostgreSQL URL of a database empty of markets, instead of the embedded one." env:"PINHUO_REPLAY_DATABASE_URL" name:"database-url"`
}

// Run replays; the exit code is 1 when rows were rejected or the auditor found
// something.
func (c *replayCommand) Run(ctx context.Context, io streams) error {
	if c.Data != "" && c.DatabaseURL != "" {
		return errors.New("--data and --database-url contradict each other: name one database")
	}
	prices, err := costs(c.Costs)
	if err != nil {
		return err
	}
	bans, err := truckBans(c.TruckBans)
	if err != nil {
		return err
	}
	opts := replay.Options{
		Loads: c.Loads, Trips: c.Trips, Plan: c.Plan, Export: c.Export, JSON: c.JSON, Verify: c.Verify, Bound: c.Bound, URL: c.DatabaseURL, Dir: c.Data,
		Seed: c.Seed, Policy: c.Policy, KMH: c.Speed, DetourM: c.DetourKM * 1000, DetourPercent: c.DetourPercent,
		ExtraStops: c.ExtraStops, ServiceS: c.Service, CeilingPercent: c.CeilingPercent, Costs: prices, Bans: bans, Pools: int64(c.Pools / time.Second), PoolAfterS: int64(c.PoolAfter / time.Second), TopOff: c.TopOff, Progress: progress(), Say: api.Say, Roads: c.Roads, Profile: c.Profile,
		Batch:       dispatch.Batch{Every: span(c.Batch), Hold: span(c.Hold), Rounds: 1},
		AnswerAfter: span(c.AnswerAfter), AnswerWithin: span(c.AnswerWithin),
	}
	var code int
	if c.Seeds != 0 {
		code, err = replay.RunSeeds(ctx, opts, c.Seeds, io.out, io.err)
	} else {
		code, err = replay.Run(ctx, opts, io.out, io.err)
	}
	if err != nil {
		return err
	}
	if code != 0 {
		return exit(code)
	}
	return nil
}

func span(d time.Duration) freight.Instant { return freight.Instant(d.Milliseconds()) }

// progress draws a bar on a terminal and nothing anywhere else.
func progress() func(done, total int) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("replay"),
				progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop
	}
}
