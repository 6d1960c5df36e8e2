package api

import "pinhuo/freight"

// DriverHours is by which rules the drivers of a trip drive and rest.
type DriverHours struct {
	Drivers  int64   `json:"drivers,omitempty" minimum:"1" maximum:"2" doc:"1 when left out; two relieve each other, so that no rest is forced, and drive twice the daily limit"`
	DriveMin *int64  `json:"drive_min,omitempty" minimum:"0" maximum:"1440" doc:"Most minutes at the wheel from one rest to the next; 240 when left out, 0 for no limit"`
	RestMin  *int64  `json:"rest_min,omitempty" minimum:"0" maximum:"720" doc:"Least uninterrupted rest; 20 when left out"`
	DayMin   int64   `json:"day_min,omitempty" minimum:"0" maximum:"1440" doc:"Most minutes at the wheel of one driver from one reset to the next; no limit when left out"`
	ResetMin int64   `json:"reset_min,omitempty" minimum:"0" maximum:"1440" doc:"Least uninterrupted rest that begins a new day; needed with day_min"`
	RestsAt  *string `json:"rests_at,omitempty" enum:"road,waiting,standing" doc:"What counts as rest beside standing on the way: road: nothing; waiting: the time a truck waits at a stop until service begins; standing: all of its time at a stop. waiting when left out"`
}

// duty reads driver's hours; what is left out is the rule that holds everywhere. Without
// any the market's own apply.
func duty(t *DriverHours) freight.Duty {
	if t == nil {
		return freight.Duty{}
	}
	out := freight.Duty{Drivers: max(t.Drivers, 1), DriveS: freight.RuleDriveS, DayS: t.DayMin * 60, ResetS: t.ResetMin * 60, Counts: freight.RestsWaiting}
	if t.DriveMin != nil {
		out.DriveS = *t.DriveMin * 60
	}
	if out.DriveS > 0 {
		out.RestS = freight.RuleRestS
	}
	if t.RestMin != nil {
		out.RestS = *t.RestMin * 60
	}
	if t.RestsAt != nil {
		out.Counts = freight.Rests(*t.RestsAt)
	}
	return out
}

func viewDuty(d freight.Duty) *DriverHours {
	if !d.Said() {
		return nil
	}
	drive, rest, counts := d.DriveS/60, d.RestS/60, string(d.Counts)
	out := &DriverHours{Drivers: d.Drivers, DriveMin: &drive, RestMin: &rest, DayMin: d.DayS / 60, ResetMin: d.ResetS / 60}
	if counts != "" {
		out.RestsAt = &counts
	}
	return out
}
