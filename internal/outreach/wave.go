package outreach

import (
	"slices"

	"pinhuo/freight"
)

// Most is how many operators are asked for one load at the same time in its last
// wave.
const Most = 4 * Asked

// Waits between two waves, and how little time makes a load urgent.
const (
	longestWait  = 10 * freight.Minute
	shortestWait = freight.Minute
	urgentWithin = 30 * freight.Minute
	atOnceWithin = 10 * freight.Minute
)

// Waves is the plan by which a load is asked about: Sizes[k] operators at once from k
// waits after the first was asked.
type Waves struct {
	Sizes []int
	Wait  freight.Instant
}

// sizes of the waves; an urgent load begins at a later one.
var sizes = []int{Asked, 2 * Asked, Most}

// WavesOf returns the waves of a load that is first asked about at an instant. Its
// time runs to its answer_by, or to the end of its pickup where that has passed. A
// twelfth of it lies between two waves, from one to ten minutes; with less than half
// an hour left the second wave is the first, with less than ten minutes the last.
func WavesOf(l *freight.Load, first freight.Instant) Waves {
	until := l.Ends()
	if l.AnswerBy > first {
		until = min(until, l.AnswerBy)
	}
	left := until - first
	w := Waves{Sizes: sizes, Wait: max(shortestWait, min(longestWait, left/12))}
	switch {
	case left < atOnceWithin:
		w.Sizes = sizes[2:]
	case left < urgentWithin:
		w.Sizes = sizes[1:]
	}
	return w
}

// At returns which wave of a load that was first asked about at an instant runs now.
func (w *Waves) At(now, first freight.Instant) int {
	return max(0, min(int((now-first)/w.Wait), len(w.Sizes)-1))
}

// Width returns how many operators are asked about a load at the same time at an
// instant, where they are not asked one at a time. first is when the first of them was asked,
// 0 where nobody was.
func Width(now, first freight.Instant, l *freight.Load) int {
	if first == 0 {
		first = now
	}
	w := WavesOf(l, first)
	return w.Sizes[w.At(now, first)]
}

// Reserved returns until when nobody but the shipper's partners is asked about a
// load: as long as the shipper says after it was posted, but no more than a tenth of
// the time until its pickup ends. It is the instant of posting where it has none.
func Reserved(l *freight.Load, shipper *freight.PreferenceTerms) freight.Instant {
	if shipper == nil || len(shipper.Partners) == 0 {
		return l.Posted
	}
	return l.Posted + min(freight.Instant(shipper.PartnersS)*freight.Second, max(0, (l.Ends()-l.Posted)/10))
}

// Closed tells whether an operator may not yet have the load, because its shipper's
// partners have it first. A planner's now may be before the load was posted: it looked at
// its clock first and then at the board.
func Closed(now freight.Instant, l *freight.Load, shipper *freight.PreferenceTerms, operator freight.ID) bool {
	return shipper != nil && now < Reserved(l, shipper) && !slices.Contains(shipper.Partners, operator)
}
