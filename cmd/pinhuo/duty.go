package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pinhuo/freight"
)

// duty reads the rules of driving for trips that state none, such as
// "drive=4h,rest=20m,day=8h,reset=11h,at=waiting,drivers=1"; none when empty.
func duty(text string) (freight.Duty, error) {
	if text == "" {
		return freight.Duty{}, nil
	}
	d := freight.Duty{Drivers: 1, Counts: freight.RestsWaiting}
	for _, part := range strings.Split(text, ",") {
		if err := dutyPart(&d, strings.TrimSpace(part)); err != nil {
			return d, fmt.Errorf("--driver-hours (PINHUO_DRIVER_HOURS): %q: %w", part, err)
		}
	}
	var faults freight.Faults
	d.Check("driver_hours", &faults)
	if err := faults.Err(); err != nil {
		return d, fmt.Errorf("--driver-hours (PINHUO_DRIVER_HOURS) %q: %w", text, err)
	}
	return d, nil
}

func dutyPart(d *freight.Duty, part string) error {
	name, value, _ := strings.Cut(part, "=")
	spans := map[string]*int64{"drive": &d.DriveS, "rest": &d.RestS, "day": &d.DayS, "reset": &d.ResetS}
	switch to := spans[name]; {
	case to != nil:
		span, err := time.ParseDuration(value)
		if err != nil {
			return errors.New("want a time such as 4h or 20m")
		}
		*to = int64(span / time.Second)
	case name == "drivers":
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return errors.New("want 1 or 2")
		}
		d.Drivers = n
	case name == "at":
		d.Counts = freight.Rests(value)
	default:
		return errors.New("want drive, rest, day, reset, at or drivers")
	}
	return nil
}
