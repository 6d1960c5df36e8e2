package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"pinhuo/internal/audit"
	"pinhuo/internal/store"
)

// heads are the ends of logs that were written down before.
func (c *auditCommand) heads() ([]audit.Head, error) {
	if len(c.Head) > 0 && !c.Log {
		return nil, errors.New("--head goes with --log")
	}
	var heads []audit.Head
	for _, text := range c.Head {
		head, err := audit.ParseHead(text)
		if err != nil {
			return nil, err
		}
		heads = append(heads, head)
	}
	return heads, nil
}

// followLogs prints what following the logs of acts came to and exits with 1 where one
// is not whole.
func (c *auditCommand) followLogs(ctx context.Context, s *store.Store, heads []audit.Head, io streams) error {
	var logs []audit.Log
	var report audit.Report
	err := s.Snapshot(ctx, func(snapshot *store.Snapshot) (err error) {
		logs, report, err = audit.Logs(ctx, snapshot, heads)
		return err
	})
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(io.out)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(struct {
			Logs   []audit.Log  `json:"logs"`
			Report audit.Report `json:"report"`
		}{logs, report})
	} else {
		err = printLogs(logs, report, io)
	}
	if err == nil && report.Violations > 0 {
		err = exit(1)
	}
	return err
}

func printLogs(logs []audit.Log, report audit.Report, io streams) error {
	for _, l := range logs {
		if l.Since == 0 {
			fmt.Fprintf(io.out, "%s: not chained yet: the next server that runs the market begins it\n", l.Market)
			continue
		}
		fmt.Fprintf(io.out, "%s: acts %d to %d", l.Market, l.From, l.Seq)
		if l.Filled >= l.From {
			fmt.Fprintf(io.out, "; those up to %d were there when the chain was begun, after %s", l.Filled, time.UnixMilli(int64(l.Since)).UTC().Format(time.RFC3339))
		}
		fmt.Fprintf(io.out, "\nhead: %s\n", l.Head)
		if l.First != nil {
			fmt.Fprintf(io.out, "first: %s\n", l.First)
		}
	}
	for _, v := range report.List {
		fmt.Fprintln(io.out, v)
	}
	_, err := fmt.Fprintf(io.out, "violations: %d\n", report.Violations)
	return err
}
