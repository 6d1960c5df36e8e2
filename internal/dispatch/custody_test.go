package dispatch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/audit"
)

// custodyStory plays one file of testdata/custody: a deal, and what the drivers and firms
// tell of the goods. At its end the auditor looks at everything.
type custodyStory struct{ *dealStory }

// TestStoriesOfCustody plays every story and compares what was told.
func TestStoriesOfCustody(t *testing.T) {
	playStories(t, "custody", 3, func(t *testing.T, _ string) story {
		r := newRig(t)
		r.ledger.state.Desks = []freight.ID{"og_desk"}
		r.engine.desks.Store(&r.ledger.state.Desks)
		return &custodyStory{&dealStory{rig: r, road: true, trucks: map[string]*freight.Trip{}, loads: map[string]freight.ID{},
			names: map[freight.ID]string{"og_desk": "desk"}}}
	})
}

// line plays one line of a story.
func (s *custodyStory) line(line string) {
	word := strings.Fields(line)
	switch {
	case word[0] == "officer":
		s.say(line)
		s.does(freight.Command{Org: "og_desk", Actor: "us_owner", Act: freight.SetOfficer{User: freight.ID("us_" + word[1]),
			Terms: freight.OfficerTerms{Name: word[1], Head: true, Default: true}}})
	case len(word) > 1 && word[1] == "breaks":
		s.say(line)
		s.does(freight.Command{Org: s.org(word[0], ""), Actor: "us_someone", Act: freight.BreakTrip{Trip: s.trucks[word[0]].ID, Text: "axle", Point: &freight.Point{LatE7: 31_900_000, LngE7: 121_000_000}}})
	case word[0] == "where":
		s.say(line)
		s.where()
	case len(word) > 3 && word[1] == "shows":
		s.say(line)
		s.shows(word[0], word[2], word[3], word[4:])
	case word[0] == "expects":
		s.say(line)
		s.expects()
	case len(word) > 2 && word[1] == "late":
		s.say(line)
		s.late(word[0], word[2], word[3:])
	case len(word) > 1 && goodsVerbs[word[1]] != "":
		s.say(line)
		s.moves(word[0], word[1], word[2:])
	default:
		s.dealStory.line(line)
		return
	}
	s.tell()
}

func (s *custodyStory) say(line string) { fmt.Fprintf(&s.text, "> %s\n", line) }

var goodsVerbs = map[string]freight.BookingEvent{
	"arrives": freight.BookingArrive, "loads": freight.BookingLoadUp, "hands": freight.BookingHandOver, "refused": freight.BookingRefuse, "returns": freight.BookingReturn,
	"abandons": freight.BookingCancel, "misses": freight.BookingNoShow,
}

// moves lets a truck, or a load's firm, tell of goods: TRUCK loads LOAD [ago=TIME] [pieces=N].
func (s *custodyStory) moves(who, verb string, rest []string) {
	act := freight.MoveGoods{Booking: s.booking(rest[0]).ID, Event: goodsVerbs[verb]}
	for _, more := range rest[1:] {
		switch name, value, _ := strings.Cut(more, "="); name {
		case "ago":
			act.At = s.now - s.span(value)
		case "pieces":
			act.Pieces, _ = strconv.ParseInt(value, 10, 64)
		default:
			s.t.Fatalf("no such word: %s", more)
		}
	}
	s.does(freight.Command{Org: s.org(who, rest[0]), Actor: "us_someone", Act: act})
}

// shows lets a truck, or a load's firm, show a picture: TRUCK shows LOAD KIND [ago=TIME] [picture=N].
func (s *custodyStory) shows(who, load, kind string, rest []string) {
	act := freight.AddProof{Booking: s.booking(load).ID, Kind: freight.ProofKind(kind)}
	act.Picture = freight.Picture{Blob: freight.DigestOf([]byte(kind)), Bytes: 1, Width: 1, Height: 1}
	for _, more := range rest {
		switch name, value, _ := strings.Cut(more, "="); name {
		case "ago":
			act.At = s.now - s.span(value)
		case "picture":
			act.Picture.Blob = freight.DigestOf([]byte(value))
		default:
			s.t.Fatalf("no such word: %s", more)
		}
	}
	s.does(freight.Command{Org: s.org(who, load), Actor: "us_someone", Act: act})
}

func (s *custodyStory) span(text string) freight.Instant {
	d, err := time.ParseDuration(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return freight.Instant(d.Milliseconds())
}

func (s *custodyStory) org(who, load string) freight.ID {
	if who == "firm" {
		return freight.ID("og_" + load + "'s firm")
	}
	return freight.ID("og_" + who)
}

// where tells of every load and truck in order of name.
func (s *custodyStory) where() {
	for _, name := range sortedNames(s.loads) {
		for i := range s.ledger.state.Loads {
			if l := &s.ledger.state.Loads[i]; l.ID == s.loads[name] {
				fmt.Fprintf(&s.text, "  %s is %s%s", name, l.State, s.carrying(l))
			}
		}
		s.text.WriteString("\n")
	}
	for _, name := range sortedNames(s.trucks) {
		for i := range s.ledger.state.Trips {
			if t := &s.ledger.state.Trips[i]; t.ID == s.trucks[name].ID {
				fmt.Fprintf(&s.text, "  truck %s is %s\n", name, t.State)
			}
		}
	}
}

// carrying says what became of a load and of each of its bookings.
func (s *custodyStory) carrying(l *freight.Load) (text string) {
	if l.Outcome != freight.OutcomeNone {
		text = " (" + string(l.Outcome) + ")"
	}
	for i := range s.ledger.state.Bookings {
		if k := &s.ledger.state.Bookings[i]; k.Load == l.ID {
			text += fmt.Sprintf(", %s on %s", k.State, s.names[k.Org])
			if k.Fee != 0 {
				text += fmt.Sprintf(" (%s owes %s)", s.names[k.FeeBy], k.Fee)
			}
		}
	}
	return text
}

func sortedNames[V any](m map[string]V) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// tale is what was told, once the auditor has found nothing amiss.
func (s *custodyStory) tale() string {
	for org, name := range s.names {
		kind := freight.OrgCarrier
		switch {
		case name == "desk":
			kind = freight.OrgDesk
		case strings.HasSuffix(name, "'s firm"):
			kind = freight.OrgEnterprise
		case !strings.HasPrefix(string(org), "og_"):
			continue
		}
		s.ledger.written.orgs = append(s.ledger.written.orgs, freight.Org{ID: org, Market: market.ID, Kind: kind})
	}
	report, err := audit.Audit(s.t.Context(), auditable{s.ledger}, audit.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, v := range report.List {
		s.t.Errorf("the auditor: %s", v)
	}
	return s.dealStory.tale()
}
