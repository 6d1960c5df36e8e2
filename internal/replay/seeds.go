package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"

	"pinhuo/freight"
)

// mostSeeds is how many seeds can be replayed in one run.
const mostSeeds = 1000

// Spread is what a policy makes of the same rows under several seeds, beside the run in
// which every offer is accepted.
type Spread struct {
	Settings    Settings  `json:"defaults"`
	Undisturbed SeedRow   `json:"undisturbed"` // with the first seed
	Seeds       []SeedRow `json:"seeds"`
	Least       Shares    `json:"least"` // each of its seed
	Mean        Shares    `json:"mean"`
}

// SeedRow is what one run came to.
type SeedRow struct {
	Seed       uint64      `json:"seed"`
	Loads      int         `json:"loads"`
	Booked     int         `json:"booked"`
	Explained  int         `json:"explained"`  // without a deal, and told why
	Unanswered int         `json:"unanswered"` // neither booked nor explained by answer_by
	Value      freight.Fen `json:"value_fen"`
	Offers     int         `json:"offers"`
	Counters   int         `json:"counters"` // prices named
	Tickets    int         `json:"tickets"`  // loads that got a person
	Owned      int         `json:"owned"`    // tickets with an owner and a clock
	Counted    int         `json:"counted"`  // tickets with the reasons counted
	Violations *int        `json:"violations"`
	Missed     *int        `json:"missed"`
	Of         Shares      `json:"of_undisturbed"`
}

// Shares are parts of a whole, in percent.
type Shares struct {
	Booked float64 `json:"booked_percent"` // of those booked undisturbed
	Value  float64 `json:"value_percent"`  // of the undisturbed value
}

// RunSeeds replays the files once with every offer accepted, and then under the policy of
// opts with so many seeds from that of opts on, each on a market of its own and as many at
// once as there are processors, and writes how they compare to stdout. The exit code is 1
// where Run's would be for one of them, or a load was left unanswered, or a ticket without
// owner, clock or reasons. Progress is told of runs.
func RunSeeds(ctx context.Context, opts Options, seeds int, stdout, stderr io.Writer) (exit int, err error) {
	if err := opts.checkSeeds(seeds); err != nil {
		return 1, fmt.Errorf("replay: %w", err)
	}
	reports, err := runAll(ctx, opts, seeds, stderr)
	if err != nil {
		return 1, err
	}
	s := Spread{Settings: reports[1].Settings, Undisturbed: rowOf(reports[0])}
	s.Undisturbed.Of = s.shares(&s.Undisturbed)
	exit = reports[0].exit()
	for _, r := range reports[1:] {
		row := rowOf(r)
		row.Of = s.shares(&row)
		s.Seeds = append(s.Seeds, row)
		if r.exit() != 0 || row.Unanswered > 0 || row.Owned < row.Tickets || row.Counted < row.Tickets {
			exit = 1
		}
	}
	s.sum()
	if opts.JSON {
		text, err := json.MarshalIndent(&s, "", "  ")
		if err != nil {
			return 1, fmt.Errorf("replay: %w", err)
		}
		_, err = fmt.Fprintf(stdout, "%s\n", text)
		return exit, err
	}
	_, err = io.WriteString(stdout, s.text())
	return exit, err
}

// runAll returns the report of the undisturbed run and those of the seeds in their order,
// and writes what they have to say to stderr in that order. The first run that fails stops
// the others.
func runAll(ctx context.Context, opts Options, seeds int, stderr io.Writer) ([]*Report, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	reports, said := make([]*Report, seeds+1), make([]bytes.Buffer, seeds+1)
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var group sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for i := range reports {
		group.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			r, err := run(ctx, opts.ofRun(i), &said[i])
			if err != nil {
				stop(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			reports[i] = r
			if done++; opts.Progress != nil {
				opts.Progress(done, len(reports))
			}
		})
	}
	group.Wait()
	err := context.Cause(ctx)
	for i := range said {
		_, failed := said[i].WriteTo(stderr)
		err = errors.Join(err, failed)
	}
	return reports, err
}

// ofRun returns the options of one run: the undisturbed one is 0, the seeds count from 1.
func (o *Options) ofRun(i int) Options {
	one := *o
	one.Progress = nil
	if i == 0 {
		one.Policy = AllAccept
	} else {
		one.Seed += uint64(i - 1)
	}
	return one
}

// checkSeeds refuses what belongs to one run alone.
func (o *Options) checkSeeds(seeds int) error {
	var faults freight.Faults
	faults.Require(seeds >= 1 && seeds <= mostSeeds, "seeds", freight.ProblemRange, fmt.Sprint(seeds))
	for field, value := range map[string]string{"plan": o.Plan, "export": o.Export, "data": o.Dir, "database_url": o.URL} {
		faults.Require(value == "", field, freight.ProblemSplit, value)
	}
	faults.Require(!o.Bound, "bound", freight.ProblemSplit, "")
	return faults.Err()
}

func rowOf(r *Report) SeedRow {
	return SeedRow{Seed: r.Seed, Loads: r.Loads, Booked: r.Booked, Explained: r.Explained, Unanswered: r.Unanswered, Value: r.Value, Offers: r.Offers,
		Counters: r.Counters, Tickets: r.Tickets.Opened, Owned: r.Tickets.Owned, Counted: r.Tickets.Counted, Violations: r.Violations, Missed: r.Missed}
}

// shares sets a run beside the undisturbed one.
func (s *Spread) shares(row *SeedRow) (of Shares) {
	if n := s.Undisturbed.Booked; n > 0 {
		of.Booked = 100 * float64(row.Booked) / float64(n)
	}
	if v := s.Undisturbed.Value; v > 0 {
		of.Value = 100 * float64(row.Value) / float64(v)
	}
	return of
}

// sum finds the least and the mean of all seeds.
func (s *Spread) sum() {
	s.Least = s.Seeds[0].Of
	n := float64(len(s.Seeds))
	for _, row := range s.Seeds {
		s.Least.Booked, s.Least.Value = min(s.Least.Booked, row.Of.Booked), min(s.Least.Value, row.Of.Value)
		s.Mean.Booked, s.Mean.Value = s.Mean.Booked+row.Of.Booked/n, s.Mean.Value+row.Of.Value/n
	}
}

// text is the spread for people, a row a seed.
func (s *Spread) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-12s %6s %8s %12s %8s %8s %8s %11s %7s %9s %10s %7s\n", "seed", "booked", "of all", "value", "of all", "tickets", "of loads",
		"unanswered", "offers", "counters", "violations", "missed")
	line := func(name string, row *SeedRow) {
		fmt.Fprintf(&b, "%-12s %6d %6.1f %% %12s %6.1f %% %8d %8s %11d %7d %9d %10s %7s\n", name, row.Booked, row.Of.Booked, row.Value, row.Of.Value,
			row.Tickets, share(row.Tickets, row.Loads), row.Unanswered, row.Offers, row.Counters, counted(row.Violations), counted(row.Missed))
	}
	line("undisturbed", &s.Undisturbed)
	for i := range s.Seeds {
		line(fmt.Sprint(s.Seeds[i].Seed), &s.Seeds[i])
	}
	fmt.Fprintf(&b, "%-19s %6.1f %% %19.1f %%\n%-19s %6.1f %% %19.1f %%\n", "least", s.Least.Booked, s.Least.Value, "mean", s.Mean.Booked, s.Mean.Value)
	return b.String()
}

// counted is what the auditor found, "-" where it did not look.
func counted(n *int) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}
