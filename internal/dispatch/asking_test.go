package dispatch

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
)

// askStory plays one file of testdata/asking: what operators and a shipper say about
// asking and do, and below the line who is told what, by the clock on the wall.
type askStory struct {
	*rig
	said  int // events written so far
	loads int
	load  freight.ID
	prefs map[freight.ID]*freight.PreferenceTerms
	days  bool // told with every instant
	text  strings.Builder
}

// TestStoriesOfAsking plays every story and compares what was told.
func TestStoriesOfAsking(t *testing.T) {
	playStories(t, "asking", 10, func(t *testing.T, script string) story {
		s := &askStory{rig: newRig(t), prefs: map[freight.ID]*freight.PreferenceTerms{}}
		s.engine.cfg.Silent, s.engine.cfg.Receipts = strings.Contains(script, "rule: silent"), strings.Contains(script, "rule: receipts")
		if s.days = strings.Contains(script, "rule: leases"); s.days {
			s.engine.cfg.Leases, s.engine.cfg.Ghosts = freight.DefaultLeases(), strings.Contains(script, "ghosts")
		}
		s.restarted()
		return s
	})
}

func (s *askStory) tale() string { return s.text.String() }

// after returns the duration behind a word of the line, 0 where it is not there.
func (s *askStory) after(word []string, what string) freight.Instant {
	at := slices.Index(word, what)
	if at < 0 {
		return 0
	}
	d, err := time.ParseDuration(word[at+1])
	if err != nil {
		s.t.Fatal(err)
	}
	return freight.Instant(d.Milliseconds())
}

