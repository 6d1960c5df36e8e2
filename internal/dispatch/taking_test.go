package dispatch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pinhuo/freight"
)

// looks says what taking a load would mean: TRUCK looks at LOAD, firm looks at LOAD TRUCK.
func (s *dealStory) looks(who string, rest []string) {
	load, truck := rest[1], who
	if who == "firm" {
		truck = rest[2]
	}
	q, err := s.quote(who, load, truck)
	fmt.Fprintf(&s.text, "%s %s sees %s: ", s.clock(), s.seer(who, load), load)
	switch {
	case err != nil:
		s.text.WriteString(refusalText(err))
	case q.Bar != nil:
		s.text.WriteString("no: " + refusalText(q.Bar))
	default:
		fmt.Fprintf(&s.text, "%s yuan, %d km aside", q.Price, q.DetourM/1000)
		if q.Looks {
			s.text.WriteString(", its firm looks first")
		}
	}
	s.text.WriteString("\n")
}

func (s *dealStory) seer(who, load string) string {
	if who == "firm" {
		return load + "'s firm"
	}
	return who
}

// quote asks what taking a load for a truck would mean, and remembers it.
func (s *dealStory) quote(who, load, truck string) (freight.Quote, error) {
	q, err := s.engine.Quote(s.now, freight.AskQuote{Org: freight.ID("og_" + s.seer(who, load)), Load: s.loads[load], Trip: s.trucks[truck].ID})
	s.seen[load+truck] = q
	return q, err
}

// books takes a load as it was last looked at, or as it is: TRUCK books LOAD, firm books
// LOAD TRUCK. With "for" and yuan it says that so much was shown.
func (s *dealStory) books(who string, rest []string) freight.Act {
	load, truck := rest[0], who
	if who == "firm" {
		truck = rest[1]
	}
	q, ok := s.seen[load+truck]
	if !ok {
		if _, err := s.quote(who, load, truck); err != nil {
			s.t.Fatal(err)
		}
		q = s.seen[load+truck]
	}
	if at := slices.Index(rest, "for"); at > 0 {
		q.Price = yuan(s.t, rest[at+1])
	}
	return freight.BookNow{Load: s.loads[load], Trip: s.trucks[truck].ID, LoadVersion: q.LoadVersion, TripVersion: q.TripVersion,
		Price: q.Price, DetourM: q.DetourM, DetourS: q.DetourS}
}

// partners has the operators named asked first about what a load's firm posts:
// partners LOAD 30m TRUCK...
func (s *dealStory) partners(load, long string, trucks []string) {
	d, err := time.ParseDuration(long)
	if err != nil {
		s.t.Fatal(err)
	}
	terms := freight.PreferenceTerms{PartnersS: int64(d.Seconds())}
	for _, name := range trucks {
		terms.Partners = append(terms.Partners, freight.ID("og_"+name))
	}
	s.round(freight.Command{Org: freight.ID("og_" + load + "'s firm"), Act: freight.SetPreference{Terms: terms}})
}

// lane lets a truck take by itself what pays 20 yuan on the way that all go: lane TRUCK.
func (s *dealStory) lane(truck string) {
	terms := post("", 1000).Act.(freight.PostLoad).Terms
	end := func(p freight.Point) freight.LaneEnd { return freight.LaneEnd{Point: p, Town: "town", RadiusM: 50_000} }
	lane := freight.Lane{Name: "home", From: end(terms.Pickup.Place.Point), To: end(terms.Delivery.Place.Point), Least: 2000, Auto: true}
	s.round(freight.Command{Org: freight.ID("og_" + truck), Act: freight.SetPreference{Terms: freight.PreferenceTerms{Lanes: []freight.Lane{lane}}}})
	s.names[freight.ID("og_"+truck)] = strings.TrimSpace(truck)
}
