package dispatch

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
)

// dealStory plays one file of testdata/deal: who does what and how time goes by, and
// below the line what each is told and when.
type dealStory struct {
	*rig
	said   int
	trucks map[string]*freight.Trip
	loads  map[string]freight.ID
	names  map[freight.ID]string    // of loads and organizations
	seen   map[string]freight.Quote // what taking a load for a truck would have meant, by both names
	text   strings.Builder
	road   bool // it is told how trips end
}

// TestStoriesOfTheDeal plays every story and compares what was told.
func TestStoriesOfTheDeal(t *testing.T) {
	playStories(t, "deal", 4, func(t *testing.T, _ string) story {
		return &dealStory{rig: newRig(t), trucks: map[string]*freight.Trip{}, loads: map[string]freight.ID{}, names: map[freight.ID]string{}, seen: map[string]freight.Quote{}}
	})
}

func (s *dealStory) tale() string { return s.text.String() }

// line plays one line of a story.
func (s *dealStory) line(line string) {
	fmt.Fprintf(&s.text, "> %s\n", line)
	word := strings.Fields(line)
	switch word[0] {
	case "truck":
		s.truck(word)
	case "load":
		s.post(word)
	case "held":
		s.engine.cfg.Batch = Batch{Every: 10 * freight.Minute, Hold: 100 * freight.Hour, Rounds: 1}
	case "set":
		s.set(word[1], word[2:])
	case "partners":
		s.partners(word[1], word[2], word[3:])
	case "lane":
		s.lane(word[1])
	case "wait":
		d, err := time.ParseDuration(word[1])
		if err != nil {
			s.t.Fatal(err)
		}
		s.pass(s.now+freight.Instant(d.Milliseconds()), s.tell)
	case "down":
		s.down(word[1])
	case "officer": // of the market's desk
		s.ledger.state.Desks, s.names["og_desk"] = []freight.ID{"og_desk"}, "desk"
		s.engine.desks.Store(&s.ledger.state.Desks)
		s.does(freight.Command{Org: "og_desk", Actor: "us_owner", Act: freight.SetOfficer{User: freight.ID("us_" + word[1]), Terms: freight.OfficerTerms{Name: word[1]}}})
	default:
		s.acts(word[0], word[1], word[2:])
	}
	s.tell()
}

// down lets the server be away for a while and start anew.
func (s *dealStory) down(long string) {
	d, err := time.ParseDuration(long)
	if err != nil {
		s.t.Fatal(err)
	}
	s.engine.Rest(s.t.Context(), s.now)
	s.now += freight.Instant(d.Milliseconds())
	s.restarted()
	s.owed()
	s.settle()
}

// truck announces a trip of its own organization: truck NAME KG [moves=YUAN]. One that moves
// goods out of the way, for so much a minute, opens at the rear alone; one that is open firms may
// book without asking: truck NAME KG open.
func (s *dealStory) truck(word []string) {
	kg, _ := strconv.ParseInt(word[2], 10, 64)
	cmd := announce(fmt.Sprint(len(s.trucks)), kg*1000)
	act := cmd.Act.(freight.AnnounceTrip)
	act.Terms.Limits.ExtraStops = 12
	switch {
	case len(word) > 3 && word[3] == "open":
		act.Terms.BookNow = true
	case len(word) > 3:
		act.Terms.Vehicle.Doors = freight.DoorsRear
		act.Terms.Vehicle.Rehandle = yuan(s.t, strings.TrimPrefix(word[3], "moves="))
	}
	cmd.Org, cmd.Act = freight.ID("og_"+word[1]), act
	s.names[cmd.Org] = word[1]
	s.trucks[word[1]] = s.does(cmd).Trip
}

