package dispatch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
)

// deskStory plays one file of testdata/desk: what people do and how time goes by, and
// below the line what they are told and when.
type deskStory struct {
	*rig
	said   int // events written so far
	trucks int
	load   freight.ID
	ticket freight.ID
	days   bool // told with the day and the time of day
	text   strings.Builder
}

// TestStoriesOfTheDesk plays every story and compares what was told.
func TestStoriesOfTheDesk(t *testing.T) {
	playStories(t, "desk", 8, func(t *testing.T, script string) story {
		r := newRig(t)
		r.ledger.state.Desks = []freight.ID{"og_desk"}
		r.engine.desks.Store(&r.ledger.state.Desks)
		return &deskStory{rig: r, days: strings.Contains(script, "rule: hours")}
	})
}

func (s *deskStory) tale() string { return s.text.String() }

// line plays one line of a story.
func (s *deskStory) line(line string) {
	fmt.Fprintf(&s.text, "> %s\n", line)
	word := strings.Fields(line)
	rest := func(n int) string { return strings.Join(word[min(n, len(word)):], " ") }
	user := func(n int) freight.ID { return freight.ID("us_" + word[n]) }
	switch word[0] {
	case "officer":
		terms := freight.OfficerTerms{Name: word[1], Head: slices.Contains(word, "head"), Default: slices.Contains(word, "default")}
		if at := slices.Index(word, "deputy"); at > 0 {
			terms.Deputy = user(at + 1)
		}
		if slices.Contains(word, "firm") {
			terms.Firms = []freight.ID{"og_firm"}
		}
		terms.Hours = s.hours(word)
		s.does(freight.Command{Org: "og_desk", Actor: "us_owner", Act: freight.SetOfficer{User: user(1), Terms: terms}})
	case "post":
		kg, _ := strconv.ParseInt(word[1], 10, 64)
		cmd := post("", kg*1000)
		act := cmd.Act.(freight.PostLoad)
		shift := s.now - start
		if at := slices.Index(word, "in"); at > 0 { // its windows open so much later
			d, _ := time.ParseDuration(word[at+1])
			shift += freight.Instant(d.Milliseconds())
		}
		for _, w := range []*freight.Window{&act.Terms.Pickup.Window, &act.Terms.Delivery.Window} {
			w.Open, w.Close = w.Open+shift, w.Close+shift
		}
		cmd.Act = act
		s.load = s.does(cmd).Load.ID
	case "announce":
		kg, _ := strconv.ParseInt(word[1], 10, 64)
		s.trucks++
		cmd := announce(fmt.Sprint(s.trucks), kg*1000)
		act := cmd.Act.(freight.AnnounceTrip)
		for i := range act.Terms.Stops {
			act.Terms.Stops[i].Window.Close += 4 * freight.Hour
		}
		if len(word) > 2 { // sets out so much later
			late, _ := time.ParseDuration(word[2])
			for i := range act.Terms.Stops {
				act.Terms.Stops[i].Window.Open += freight.Instant(late.Milliseconds())
				act.Terms.Stops[i].Window.Close += freight.Instant(late.Milliseconds())
			}
		}
		cmd.Act = act
		s.does(cmd)
	case "accept":
		s.does(accept(s.engine.live.OpenOffers(s.load)[0]))
	case "decline": // one operator who is asked
		o := s.engine.live.OpenOffers(s.load)[0]
		s.does(freight.Command{Org: o.Org, Actor: "us_driver", Act: freight.DeclineOffer{Offer: o.ID, Reason: freight.Reason(rest(1))}})
	case "apply": // the firm makes the change that was named
		l := s.engine.live.Load(s.load)
		terms := l.Named.Apply(l.LoadTerms)[0]
		terms.AnswerBy = 0
		s.does(freight.Command{Org: "og_firm", Actor: "us_clerk", Act: freight.EditLoad{Load: s.load, Terms: terms}})
	case "cancel":
		s.does(freight.Command{Org: "og_truck", Act: freight.CancelTrip{Trip: s.ledger.state.Trips[0].ID}})
	case "withdraw":
		s.does(freight.Command{Org: "og_firm", Actor: "us_clerk", Act: freight.WithdrawLoad{Load: s.load}})
	case "wait":
		d, err := time.ParseDuration(word[1])
		if err != nil {
			s.t.Fatal(err)
		}
		s.pass(s.now+freight.Instant(d.Milliseconds()), s.tell)
	case "away", "back":
		s.does(freight.Command{Org: "og_desk", Actor: user(1), Act: freight.MarkOfficer{User: user(1), Away: word[0] == "away"}})
	case "asks":
		s.does(freight.Command{Org: "og_firm", Actor: "us_clerk", Act: freight.AskDesk{Kind: freight.TicketHelp, Load: s.load, Text: rest(1)}})
	case "disputes": // the truck
		act := freight.AskDesk{Kind: freight.TicketDispute, Booking: s.engine.live.Load(s.load).Booking, Text: rest(1)}
		s.does(freight.Command{Org: "og_truck", Actor: "us_driver", Act: act})
	case "note", "confirm-as":
		event := map[string]freight.TicketEvent{"note": freight.TicketNote, "confirm-as": freight.TicketConfirm}[word[0]]
		s.does(freight.Command{Org: freight.ID("og_" + word[1]), Actor: "us_clerk", Act: freight.MoveTicket{Ticket: s.ticket, Event: event, Text: rest(2)}})
	case "take", "finish":
		s.does(freight.Command{Org: "og_desk", Actor: user(1), Act: freight.MoveTicket{Ticket: s.ticket, Event: freight.TicketEvent(word[0]), Text: rest(2)}})
	case "confirm", "reopen":
		s.does(freight.Command{Org: "og_firm", Actor: "us_clerk", Act: freight.MoveTicket{Ticket: s.ticket, Event: freight.TicketEvent(word[0]), Text: rest(1)}})
	case "confirm-for-them":
		s.does(freight.Command{Org: "og_firm", Actor: user(1), Behalf: "og_firm", Act: freight.MoveTicket{Ticket: s.ticket, Event: freight.TicketConfirm}})
	default:
		s.t.Fatalf("no such line: %s", line)
	}
	s.tell()
}

