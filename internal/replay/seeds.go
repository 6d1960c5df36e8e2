package replay

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"pinhuo/freight"
)

// mostSeeds is how many seeds can be replayed one after the other.
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
// opts with so many seeds from that of opts on, each on a market of its own, and writes how
// they compare to stdout. The exit code is 1 where Run's would be for one of them, or a load
// was left unanswered, or a ticket without owner, clock or reasons.
func RunSeeds(ctx context.Context, opts Options, seeds int, stdout, stderr io.Writer) (exit int, err error) {
	if err := opts.checkSeeds(seeds); err != nil {
		return 1, fmt.Errorf("replay: %w", err)
	}
	all := opts
	all.Policy = AllAccept
	whole, err := run(ctx, all, stderr)
	if err != nil {
		return 1, err
	}
	exit = whole.exit()
	s := Spread{Undisturbed: rowOf(whole)}
	s.Undisturbed.Of = s.shares(&s.Undisturbed)
	for range seeds {
		r, err := run(ctx, opts, stderr)
		if err != nil {
			return 1, err
		}
		row := rowOf(r)
		row.Of = s.shares(&row)
		s.Settings, s.Seeds = r.Settings, append(s.Seeds, row)
		if r.exit() != 0 || row.Unanswered > 0 || row.Owned < row.Tickets || row.Counted < row.Tickets {
			exit = 1
		}
		opts.Seed++
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
