package dispatch

import (
	"fmt"
	"strconv"
	"strings"

	"pinhuo/freight"
)

// set puts loads before a truck together, as a round of the batch does: set TRUCK LOAD...
func (s *dealStory) set(truck string, loads []string) {
	set := freight.ProposeSet{Trip: s.trucks[truck].ID}
	for _, name := range loads {
		set.Lines = append(set.Lines, freight.Line{Load: s.loads[name], Version: 1})
	}
	s.does(freight.Command{Act: set})
}

// bundled is what an operator says to a bundle: TRUCK takes all, TRUCK takes LOAD...,
// TRUCK drops LOAD..., with "vN" for an old version, "of TRUCK" in front for another's
// bundle, and LOAD@TRUCK for a line of another's.
func (s *dealStory) bundled(who, verb string, rest []string) freight.Act {
	version, truck := int64(0), who
	var named []freight.ID
	for i := 0; i < len(rest); i++ {
		switch word := rest[i]; {
		case word == "all":
		case word == "of":
			i++
			truck = rest[i]
		case strings.Contains(word, "@"):
			load, other, _ := strings.Cut(word, "@")
			named = append(named, s.offer(load, other).ID)
		case strings.HasPrefix(word, "v"):
			version, _ = strconv.ParseInt(word[1:], 10, 64)
		default:
			named = append(named, s.offer(word, truck).ID)
		}
	}
	bundle, present := s.bundle(truck)
	if version == 0 {
		version = present
	}
	if verb == "drops" {
		return freight.DeclineBundle{Bundle: bundle, Version: version, Lines: named}
	}
	return freight.AcceptBundle{Bundle: bundle, Version: version, Lines: named}
}

// bundle is the last one that was put before a truck.
func (s *dealStory) bundle(truck string) (id freight.ID, version int64) {
	for i := range s.ledger.state.Offers {
		if o := &s.ledger.state.Offers[i]; o.Trip == s.trucks[truck].ID && o.Bundle >= id {
			if o.Bundle > id {
				version = 0
			}
			id, version = o.Bundle, max(version, o.Edition)
		}
	}
	return id, version
}

// lines are the offers of a bundle, those that ended too.
func (s *dealStory) lines(bundle freight.ID) (list []*freight.Offer) {
	for i := range s.ledger.state.Offers {
		if o := &s.ledger.state.Offers[i]; o.Bundle == bundle {
			list = append(list, o)
		}
	}
	return list
}

// bundleText says what an operator is told of a bundle.
func (s *dealStory) bundleText(e *freight.Event) string {
	var lines []string
	for _, line := range e.Facts.Lines {
		text := s.names[line.Load]
		switch {
		case line.Reason != freight.NoReason:
			text += " " + string(line.State) + " (" + string(line.Reason) + ")"
		case line.State != freight.OfferSent && line.State != freight.OfferSeen:
			text += " " + string(line.State)
		default:
			text += " " + line.Price.String()
		}
		lines = append(lines, text)
	}
	text := fmt.Sprintf("version %d: %s", e.Version, strings.Join(lines, ", "))
	if e.Facts.Loads > 0 {
		text += fmt.Sprintf("; together %s yuan, %d km and %d min more, %d min left", e.Facts.Price,
			e.Facts.DetourM/1000, e.Facts.DetourS/60, (e.Facts.Expires-s.now)/freight.Minute)
	}
	return text
}
