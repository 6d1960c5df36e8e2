package dispatch

import (
	"fmt"
	"strings"

	"pinhuo/freight"
)

// late lets a truck tell how late it is: TRUCK late TIME [ago=TIME] [why=WHY].
func (s *custodyStory) late(who, by string, rest []string) {
	act := freight.DelayTrip{Trip: s.trucks[who].ID, LateS: int64(s.span(by) / freight.Second)}
	for _, more := range rest {
		switch name, value, _ := strings.Cut(more, "="); name {
		case "ago":
			act.At = s.now - s.span(value)
		case "why":
			act.Why = freight.DelayWhy(value)
		default:
			s.t.Fatalf("no such word: %s", more)
		}
	}
	s.does(freight.Command{Org: freight.ID("og_" + who), Actor: "us_driver", Act: act})
}

// expects tells of every booking when its truck is expected, and what was promised.
func (s *custodyStory) expects() {
	for _, name := range sortedNames(s.loads) {
		for i := range s.ledger.state.Bookings {
			k := &s.ledger.state.Bookings[i]
			if k.Load != s.loads[name] || !k.Live() {
				continue
			}
			pickup, drop := s.engine.live.Trip(k.Trip).Expected(k.Load)
			fmt.Fprintf(&s.text, "  %s: pickup %s, promised by %s; delivery %s, promised by %s\n",
				name, s.hour(pickup), s.hour(k.PickupBy), s.hour(drop), s.hour(k.DropBy))
		}
	}
}

// hour is an instant by the clock of the story.
func (s *custodyStory) hour(at freight.Instant) string {
	if at == 0 {
		return "past or as planned"
	}
	min := (at - start) / freight.Minute
	return fmt.Sprintf("%d:%02d", min/60, min%60)
}
