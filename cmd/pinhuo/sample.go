package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pinhuo/geo"
	"pinhuo/geo/places"
	"pinhuo/internal/sample"
)

// sampleCommand makes up a day of freight for a replay.
type sampleCommand struct {
	Box   string `help:"Region, as south,west,north,east in degrees." default:"27.1,115.3,34.3,123.75"`
	Loads int    `help:"Number of loads." default:"400"`
	Trips int    `help:"Number of trips." default:"160"`
	Seed  uint64 `help:"Seed of the day." default:"1"`
	Day   string `help:"The day." default:"2026-03-02"`
	Zone  string `help:"Zone in which its times are written." default:"Asia/Shanghai"`
	Out   string `help:"Directory for loads.csv and trips.csv." short:"o" required:"" type:"path"`
}

// Run writes the two files, over older ones.
func (c *sampleCommand) Run(streams) error {
	box, err := parseBox(c.Box)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return fmt.Errorf("--zone: %w", err)
	}
	day, err := time.ParseInLocation(time.DateOnly, c.Day, zone)
	if err != nil {
		return fmt.Errorf("--day: %w", err)
	}
	if c.Loads < 1 || c.Trips < 1 {
		return errors.New("--loads and --trips must be 1 or more")
	}
	gazetteer, err := places.Load()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	var files [2]*os.File
	for i, name := range []string{"loads.csv", "trips.csv"} {
		if files[i], err = os.Create(filepath.Join(c.Out, name)); err != nil {
			return fmt.Errorf("sample: %w", err)
		}
	}
	err = sample.Write(gazetteer, files[0], files[1], sample.Options{Box: geo.Box(box), Loads: c.Loads, Trips: c.Trips, Seed: c.Seed, Day: day})
	return errors.Join(err, files[0].Close(), files[1].Close())
}
