package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"

	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/internal/audit"
	"pinhuo/internal/store"
)

// auditCommand checks a database by code that shares nothing with the matcher.
type auditCommand struct {
	database
	blobbing
	Log         bool     `help:"Follow the log of acts alone: whether a row was cut, changed, put elsewhere or added by another hand."`
	Head        []string `help:"End of a log as --log printed it before and it was written down, MARKET:NUMBER:HASH; may be given again." name:"head" sep:"none"`
	JSON        bool     `help:"Print the whole report as JSON." name:"json"`
	Roads       string   `help:"Road file that trips were measured with; none when empty." type:"existingfile"`
	RoadProfile string   `help:"Vehicle profile of the road file; its first when empty." name:"road-profile"`
	Factor      float64  `help:"Road metres for each great-circle metre that the trips were measured with." default:"1.24" env:"PINHUO_FACTOR"`
	Speed       float64  `help:"Speed in km/h that the trips were measured with." default:"60" env:"PINHUO_SPEED"`
}

// Run prints what does not hold and exits with 1 when anything does not. It may
// run beside the server.
func (c *auditCommand) Run(ctx context.Context, io streams) error {
	routers, err := c.routers()
	if err != nil {
		return err
	}
	heads, err := c.heads()
	if err != nil {
		return err
	}
	held, err := c.held(c.Data)
	if err != nil {
		return err
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	if c.Log {
		return c.followLogs(ctx, s, heads, io)
	}
	var report audit.Report
	err = s.Snapshot(ctx, func(snapshot *store.Snapshot) (err error) {
		report, err = audit.Audit(ctx, snapshot, audit.Options{Routers: routers, Blobs: held})
		return err
	})
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	if err := c.print(report, io); err != nil {
		return err
	}
	if report.Violations > 0 {
		return exit(1)
	}
	return nil
}

// routers are those that may have measured a trip. A road file stays open as long
// as the process.
func (c *auditCommand) routers() ([]geo.Router, error) {
	fallback, err := roads.NewFallback(c.Factor, c.Speed)
	if err != nil || c.Roads == "" {
		return []geo.Router{fallback}, err
	}
	router, err := roading{RoadProfile: c.RoadProfile}.openRoads(c.Roads)
	if err != nil {
		return nil, err
	}
	return []geo.Router{fallback, router}, nil
}

func (c *auditCommand) print(report audit.Report, io streams) error {
	if c.JSON {
		encoder := json.NewEncoder(io.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(report)
	}
	kinds := make([]string, 0, len(report.Rows))
	for kind := range report.Rows {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		fmt.Fprintf(io.out, "%s: %d\n", kind, report.Rows[kind])
	}
	if report.Unmeasured > 0 {
		fmt.Fprintf(io.out, "trips of other routers, taken as they stand: %d\n", report.Unmeasured)
	}
	for _, v := range report.List {
		fmt.Fprintln(io.out, v)
	}
	_, err := fmt.Fprintf(io.out, "violations: %d\n", report.Violations)
	return err
}
