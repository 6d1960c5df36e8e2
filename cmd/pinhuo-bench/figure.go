package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// figure is one line of the table: the values of all runs.
type figure struct {
	Bench  string    `json:"bench"`
	Engine string    `json:"engine,omitempty"`
	Name   string    `json:"figure"`
	Unit   string    `json:"unit"`
	Values []float64 `json:"runs"`
	Min    float64   `json:"min"`
	Median float64   `json:"median"`
	Max    float64   `json:"max"`
	Goal   *goal     `json:"goal,omitempty"`
}

// goal is what the median is held to.
type goal struct {
	Sign string  `json:"sign"` // ">=" or "<="
	At   float64 `json:"at"`
	Met  bool    `json:"met"`
}

func atLeast(n float64) *goal { return &goal{Sign: ">=", At: n} }
func atMost(n float64) *goal  { return &goal{Sign: "<=", At: n} }

// settle computes what follows from the values.
func (f *figure) settle() {
	sorted := slices.Sorted(slices.Values(f.Values))
	f.Min, f.Median, f.Max = sorted[0], quantile(sorted, 0.5), sorted[len(sorted)-1]
	if f.Goal != nil {
		f.Goal.Met = f.Goal.Sign == ">=" && f.Median >= f.Goal.At || f.Goal.Sign == "<=" && f.Median <= f.Goal.At
	}
}

// quantile returns the value of a sorted list below which the share lies, by
// the nearest rank; 0 for an empty list.
func quantile[T cmp.Ordered](sorted []T, share float64) T {
	var none T
	if len(sorted) == 0 {
		return none
	}
	at := int(share*float64(len(sorted))+0.999999) - 1
	return sorted[min(max(at, 0), len(sorted)-1)]
}

// methods say how each benchmark was run.
var methods = map[string]string{
	"commit": "PostLoad with key and reference through dispatch.Dispatcher.Do, no HTTP, no planners; fresh database a run; lock: one transaction a command under one lock, 64 callers",
	"http":   "posts with key and reference over keep-alive connections from the same machine, fresh server process and database a run; matched: until the last post is planned",
	"push":   "POST sent until a carrier's socket holds the offer frame, 200 posts a second, from the same machine",
	"accept": "POST /v1/offers/{id}/accept of signed-in drivers, 200 a second in an open loop, from when each was due until its answer is read; every offer received before, 1,000 more of them open than are accepted; fresh server process and database a run",
	"places": "beginnings of names as they are typed, with and without a slip, 2,000 of each kind a run, the fastest of three searches counts",
	"round":  "a round of 256 commands by the engine on a store that is done at once, processor time of its thread; beside it an engine that is given the same commands one by one, 20 rounds a run, all answers and rows compared",
	"replay": "bin/pinhuo replay of a recorded week, fresh database a run",
}

// report is everything that was measured.
type report struct {
	Machine machine           `json:"machine"`
	Methods map[string]string `json:"methods"`
	Seed    uint64            `json:"seed"`
	Seconds float64           `json:"seconds_a_run"`
	Notes   []string          `json:"notes,omitempty"`
	Figures []*figure         `json:"figures"`
}

func (r *report) write(w io.Writer, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	m := r.Machine
	var b strings.Builder
	fmt.Fprintf(&b, "machine  %d cores, %s, Linux %s, %s\ncommit   %s\nseed     %d, %g s a run\n", m.Cores, m.CPU, m.Kernel, m.Go, m.Commit, r.Seed, r.Seconds)
	for _, name := range benchOrder {
		if text, ok := r.Methods[name]; ok {
			fmt.Fprintf(&b, "method   %s: %s\n", name, text)
		}
	}
	rows := [][]string{{"bench", "engine", "figure", "unit", "runs", "min", "median", "max", "goal", ""}}
	for _, f := range r.Figures {
		rows = append(rows, append([]string{f.Bench, f.Engine, f.Name, f.Unit, strconv.Itoa(len(f.Values)), short(f.Min), short(f.Median), short(f.Max)}, f.Goal.text()...))
	}
	b.WriteString("\n" + tabled(rows, 4, 8))
	for _, note := range r.Notes {
		b.WriteString(note + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// benchOrder is the order of the methods in the table's head.
var benchOrder = []string{"commit", "http", "push", "accept", "round", "replay"}

// text says what the goal is and whether it was met.
func (g *goal) text() []string {
	switch {
	case g == nil:
		return []string{"", ""}
	case g.Met:
		return []string{g.Sign + " " + short(g.At), "met"}
	}
	return []string{g.Sign + " " + short(g.At), "missed"}
}

// tabled writes rows as columns, those of numbers (from one, to before another)
// flush right.
func tabled(rows [][]string, from, to int) string {
	var wide []int
	for i := range rows[0] {
		most := 0
		for _, row := range rows {
			most = max(most, utf8.RuneCountInString(row[i]))
		}
		wide = append(wide, most)
	}
	var b strings.Builder
	for _, row := range rows {
		var line []string
		for i, text := range row {
			pad := strings.Repeat(" ", wide[i]-utf8.RuneCountInString(text))
			if i >= from && i < to {
				line = append(line, pad+text)
			} else {
				line = append(line, text+pad)
			}
		}
		b.WriteString(strings.TrimRight(strings.Join(line, "  "), " ") + "\n")
	}
	return b.String()
}

// short writes a figure with no more digits than it deserves: whole and with
// commas from 100 on, three digits below.
func short(x float64) string {
	if x < 100 && x > -100 {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	digits := strconv.FormatFloat(x, 'f', 0, 64)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, parts...), ",")
}
