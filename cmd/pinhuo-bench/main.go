// Command pinhuo-bench measures pinhuo on the machine it runs on: what one
// commit costs, how many posts a server takes, how fast an offer reaches a
// phone, how long an index of a million trips searches and how long a recorded week takes. Every figure is checked before it is
// believed: a run whose acknowledged rows are not in the database is an error
// and not a figure. docs/benchmarks.md says what each figure means.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// commit is set by the linker.
var commit = "unknown"

// options are what every benchmark is told.
type options struct {
	Engine      string        `help:"Database: sqlite, postgres or both." enum:"sqlite,postgres,both" default:"both"`
	Runs        int           `help:"Runs of each figure; the table shows their minimum, median and maximum." default:"5"`
	Time        time.Duration `name:"seconds" help:"Length of one run, such as 3s; a plain number is seconds." default:"3" type:"seconds"`
	Seed        uint64        `help:"Seed of the trips and loads." default:"1"`
	Trips       int           `help:"Open trips that the http and push benchmarks match against." default:"10000"`
	DatabaseURL string        `name:"database-url" help:"PostgreSQL server to use, by an account that may create databases; a private one is started when empty."`
	Binary      string        `help:"The pinhuo program that is measured." default:"bin/pinhuo" type:"path"`
	Profile     string        `help:"Folder for CPU profiles of the commit, http and accept benchmarks, none when empty." type:"path"`
	JSON        bool          `name:"json" help:"Print one JSON object instead of tables."`
}

// check refuses options that make no sense, by name.
func (o *options) check() error {
	switch {
	case o.Runs < 1:
		return fmt.Errorf("--runs %d: at least 1", o.Runs)
	case o.Time <= 0:
		return fmt.Errorf("--seconds %s: must be above 0", o.Time)
	case o.Trips < 1:
		return fmt.Errorf("--trips %d: at least 1", o.Trips)
	}
	return nil
}

// engines lists the databases that were asked for.
func (o *options) engines() []string {
	if o.Engine == "both" {
		return []string{sqlite, postgres}
	}
	return []string{o.Engine}
}

// commands are the benchmarks.
type commands struct {
	options
	Commit commitCommand `cmd:"" help:"Posts through the writer alone, without HTTP and without matching."`
	HTTP   httpCommand   `cmd:"" name:"http" help:"Posts over HTTP with matching against open trips."`
	Push   pushCommand   `cmd:"" help:"Time from sending a post until a carrier's socket holds its offer."`
	Accept acceptCommand `cmd:"" help:"Drivers' yeses at a steady rate, with 1,000 open offers before them."`
	Replay replayCommand `cmd:"" help:"A recorded week through the exchange, where the data is at hand."`
	Places placesCommand `cmd:"" help:"The gazetteer: until it is ready, its size, and searches as they are typed."`
	Waves  wavesCommand  `cmd:"" help:"Whom to ask for one load among 100,000 operators who say how they want to be asked."`
	Fits   fitsCommand   `cmd:"" help:"One judgement of a load on a truck with six riders aboard, every rule in play."`
	Round  roundCommand  `cmd:"" help:"A round of 256 mixed commands on a book of open trips, without its commit."`
	Index  indexCommand  `cmd:"" help:"The corridor index with exact insertion behind it: a line of JSON for each number of trips."`
	All    allCommand    `cmd:"" default:"1" help:"All of these, one after the other."`
}

// allCommand runs every benchmark.
type allCommand struct{}

// Run runs them in the order of the table.
func (allCommand) Run(b *bench) error {
	for _, one := range []interface{ Run(b *bench) error }{commitCommand{}, httpCommand{}, pushCommand{}, acceptCommand{Open: 1000}, replayCommand{}, placesCommand{}, wavesCommand{}, fitsCommand{}, roundCommand{}} {
		if err := one.Run(b); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit code, 1 when a run was
// not what it should be and 2 for a command line that makes no sense.
func run(ctx context.Context, args []string, out, progress io.Writer) int {
	var cli commands
	code := -1
	parser, err := kong.New(&cli, kong.Name("pinhuo-bench"), kong.Description("Measures pinhuo on this machine."),
		kong.Writers(out, progress), kong.Exit(func(c int) { code = c }), kong.NamedMapper("seconds", secondsMapper{}))
	if err != nil {
		fmt.Fprintln(progress, "pinhuo-bench:", err)
		return 2
	}
	parsed, err := parser.Parse(args)
	if code >= 0 {
		return code
	}
	if err == nil {
		err = cli.check()
	}
	if err != nil {
		fmt.Fprintln(progress, "pinhuo-bench:", err)
		return 2
	}
	b := &bench{ctx: ctx, options: cli.options, progress: progress, out: out}
	err = parsed.Run(b)
	if closing := b.close(); err == nil {
		err = closing
	}
	if !b.lines {
		if printing := b.print(out); err == nil {
			err = printing
		}
	}
	if err != nil {
		fmt.Fprintln(progress, "pinhuo-bench:", err)
		return 1
	}
	return 0
}