// post posts a load of a firm of its own: load NAME KG [looks] [sole=2h] [answer=40m] [ceiling=YUAN] [aside=KM],
// its delivery so far from where the trucks go, [off=KM], its pickup so far off their road,
// [from=N], [to=N], so many hundredths of the way, [until=3h], when its pickup closes, [movable].
func (s *dealStory) post(word []string) {
	kg, _ := strconv.ParseInt(word[2], 10, 64)
	cmd := post("", kg*1000)
	cmd.Org = freight.ID("og_" + word[1] + "'s firm")
	act := cmd.Act.(freight.PostLoad)
	for _, more := range word[3:] {
		switch name, value, _ := strings.Cut(more, "="); name {
		case "aside":
			km, _ := strconv.ParseInt(value, 10, 64)
			act.Terms.Delivery.Place.Point.LatE7 -= int32(km * 90_000)
		case "looks":
			act.Terms.Hold = true
		case "movable":
			act.Terms.Care.Rehandle = true
		case "from", "to":
			percent, _ := strconv.ParseInt(value, 10, 32)
			from, to := &act.Terms.Pickup.Place.Point, &act.Terms.Delivery.Place.Point
			at := freight.Point{LatE7: from.LatE7 + int32(int64(to.LatE7-from.LatE7)*percent/100), LngE7: from.LngE7 + int32(int64(to.LngE7-from.LngE7)*percent/100)}
			if name == "from" {
				*from = at
			} else {
				*to = at
			}
		case "sole":
			d, err := time.ParseDuration(value)
			if err != nil {
				s.t.Fatal(err)
			}
			act.Terms.ExclusiveS = int64(d.Seconds())
		case "answer":
			d, err := time.ParseDuration(value)
			if err != nil {
				s.t.Fatal(err)
			}
			act.Terms.AnswerBy = s.now + freight.Instant(d.Milliseconds())
		case "until":
			d, err := time.ParseDuration(value)
			if err != nil {
				s.t.Fatal(err)
			}
			act.Terms.Pickup.Window.Close = s.now + freight.Instant(d.Milliseconds())
		case "off":
			aside, _ := strconv.ParseInt(value, 10, 32)
			act.Terms.Pickup.Place.Point.LatE7 += int32(aside * 1e7 / 111)
		case "ceiling":
			act.Terms.Ceiling = yuan(s.t, value)
		default:
			s.t.Fatalf("no such word: %s", more)
		}
	}
	cmd.Act = act
	s.names[cmd.Org] = word[1] + "'s firm"
	s.loads[word[1]] = s.does(cmd).Load.ID
}

func yuan(t *testing.T, text string) freight.Fen {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return freight.Fen(f*100 + 0.5)
}

// acts lets a truck or a load's firm do something.
func (s *dealStory) acts(who, verb string, rest []string) {
	org := freight.ID("og_" + who)
	if who == "firm" {
		org = freight.ID("og_" + rest[0] + "'s firm")
	}
	var act freight.Act
	switch verb {
	case "accepts", "declines", "asks", "bids":
		act = s.answers(who, verb, rest)
	case "looks":
		s.looks(who, rest)
		return
	case "books":
		act = s.books(who, rest)
	case "takes", "drops":
		act = s.bundled(who, verb, rest)
	case "confirms":
		act = freight.ConfirmBooking{Booking: s.booking(rest[0]).ID}
	case "refuses":
		act = freight.RefuseBooking{Booking: s.booking(rest[0]).ID}
	case "withdraws":
		act = freight.WithdrawLoad{Load: s.loads[rest[0]]}
	case "cancels":
		act = freight.CancelTrip{Trip: s.trucks[who].ID}
	default:
		s.t.Fatalf("no such verb: %s", verb)
	}
	s.does(freight.Command{Org: org, Actor: "us_" + org, Act: act})
}

// answers is what one side of an offer says: TRUCK accepts LOAD, firm declines LOAD TRUCK,
// TRUCK asks LOAD YUAN, firm bids LOAD TRUCK YUAN, each with "sure" or "over" behind it.
// With "old" it is what was on the screen before the last change, with "first" the first
// offer of several; TRUCK accepts LOAD of TRUCK names another's.
func (s *dealStory) answers(who, verb string, rest []string) freight.Act {
	truck, more := who, rest[1:]
	if who == "firm" {
		truck, more = rest[1], rest[2:]
	}
	if len(more) > 1 && more[0] == "of" {
		truck = more[1]
	}
	o := s.offer(rest[0], truck)
	if slices.Contains(more, "old") {
		o.Version--
	}
	if slices.Contains(more, "first") {
		o = s.first(rest[0], truck)
	}
	over, sure := slices.Contains(more, "over"), slices.Contains(more, "sure")
	switch verb {
	case "accepts":
		return freight.AcceptOffer{Offer: o.ID, Version: o.Version, Over: over}
	case "declines":
		return freight.DeclineOffer{Offer: o.ID, Version: o.Version}
	}
	return freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: yuan(s.t, more[0]), Sure: sure, Over: over}
}

// offer is the last one of a load to a truck, as it was last told.
func (s *dealStory) offer(load, truck string) *freight.Offer {
	var last *freight.Offer
	for i := range s.ledger.state.Offers {
		if o := s.ledger.state.Offers[i]; o.Load == s.loads[load] && o.Trip == s.trucks[truck].ID {
			last = &o
		}
	}
	if last == nil {
		s.t.Fatalf("%s was never asked for %s", truck, load)
	}
	return last
}

// first is the first offer of a load to a truck, as it was last told.
func (s *dealStory) first(load, truck string) *freight.Offer {
	at := slices.IndexFunc(s.ledger.state.Offers, func(o freight.Offer) bool { return o.Load == s.loads[load] && o.Trip == s.trucks[truck].ID })
	return &s.ledger.state.Offers[at]
}

func (s *dealStory) booking(load string) *freight.Booking {
	for i := len(s.ledger.state.Bookings) - 1; i >= 0; i-- {
		if k := &s.ledger.state.Bookings[i]; k.Load == s.loads[load] {
			return k
		}
	}
	s.t.Fatalf("%s was never booked", load)
	return nil
}

