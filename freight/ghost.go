package freight

// Who lets lapse what he posts, leaves offers unanswered, or takes back again and again, is
// asked later than others who fit. He is never left out.

// weight is one row of the table of what costs rank.
type weight struct {
	What   string
	Points int64
	of     func(t *Tally) int64
}

// weights are what costs rank, and how much. A no costs nothing.
var weights = []weight{
	{"lapsed", 3, func(t *Tally) int64 { return t.Lapsed }},
	{"silent", 1, func(t *Tally) int64 { return t.Asked - t.Answered }},
	{"cancelled", 1, func(t *Tally) int64 { return t.Cancelled }},
	{"taken_back", 6, func(t *Tally) int64 { return t.Owed - t.Kept }},
}

// GhostMemory is for how long it counts, less each day.
const GhostMemory = 30 * Day

// rungs are the points from which on somebody is asked later, and later still.
var rungs = []int64{6, 12, 24}

// Past is what is remembered of an organization, a tally a day, oldest first. It is
// immutable.
type Past []Tally

// With returns the past with more counted on the day of an instant, without what is
// forgotten.
func (p Past) With(at Instant, more Tally) Past {
	day, next := DayOf(at), make(Past, 0, len(p)+1)
	for _, t := range p {
		if t.Day > day-GhostMemory {
			next = append(next, t)
		}
	}
	if len(next) == 0 || next[len(next)-1].Day != day {
		more.Day = day
		return append(next, more)
	}
	next[len(next)-1] = next[len(next)-1].Plus(more)
	return next
}

// Cost is what one thing costs somebody now.
type Cost struct {
	What   string
	N      int64 // how often, within GhostMemory
	Points int64 // in thousandths
}

// Costs lists what costs an organization rank at an instant: what lies back loses its
// weight evenly until it is forgotten.
func (p Past) Costs(now Instant) (list []Cost, points int64) {
	for _, w := range weights {
		c := Cost{What: w.What}
		for i := range p {
			age := DayOf(now) - p[i].Day
			if n := w.of(&p[i]); n > 0 && age < GhostMemory {
				c.N += n
				c.Points += n * w.Points * 1000 * int64(GhostMemory-age) / int64(GhostMemory)
			}
		}
		if c.N > 0 {
			list, points = append(list, c), points+c.Points
		}
	}
	return list, points
}

// Rung returns how far back an organization is put when several fit: 0 for not at all.
func (p Past) Rung(now Instant) int {
	if len(p) == 0 {
		return 0
	}
	_, points := p.Costs(now)
	return RungOf(points)
}

// RungOf returns the rung of so many thousandths of points.
func RungOf(points int64) int {
	n := 0
	for n < len(rungs) && points >= rungs[n]*1000 {
		n++
	}
	return n
}