// hours reads when an officer is there: hours 08:30-17:30 1-5, of Monday to Friday, and
// free 2023-11-20.
func (s *deskStory) hours(word []string) (o freight.Office) {
	if at := slices.Index(word, "hours"); at > 0 {
		var from, fromMin, till, tillMin, first, last int64
		if _, err := fmt.Sscanf(word[at+1]+" "+word[at+2], "%d:%d-%d:%d %d-%d", &from, &fromMin, &till, &tillMin, &first, &last); err != nil {
			s.t.Fatal(err)
		}
		o = freight.Office{From: from*60 + fromMin, Till: till*60 + tillMin, Days: 1<<last - 1<<(first-1)}
	}
	if at := slices.Index(word, "free"); at > 0 {
		o.Free = word[at+1:]
	}
	return o
}

// does lets somebody act; a refusal is told too.
func (s *deskStory) does(cmd freight.Command) freight.Result {
	o := s.round(cmd)[0]
	if o.Err != nil {
		fmt.Fprintf(&s.text, "%s refused: %s %s\n", s.clock(), freight.CodeOf(o.Err), freight.ProblemOf(o.Err))
	}
	s.settle()
	return o.Result
}

func (s *deskStory) clock() string {
	if s.days {
		return s.wall(s.now)
	}
	d := time.Duration(s.now-start) * time.Millisecond
	return fmt.Sprintf("  %3d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// wall is an instant by the clock on the market's wall.
func (s *deskStory) wall(at freight.Instant) string {
	place, err := time.LoadLocation(market.Zone)
	if err != nil {
		s.t.Fatal(err)
	}
	return at.Time().In(place).Format("  Mon 15:04")
}

// nextOf is what an explanation leaves the firm with.
func nextOf(f *freight.Facts) string {
	who := strings.TrimPrefix(string(f.Officer), "us_")
	if who == "" {
		who = "nobody"
	}
	return fmt.Sprintf("; alone %d yuan with a %s, or ask %s", f.Alone/100, f.Vehicle, who)
}

// tell writes what has been told since.
func (s *deskStory) tell() {
	names := map[freight.ID]string{"og_firm": "firm", "og_desk": "desk", "og_truck": "truck"}
	for _, e := range s.told.events[s.said:] {
		if e.Facts.Ticket != "" {
			s.ticket = e.Facts.Ticket
		}
		if e.Type == freight.EventOfficerSet || strings.HasPrefix(string(e.Type), "pinhuo.trip.") {
			continue
		}
		fmt.Fprintf(&s.text, "%s %-5s %s", s.clock(), names[e.Audience], strings.TrimPrefix(string(e.Type), "pinhuo."))
		f := &e.Facts
		switch {
		case f.Ticket != "":
			fmt.Fprintf(&s.text, ": %s, %s (%s)", f.State, strings.TrimPrefix(string(f.Officer), "us_"), f.Rung)
			if left := (f.Expires - s.now) / freight.Minute; s.days && f.Expires != 0 {
				fmt.Fprintf(&s.text, ", until%s", s.wall(f.Expires)[1:])
			} else if f.Expires != 0 {
				fmt.Fprintf(&s.text, ", %d min left", left)
			}
			if e.Type == freight.EventTicketOpened && f.Cause != "" {
				fmt.Fprintf(&s.text, ", because %s", f.Cause)
			}
		case f.Remedy.Helps():
			fmt.Fprintf(&s.text, ": %s would help%s", f.Remedy.Kind, nextOf(f))
		case e.Type == freight.EventLoadExplained:
			s.text.WriteString(": nothing would help" + nextOf(f))
		case e.Type == freight.EventOfferSent:
			fmt.Fprintf(&s.text, ": %d.%02d yuan", f.Price/100, f.Price%100)
		case f.Reason != "":
			fmt.Fprintf(&s.text, ": %s", f.Reason)
		}
		s.text.WriteString("\n")
	}
	s.said = len(s.told.events)
}
