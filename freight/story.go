package freight

import (
	"cmp"
	"slices"
)

// Story is everything that befell one load, of one read.
type Story struct {
	Load        Load
	Explanation *Explanation // the last, nil for none
	Offers      []Deal       // oldest first
	Bookings    []Deal       // oldest first
	Pools       []Company    // it is or was a member of
	Tickets     []Ticket     // oldest first
	Events      []Event      // that its firm was told, the last MostStory, oldest first
	Refused     []Deed       // acts about it that were refused, the last MostStory, oldest first
}

// MostStory bounds the events of a story.
const MostStory = 500

// Clocks lists what still runs for the load, the first first.
func (s *Story) Clocks() []Clock {
	var list []Clock
	if l := &s.Load; l.State == LoadPosted {
		list = append(list, Clock{l.Ends(), ClockLoad, l.ID})
		if l.Answer == 0 {
			list = append(list, Clock{l.AnswerBy, ClockAnswer, l.ID})
		}
	}
	for i := range s.Offers {
		if o := s.Offers[i].Offer; o.Open() {
			list = append(list, Clock{o.Expires, ClockOffer, o.ID})
		}
	}
	for i := range s.Pools {
		if p := &s.Pools[i].Pool; p.Live() {
			list = append(list, Clock{p.Deadline, ClockPool, p.ID})
		}
	}
	for i := range s.Tickets {
		if t := &s.Tickets[i]; t.Live() {
			list = append(list, Clock{t.Due, ClockTicket, t.ID})
		}
	}
	slices.SortFunc(list, func(a, b Clock) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return list
}
