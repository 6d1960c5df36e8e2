package freight

import (
	"slices"
	"strconv"
)

// Care is what a load demands of the vehicle and of what rides beside it.
type Care struct {
	Temp   Temp   `json:"temp,omitzero"` // to be kept at
	Hazmat Hazmat `json:"hazmat,omitzero"`
	Food   bool   `json:"food,omitempty"` // people or animals eat it: nothing dangerous beside it
	// DelayS is by how many seconds its pickup and its delivery may get later, by
	// loads that join after it was booked, than its booking says. 0: as late as its
	// windows allow.
	DelayS int64 `json:"max_delay_s,omitempty"`
	// Rehandle says that it may be taken out on the way and put back, so that what stands
	// behind it can be unloaded.
	Rehandle bool `json:"rehandle,omitempty"`
}

// Temp is a range of temperatures in whole degrees Celsius, Low below High. The
// zero Temp is none.
type Temp struct {
	Low  int16 `json:"low"`
	High int16 `json:"high"`
}

// Meet returns the temperatures in both ranges; the zero Temp holds them all.
// Where there are none, gap is how many degrees lie between the two.
func (t Temp) Meet(o Temp) (both Temp, gap int64) {
	switch {
	case t == Temp{}:
		return o, 0
	case o == Temp{}:
		return t, 0
	}
	both = Temp{max(t.Low, o.Low), min(t.High, o.High)}
	return both, max(0, int64(both.Low)-int64(both.High))
}

// Hazmat is dangerous goods.
type Hazmat struct {
	Class   string `json:"class"` // "1" to "9", or with its division such as "4.1"
	UN      string `json:"un,omitempty"`
	Limited bool   `json:"limited,omitempty"` // packed in limited quantities
}

// Danger is what dangerous goods mean for what rides beside them.
type Danger uint8

// The degrees of danger.
const (
	DangerNone    Danger = iota
	DangerLimited        // rides as ordinary freight up to LimitedGrams on the vehicle
	DangerFull           // rides alone, on a licensed vehicle
)

// LimitedGrams is how much in limited quantities a vehicle may carry, in grams of
// gross weight, and still carry ordinary freight (JT/T 617).
const LimitedGrams = 8_000_000

// Danger returns the degree of danger of so many grams of the goods.
func (h Hazmat) Danger(grams int64) Danger {
	switch {
	case h.Class == "":
		return DangerNone
	case h.Limited && grams <= LimitedGrams:
		return DangerLimited
	}
	return DangerFull
}

// Cargo is what the rules of mixing and unloading must know of a load aboard.
type Cargo struct {
	Danger Danger `json:"danger,omitempty"`
	Food   bool   `json:"food,omitempty"`
	Rear   bool   `json:"rear,omitempty"` // goes in and out through the rear doors alone
	Temp   Temp   `json:"temp,omitzero"`
	// RehandleS is how many seconds it takes to move it out of the way and back, 0 where it
	// may not be: of what goes through the rear doors alone.
	RehandleS int64 `json:"rehandle_s,omitempty"`
}

// Cargo returns what the rules know of the load on the vehicle.
func (l *LoadTerms) Cargo(v *VehicleTerms) Cargo {
	c := Cargo{
		Danger: l.Care.Hazmat.Danger(l.Size.Grams), Temp: l.Care.Temp,
		Food: l.Care.Food,
		Rear: l.Size.Access == AccessRear || v.Doors == DoorsRear && !v.OpensAside(),
	}
	if c.Rear && l.Care.Rehandle && v.Rehandle > 0 {
		c.RehandleS = l.Size.RehandleS(l.Needs)
	}
	return c
}

// Requires returns every capability that the load asks of a vehicle: those that
// it names, and those that follow from its dangers and its access.
func (l *LoadTerms) Requires() Capability {
	needs := l.Needs
	if l.Care.Hazmat.Danger(l.Size.Grams) == DangerFull {
		needs |= CapHazmat
	}
	if l.Size.Access == AccessTop {
		needs |= CapOpenTop
	}
	return needs
}

// hazmatClasses are the classes and divisions of dangerous goods (GB 6944).
var hazmatClasses = []string{"1", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2", "2.1", "2.2", "2.3", "3",
	"4", "4.1", "4.2", "4.3", "5", "5.1", "5.2", "6", "6.1", "6.2", "7", "8", "9"}

func (a *Admission) care(c Care) {
	a.temp("temperature", c.Temp)
	h := c.Hazmat
	if h.Class == "" && h != (Hazmat{}) {
		a.bad("hazmat.class", ProblemRequired, "")
	}
	if h.Class != "" && !slices.Contains(hazmatClasses, h.Class) {
		a.bad("hazmat.class", ProblemMalformed, h.Class)
	}
	if h.UN != "" && !isUN(h.UN) {
		a.bad("hazmat.un", ProblemMalformed, h.UN)
	}
	if c.Food && h.Class != "" { // a load that needs a clean vehicle is food
		a.bad("food", ProblemSplit, h.Class)
	}
	if c.DelayS != 0 {
		a.between("max_delay_s", "", c.DelayS, 60, 7*86_400, "s")
	}
}

// isUN tells whether text is the four digits of a UN number.
func isUN(text string) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(text) == 4
}

func (a *Admission) temp(field string, t Temp) {
	if t == (Temp{}) {
		return
	}
	a.between(field, ".low_c", int64(t.Low), -60, 60, "°C")
	a.between(field, ".high_c", int64(t.High), -60, 60, "°C")
	if t.High <= t.Low {
		a.bad(field+".high_c", ProblemWindow, strconv.Itoa(int(t.High)))
	}
}

func (a *Admission) stacking(of string, s Stacking) {
	switch s {
	case StackUnsaid, StackNone, StackAll, StackTopOnly:
	default:
		a.bad(of+".stacking", ProblemMalformed, string(s))
	}
}
