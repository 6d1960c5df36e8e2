package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"pinhuo/internal/pgtest"
)

// bench is one run of the program: what was asked for and what was measured.
type bench struct {
	options
	ctx      context.Context
	progress io.Writer
	out      io.Writer // of a command that prints lines as it goes
	lines    bool      // it does
	figures  []*figure
	notes    []string
	cluster  *pgtest.Cluster // of ours, nil before it is needed
}

// add notes the value of one run.
func (b *bench) add(name, engine, what, unit string, value float64, want *goal) {
	at := slices.IndexFunc(b.figures, func(f *figure) bool { return f.Bench == name && f.Engine == engine && f.Name == what })
	if at < 0 {
		at = len(b.figures)
		b.figures = append(b.figures, &figure{Bench: name, Engine: engine, Name: what, Unit: unit})
	}
	b.figures[at].Values = append(b.figures[at].Values, value)
	b.figures[at].Goal = want
}

// median is that of the runs so far; 0 before the first.
func (b *bench) median(name, engine, what string) float64 {
	for _, f := range b.figures {
		if f.Bench == name && f.Engine == engine && f.Name == what {
			return quantile(slices.Sorted(slices.Values(f.Values)), 0.5)
		}
	}
	return 0
}

// note adds a line under the table, once.
func (b *bench) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(b.notes, text) {
		b.notes = append(b.notes, text)
	}
}

// say tells whoever waits how far things are.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, format+"\n", args...)
}

// each calls one for every run of every engine that was asked for. An engine
// that this machine does not have is skipped by name.
func (b *bench) each(name string, runs int, one func(engine string) error) error {
	for _, engine := range b.engines() {
		for run := range runs {
			began := time.Now()
			err := one(engine)
			if errors.Is(err, pgtest.ErrMissing) {
				b.note("%s on %s skipped: %v", name, engine, err)
				break
			}
			if err != nil {
				return fmt.Errorf("%s on %s, run %d: %w", name, engine, run+1, err)
			}
			b.say("%s on %s: run %d of %d, %.1f s", name, engine, run+1, runs, time.Since(began).Seconds())
		}
	}
	return nil
}

// print writes the report.
func (b *bench) print(w io.Writer) error {
	r := report{Machine: thisMachine(), Methods: map[string]string{}, Seed: b.Seed, Seconds: b.Time.Seconds(), Notes: b.notes, Figures: b.figures}
	for _, f := range b.figures {
		f.settle()
		r.Methods[f.Bench] = methods[f.Bench]
	}
	return r.write(w, b.JSON)
}

// close stops the private PostgreSQL.
func (b *bench) close() error {
	if b.cluster == nil {
		return nil
	}
	return b.cluster.Stop()
}