func (s *askStory) number(word []string, what string) int64 {
	at := slices.Index(word, what)
	if at < 0 {
		return 0
	}
	n, err := strconv.ParseInt(word[at+1], 10, 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// wuxi is on the way from haimen to changzhou.
var wuxi = freight.Point{LatE7: 315_700_000, LngE7: 1_203_000_000}

// line plays one line of a story.
func (s *askStory) line(line string) {
	fmt.Fprintf(&s.text, "> %s\n", line)
	word := strings.Fields(line)
	org := func() freight.ID { return freight.ID("og_" + word[1]) }
	switch word[0] {
	case "partners", "budget", "quiet", "driving", "lane":
		s.says(word)
	case "announce":
		s.announce(word)
	case "post":
		s.post(word)
	case "accept":
		s.does(accept(s.offer(org())))
	case "decline":
		s.does(freight.Command{Org: org(), Act: freight.DeclineOffer{Offer: s.offer(org()).ID, Reason: freight.Reason(word[2])}})
	case "receive":
		s.does(freight.Command{Org: org(), Act: freight.ReceiveOffer{Offer: s.offer(org()).ID}})
	case "officer": // of the market's desk
		s.ledger.state.Desks = []freight.ID{"og_desk"}
		s.engine.desks.Store(&s.ledger.state.Desks)
		s.does(freight.Command{Org: "og_desk", Actor: "us_owner", Act: freight.SetOfficer{User: freight.ID("us_" + word[1]), Terms: freight.OfficerTerms{Name: word[1]}}})
	case "cancel":
		s.does(freight.Command{Org: org(), Act: freight.CancelTrip{Trip: s.tripOf(org())}})
	case "wait":
		s.pass(s.now+s.after(word, "wait"), s.tell)
	case "restart":
		s.restarted()
		s.settle()
	case "keep": // a truck's trip, or the load
		s.keep(word)
	case "down": // the server is
		since := s.now
		s.now += s.after(word, "down")
		s.does(freight.Command{Act: freight.Resume{Since: since}})
	default:
		s.t.Fatalf("no such line: %s", line)
	}
	s.tell()
}

// keep says that something is still true.
func (s *askStory) keep(word []string) {
	if len(word) == 1 {
		s.does(freight.Command{Org: "og_firm", Act: freight.KeepLoad{Load: s.load}})
		return
	}
	org := freight.ID("og_" + word[1])
	s.does(freight.Command{Org: org, Act: freight.KeepTrip{Trip: s.tripOf(org)}})
}

// tripOf is the first trip of an organization.
func (s *askStory) tripOf(org freight.ID) freight.ID {
	at := slices.IndexFunc(s.ledger.state.Trips, func(t freight.Trip) bool { return t.Org == org })
	return s.ledger.state.Trips[at].ID
}

// says is what an organization says about asking, beside what it said before.
func (s *askStory) says(word []string) {
	org := freight.ID("og_firm")
	if word[0] != "partners" {
		org = freight.ID("og_" + word[1])
	}
	if s.prefs[org] == nil {
		s.prefs[org] = &freight.PreferenceTerms{}
	}
	p := s.prefs[org]
	clock := func(text string) int64 {
		at, err := time.Parse("15:04", text)
		if err != nil {
			s.t.Fatal(err)
		}
		return int64(at.Hour()*60 + at.Minute())
	}
	switch word[0] {
	case "partners":
		p.PartnersS = int64(s.after(word, "for") / freight.Second)
		for _, name := range word[3:] {
			p.Partners = append(p.Partners, freight.ID("og_"+name))
		}
	case "budget":
		p.Budget, _ = strconv.ParseInt(word[2], 10, 64)
	case "quiet":
		p.Quiet = freight.Quiet{From: clock(word[2]), Till: clock(word[3]), Urgent: slices.Contains(word, "urgent")}
	case "driving":
		p.Driving = true
	case "lane":
		lane := freight.Lane{Name: word[2], Auto: slices.Contains(word, "auto"), Least: freight.Fen(s.number(word, "least") * 100),
			From: freight.LaneEnd{Point: haimen, RadiusM: 40_000}, To: freight.LaneEnd{Point: changzhou, RadiusM: 40_000}}
		lane.Most.Grams = s.number(word, "kg") * 1000
		p.Lanes = append(p.Lanes, lane)
	}
	s.does(freight.Command{Org: org, Act: freight.SetPreference{Terms: *p}})
}

func (s *askStory) announce(word []string) {
	cmd := announce(word[1], 5_000_000)
	cmd.Org = freight.ID("og_" + word[1])
	act := cmd.Act.(freight.AnnounceTrip)
	for i := range act.Terms.Stops {
		act.Terms.Stops[i].Window.Open += s.now - start + s.after(word, "in")
		act.Terms.Stops[i].Window.Close += s.now - start + s.after(word, "in")
	}
	if slices.Contains(word, "via") {
		on := stop(wuxi, 0, 18*freight.Hour)
		on.Window.Open, on.Window.Close = act.Terms.Stops[0].Window.Open, act.Terms.Stops[1].Window.Close
		act.Terms.Stops = slices.Insert(act.Terms.Stops, 1, on)
		act.Terms.Rooms = slices.Repeat(act.Terms.Rooms, 2)
	}
	if slices.Contains(word, "crew") {
		act.Terms.Duty = freight.Duty{Drivers: 2}
	}
	cmd.Act = act
	s.does(cmd)
}

func (s *askStory) post(word []string) {
	kg, _ := strconv.ParseInt(word[1], 10, 64)
	s.loads++
	cmd := post(fmt.Sprintf("load %d", s.loads), kg*1000)
	act := cmd.Act.(freight.PostLoad)
	for _, w := range []*freight.Window{&act.Terms.Pickup.Window, &act.Terms.Delivery.Window} {
		w.Open, w.Close = w.Open+s.now-start, w.Close+s.now-start
	}
	if within := s.after(word, "within"); within > 0 {
		act.Terms.Pickup.Window = freight.Window{Open: s.now, Close: s.now + within}
	}
	act.Terms.Hold = slices.Contains(word, "looks")
	if slices.Contains(word, "ahead") {
		act.Terms.Pickup.Place.Point = wuxi
	}
	if hours := s.after(word, "until"); hours > 0 {
		act.Terms.Pickup.Window.Close, act.Terms.Delivery.Window.Close = s.now+hours, s.now+hours+12*freight.Hour
	}
	act.Terms.Delivery.Place.Point.LatE7 -= int32(s.number(word, "aside") * 90_000) // kilometres
	cmd.Act = act
	s.load = s.does(cmd).Load.ID
}

// offer is the oldest that an operator has before it.
func (s *askStory) offer(org freight.ID) *freight.Offer {
	var list []*freight.Offer
	for i := range s.ledger.state.Offers {
		if o := s.engine.live.Offer(s.ledger.state.Offers[i].ID); o != nil && o.Org == org && o.Open() {
			list = append(list, o)
		}
	}
	if len(list) == 0 {
		s.t.Fatalf("%s has no offer", org)
	}
	return list[0]
}

func (s *askStory) does(cmd freight.Command) freight.Result {
	o := s.round(cmd)[0]
	if o.Err != nil {
		fmt.Fprintf(&s.text, "%s refused: %s %s\n", s.clock(), freight.CodeOf(o.Err), freight.ProblemOf(o.Err))
	}
	s.settle()
	return o.Result
}

func (s *askStory) clock() string {
	place, err := time.LoadLocation(market.Zone)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.days {
		return s.now.Time().In(place).Format("  Mon 15:04")
	}
	return s.now.Time().In(place).Format("  15:04")
}

// askWords are the events that the stories tell.
var askWords = map[freight.EventType]string{
	freight.EventOfferSent: "is asked about", freight.EventOfferExpired: "did not answer about", freight.EventOfferDeclined: "will not have",
	freight.EventOfferSuperseded: "is too late for", freight.EventOfferReceived: "has got the offer of", freight.EventOfferRuled: "took by its rule",
	freight.EventBookingFirm: "carries", freight.EventLoadExplained: "is told why nobody carries",
	freight.EventLoadStill: "is asked whether it is still there:", freight.EventLoadKept: "says that it is still there:", freight.EventLoadLapsed: "loses from the market",
	freight.EventTripStill: "is asked whether his trip is still true", freight.EventTripKept: "says that his trip is still true", freight.EventTripLapsed: "takes no more loads",
	freight.EventTripAgain: "is asked whether he drives as booked", freight.EventTripReconfirmed: "says that he drives as booked",
	freight.EventTripUnconfirmed: "has not said whether he drives", freight.EventBookingAgain: "is told that the truck drives, for",
	freight.EventBookingUncertain: "is told that its truck has not been confirmed:", freight.EventTicketOpened: "has a ticket about the truck of",
	freight.EventTicketDone: "need do nothing more about the truck of",
	freight.EventLoadPosted: "posts", freight.EventBookingReleased: "does not carry", freight.EventOfferWithdrawn: "is no longer asked about",
}

// leaseWords are told only where leases are.
var leaseWords = map[freight.EventType]bool{
	freight.EventLoadPosted: true, freight.EventBookingReleased: true, freight.EventOfferWithdrawn: true, freight.EventTripLapsed: true,
}

// tell writes what has been told since.
func (s *askStory) tell() {
	for _, e := range s.told.events[s.said:] {
		word, ok := askWords[e.Type]
		of := strings.HasPrefix(string(e.Type), "pinhuo.load.")
		sure := e.Type == freight.EventBookingAgain || e.Type == freight.EventBookingUncertain
		if !ok || e.Facts.Ticket != "" && e.Audience != "og_desk" || e.Audience == "og_firm" && !of && !sure || !s.days && leaseWords[e.Type] {
			continue
		}
		if e.Facts.Load == "" { // of a trip
			fmt.Fprintf(&s.text, "%s  %s %s", s.clock(), strings.TrimPrefix(string(e.Audience), "og_"), word)
			if e.Facts.Expires != 0 {
				fmt.Fprintf(&s.text, ", until %s", s.wall(e.Facts.Expires))
			}
			s.text.WriteString("\n")
			continue
		}
		l := s.ledger.state.Loads[slices.IndexFunc(s.ledger.state.Loads, func(l freight.Load) bool { return l.ID == e.Facts.Load })]
		fmt.Fprintf(&s.text, "%s  %s %s %s", s.clock(), strings.TrimPrefix(string(e.Audience), "og_"), word, l.Ref)
		f := &e.Facts
		switch {
		case e.Type == freight.EventOfferSent:
			fmt.Fprintf(&s.text, ": %d yuan, %d km aside, until %s", f.Price/100, f.DetourM/1000, s.wall(f.Expires))
		case e.Type == freight.EventOfferReceived:
			fmt.Fprintf(&s.text, ", and has until %s", s.wall(f.Expires))
		case f.Expires != 0 && of:
			fmt.Fprintf(&s.text, ", until %s", s.wall(f.Expires))
		case f.Reason != "" && (e.Type == freight.EventOfferDeclined || e.Type == freight.EventOfferWithdrawn):
			fmt.Fprintf(&s.text, ": %s", f.Reason)
		case len(f.Counts) > 0:
			fmt.Fprintf(&s.text, ":")
			for _, c := range f.Counts {
				fmt.Fprintf(&s.text, " %d %s", c.N, c.Reason)
			}
		}
		if f.Lane != "" {
			fmt.Fprintf(&s.text, " (lane %s)", f.Lane)
		}
		s.text.WriteString("\n")
	}
	s.said = len(s.told.events)
}

func (s *askStory) wall(at freight.Instant) string {
	was := s.now
	defer func() { s.now = was }()
	s.now = at
	return strings.TrimSpace(s.clock())
}

// TestRulesEnd: the rules of many operators all want the same loads, and each booking
// has every truck planned anew. Every load is taken once, and then nothing happens.
func TestRulesEnd(t *testing.T) {
	s := &askStory{rig: newRig(t), prefs: map[freight.ID]*freight.PreferenceTerms{}}
	names := []string{"A", "B", "C", "D"}
	for _, name := range names {
		s.line("lane " + name + " both auto")
		s.line("announce " + name)
	}
	for range 6 {
		s.line("post 900")
	}
	taken := map[freight.ID]int{}
	for _, k := range s.ledger.state.Bookings {
		taken[k.Load]++
	}
	if len(taken) != 6 || slices.Max(slices.Collect(maps.Values(taken))) != 1 {
		t.Fatalf("loads by how often they were taken: %v", taken)
	}
	// A truck that is cancelled gives its loads back, and another rule takes them.
	trip := s.ledger.state.Bookings[0].Trip
	at := slices.IndexFunc(s.ledger.state.Trips, func(t freight.Trip) bool { return t.ID == trip })
	s.does(freight.Command{Org: s.ledger.state.Trips[at].Org, Act: freight.CancelTrip{Trip: trip}})
	live := map[freight.ID]int{}
	for _, k := range s.ledger.state.Bookings {
		if k.Live() {
			live[k.Load]++
		}
	}
	if len(live) != 6 || slices.Max(slices.Collect(maps.Values(live))) != 1 {
		t.Errorf("after a truck was cancelled: %v", live)
	}
	if needs := s.engine.Needs(); len(needs) > 0 {
		t.Errorf("still to be planned: %+v", needs)
	}
}

// TestTooManyLanesAreRefused: with the field and the bound, and nothing is kept.
func TestTooManyLanesAreRefused(t *testing.T) {
	r := newRig(t)
	lane := freight.Lane{Name: "x", From: freight.LaneEnd{RadiusM: 5000}, To: freight.LaneEnd{RadiusM: 5000}}
	err := r.round(freight.Command{Org: "og_a", Act: freight.SetPreference{Terms: freight.PreferenceTerms{Lanes: slices.Repeat([]freight.Lane{lane}, 10_000)}}})[0].Err
	var refusal *freight.Error
	if !errors.As(err, &refusal) || refusal.Code != freight.Invalid || refusal.Problem != freight.ProblemRange || refusal.Field != "lanes" || refusal.Max != strconv.Itoa(freight.MaxLanes) {
		t.Errorf("10,000 lanes: %v", err)
	}
	if len(r.ledger.state.Preferences) > 0 {
		t.Error("a refused preference was kept")
	}
}
