package main

import (
	"strings"
	"testing"

	"pinhuo/freight"
)

func TestDriverHoursOfTheMarket(t *testing.T) {
	want := freight.Duty{Drivers: 2, DriveS: 14_400, RestS: 1200, DayS: 28_800, ResetS: 39_600, Counts: freight.RestsStanding}
	if got, err := duty("drive=4h, rest=20m,day=8h,reset=11h,at=standing,drivers=2"); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := duty(""); err != nil || got.Said() {
		t.Errorf("nothing said: %+v, %v", got, err)
	}
	for text, names := range map[string]string{
		"drive=4": "4h", "drive=4h": "rest_s", "drive=1h,rest=40m": "rest_s", "day=8h": "reset_s", "pause=1h": "want drive", "drivers=3": "drivers",
		"drivers=x": "1 or 2", "at=home,drive=4h,rest=20m": "rests_at",
	} {
		if _, err := duty(text); err == nil || !strings.Contains(err.Error(), "PINHUO_DRIVER_HOURS") || !strings.Contains(err.Error(), names) {
			t.Errorf("%s: %v, want %q in it", text, err, names)
		}
	}
}