// does lets somebody act; a refusal is told too.
func (s *dealStory) does(cmd freight.Command) freight.Result {
	o := s.round(cmd)[0]
	if o.Err != nil {
		fmt.Fprintf(&s.text, "%s refused: %s%s\n", s.clock(), refusalText(o.Err), s.ended(cmd.Act, o.Err))
		if act, ok := Review(cmd.Act, o.Err); ok {
			s.round(freight.Command{Act: act})
		}
	}
	if o.Result.Load != nil && s.names[o.Result.Load.ID] == "" {
		s.names[o.Result.Load.ID] = strings.TrimSuffix(s.names[cmd.Org], "'s firm")
	}
	s.settle()
	return o.Result
}

// ended says of an offer or booking that the book has let go how it ended.
func (s *dealStory) ended(act freight.Act, err error) string {
	_, bundle := act.(freight.AcceptBundle)
	switch freight.ProblemOf(err) {
	case freight.ProblemTaken, freight.ProblemState, freight.ProblemExpired:
	default:
		if !bundle || freight.CodeOf(err) != freight.NotFound {
			return ""
		}
	}
	var id freight.ID
	switch act := act.(type) {
	case freight.AcceptOffer:
		id = act.Offer
	case freight.DeclineOffer:
		id = act.Offer
	case freight.AcceptBundle:
		id = s.lines(act.Bundle)[0].ID
	case freight.ConfirmBooking:
		id = act.Booking
	case freight.RefuseBooking:
		id = act.Booking
	}
	for _, o := range s.ledger.state.Offers {
		if o.ID == id && !o.Open() {
			return ": it is " + string(o.State)
		}
	}
	for _, k := range s.ledger.state.Bookings {
		if k.ID == id {
			return ": it is " + string(k.State) + " (" + string(k.Cause) + ")"
		}
	}
	return ""
}

// refusalText is what a refusal names: the problem, the reason and the bounds.
func refusalText(err error) string {
	var e *freight.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := string(e.Problem)
	if e.Reason != freight.NoReason {
		text += " (" + string(e.Reason) + ")"
	}
	for _, bound := range [...]struct{ name, value string }{{"least", e.Min}, {"most", e.Max}, {"want", e.Want}} {
		if bound.value != "" {
			text += ", " + bound.name + " " + bound.value
		}
	}
	for i := range e.More {
		text += "; " + refusalText(&e.More[i])
	}
	return text
}

func (s *dealStory) clock() string {
	d := time.Duration(s.now-start) * time.Millisecond
	return fmt.Sprintf("  %d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}

// onTheRoad are the events of trips that stories of custody tell.
var onTheRoad = []freight.EventType{freight.EventTripUnderway, freight.EventTripOverdue, freight.EventTripStopped, freight.EventTripCompleted, freight.EventTripCancelled, freight.EventTripDelayed}

// tell writes what has been told since, of offers and bookings.
func (s *dealStory) tell() {
	for _, e := range s.told.events[s.said:] {
		kind := strings.TrimPrefix(string(e.Type), "pinhuo.")
		if strings.HasPrefix(kind, "trip.") && !(s.road && slices.Contains(onTheRoad, e.Type)) || strings.HasPrefix(kind, "load.offered") || kind == "officer.set" || strings.HasPrefix(kind, "load.explained") {
			continue
		}
		f := &e.Facts
		if strings.HasPrefix(kind, "bundle.") {
			fmt.Fprintf(&s.text, "%s %-8s %-17s %s\n", s.clock(), s.names[e.Audience], kind, s.bundleText(&e))
			continue
		}
		fmt.Fprintf(&s.text, "%s %-8s %-17s %s", s.clock(), s.names[e.Audience], kind, s.names[f.Load])
		if f.Price != 0 {
			fmt.Fprintf(&s.text, ", %s yuan", f.Price)
		}
		if f.Counter != 0 {
			fmt.Fprintf(&s.text, ", %s named %s", f.By, f.Counter)
		}
		if f.Short != 0 {
			fmt.Fprintf(&s.text, ", %s short, gets %s: %s has it", f.Short, f.Due, strings.TrimPrefix(string(f.Officer), "us_"))
		}
		if f.Reason != freight.NoReason {
			fmt.Fprintf(&s.text, " (%s)", f.Reason)
		}
		if f.Taken != "" {
			fmt.Fprintf(&s.text, ", the %s's doing", f.Taken)
		}
		if f.Sole && kind == "offer.sent" {
			s.text.WriteString(", asked alone")
		}
		if strings.HasSuffix(kind, ".delayed") {
			fmt.Fprintf(&s.text, ", %d min late", f.LateS/60)
		}
		if left := (f.Expires - s.now) / freight.Minute; f.Expires > s.now {
			fmt.Fprintf(&s.text, ", %d min left", left)
		}
		s.text.WriteString("\n")
	}
	s.said = len(s.told.events)
}
