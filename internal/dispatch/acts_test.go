package dispatch

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/audit"
	"pinhuo/internal/outreach"
)

// The acts of the deal that can befall a load which two operators are asked for. Each is
// what one side does who was told everything up to the act before it, and has seen nothing
// of what clocks brought since.
const (
	actPost     = "post"        // the firm puts L on the market, be it there already or withdrawn
	actAccept   = "accept"      // whose answer A's offer waits for says yes
	actDecline  = "decline"     // the same side says no
	actCounter  = "counter"     // the same side names a price: A 200 and then 190, the firm 150
	actExpire   = "expire"      // nobody does anything: A's offer is left to its clock
	actWithdraw = "withdraw"    // the firm takes L back
	actReprice  = "re-price"    // A takes the pallet P, which lies on L's way: L's terms change
	actLease    = "lease end"   // the lease of A's trip ends: it takes nothing new
	actCancel   = "trip cancel" // A takes its trip back
)

var acts = []string{actPost, actAccept, actDecline, actCounter, actExpire, actWithdraw, actReprice, actLease, actCancel}

// move is an act so many units of time from when the offer's clock runs out.
type move struct {
	act string
	at  int
}

func (m move) String() string { return fmt.Sprintf("%s %+d", m.act, m.at) }

// hour is a market in a bubble of time: the firm's load L is before the trucks A and B,
// the pallet P before A.
type hour struct {
	*rig
	d            *Dispatcher
	load, pallet freight.ID
	trucks       map[string]freight.ID // name -> trip
	clock        time.Time             // when A's offer for L runs out
}

const hourClock = outreach.Longest

// newHour sets the market up; lease is when that of A ends, 0 for with the trip.
func newHour(t *testing.T, lease freight.Instant) *hour {
	s := &hour{rig: newRig(t), trucks: map[string]freight.ID{}}
	s.engine.cfg.Fees = freight.DefaultFees()
	for org, kind := range map[freight.ID]freight.OrgKind{"og_firm": freight.OrgEnterprise, "og_pallets": freight.OrgEnterprise,
		"og_A": freight.OrgCarrier, "og_B": freight.OrgCarrier} {
		s.ledger.written.orgs = append(s.ledger.written.orgs, freight.Org{ID: org, Market: market.ID, Kind: kind})
	}
	s.d = NewDispatcher(s.engine, fakeNow)
	stop := serve(t, s.rig, s.d)
	t.Cleanup(stop)
	for name, grams := range map[string]int64{"A": 5_000_000, "B": 1_000_000} {
		cmd := announce(name, grams)
		cmd.Org = freight.ID("og_" + name)
		if name == "A" && lease != 0 {
			act := cmd.Act.(freight.AnnounceTrip)
			act.Terms.Lease = lease
			cmd.Act = act
		}
		s.trucks[name] = s.must(cmd).Trip.ID
	}
	s.load = s.must(offTheWay("og_firm", "L", 800_000)).Load.ID
	s.pallet = s.must(offTheWay("og_pallets", "P", 2_000_000)).Load.ID
	if o := s.asked(s.load, "A"); o == nil || o.Expires != fakeNow()+hourClock || s.asked(s.load, "B") == nil || s.asked(s.pallet, "A") == nil {
		t.Fatalf("the hour is not set: %s", s.outcome())
	}
	s.clock = (fakeNow() + hourClock).Time()
	return s
}

// offTheWay is a load for an address off the trucks' way: the same for all of them.
func offTheWay(org freight.ID, ref string, grams int64) freight.Command {
	cmd := post(ref, grams)
	act := cmd.Act.(freight.PostLoad)
	act.Terms.Delivery.Place.Point.LatE7 -= 400_000
	cmd.Org, cmd.Act = org, act
	return cmd
}

// do lets somebody act, and everything come to rest.
func (s *hour) do(cmd freight.Command) (freight.Result, error) {
	result, err := s.d.Do(context.Background(), cmd)
	synctest.Wait()
	return result, err
}

func (s *hour) must(cmd freight.Command) freight.Result {
	s.t.Helper()
	result, err := s.do(shifted(cmd))
	if err != nil {
		s.t.Fatal(err)
	}
	return result
}

// asked is the last offer of a load to a truck, nil for none.
func (s *hour) asked(load freight.ID, truck string) *freight.Offer {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	for i := len(s.ledger.state.Offers) - 1; i >= 0; i-- {
		if o := s.ledger.state.Offers[i]; o.Load == load && o.Trip == s.trucks[truck] {
			return &o
		}
	}
	return nil
}

func (s *hour) row(load freight.ID) freight.Load {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	at := slices.IndexFunc(s.ledger.state.Loads, func(l freight.Load) bool { return l.ID == load })
	return s.ledger.state.Loads[at]
}

// promised is what a refused act must leave as it is.
func (s *hour) promised() [2]any {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	return [2]any{slices.Clone(s.ledger.state.Bookings), slices.Clone(s.ledger.state.Trips)}
}

// plays lets the moves happen one after the other, and says what each was answered.
func (s *hour) plays(moves []move, unit time.Duration) (answers []string) {
	for _, m := range moves {
		cmd, told := s.command(m.act), s.asked(s.load, "A")
		if m.act == actExpire && told.Open() {
			s.clock = told.Expires.Time()
		}
		if left := time.Until(s.clock.Add(time.Duration(m.at) * unit)); left > 0 {
			<-time.After(left)
		}
		synctest.Wait()
		if cmd.Act == nil {
			answers = append(answers, "-")
			continue
		}
		before, logged := s.promised(), len(s.ledger.refused())
		cmd.Actor = "us_" + cmd.Org
		_, err := s.do(cmd)
		if err != nil && (!reflect.DeepEqual(before, s.promised()) || len(s.ledger.refused()) != logged+1) {
			s.t.Errorf("%v: %s was refused and changed what is promised, or has not one row in the log of acts", moves, m)
		}
		answers = append(answers, s.answer(cmd.Act, err))
	}
	return answers
}

// command is what an act asks of the market; its own act is nil for a clock.
func (s *hour) command(act string) freight.Command {
	o, l := s.asked(s.load, "A"), s.row(s.load)
	cmd := freight.Command{Org: o.Org}
	if o.Asks() == freight.SideShipper {
		cmd.Org = l.Org
	}
	switch act {
	case actPost:
		cmd.Org, cmd.Act = l.Org, freight.PostLoad{Terms: l.LoadTerms}
		if l.State == freight.LoadClosed {
			cmd.Act = freight.RepostLoad{Load: l.ID, Terms: l.LoadTerms}
		}
	case actAccept:
		cmd.Act = freight.AcceptOffer{Offer: o.ID, Version: o.Version}
	case actDecline:
		cmd.Act = freight.DeclineOffer{Offer: o.ID, Version: o.Version}
	case actCounter:
		price := freight.Fen(20_000)
		if o.By == freight.SideCarrier {
			price = 15_000
		} else if o.By == freight.SideShipper {
			price = 19_000
		}
		cmd.Act = freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: price}
	case actWithdraw:
		cmd.Org, cmd.Act = l.Org, freight.WithdrawLoad{Load: l.ID}
	case actReprice:
		p := s.asked(s.pallet, "A")
		cmd.Org, cmd.Act = p.Org, freight.AcceptOffer{Offer: p.ID, Version: p.Version}
	case actCancel:
		cmd.Org, cmd.Act = "og_A", freight.CancelTrip{Trip: s.trucks["A"]}
	}
	return cmd
}

// answer is what an act was answered: yes, or what is true instead.
func (s *hour) answer(act freight.Act, err error) string {
	if err == nil {
		return "yes"
	}
	text := string(freight.ProblemOf(err))
	var e *freight.Error
	if was := s.ended(act); freight.CodeOf(err) == freight.NotFound || errors.As(err, &e) && was == "it is "+e.Value {
		text = was
	}
	if refusal := refusalText(err); strings.Contains(refusal, "(") {
		text = refusal
	}
	return "no: " + text
}

// ended says how that ended which the book has let go.
func (s *hour) ended(act freight.Act) string {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	var id freight.ID
	switch act := act.(type) {
	case freight.AcceptOffer:
		id = act.Offer
	case freight.DeclineOffer:
		id = act.Offer
	case freight.CounterOffer:
		id = act.Offer
	case freight.WithdrawLoad:
		id = act.Load
	case freight.CancelTrip:
		id = act.Trip
	}
	for _, o := range s.ledger.state.Offers {
		if o.ID == id {
			return "it is " + string(o.State)
		}
	}
	for _, l := range s.ledger.state.Loads {
		if l.ID == id {
			return "it is " + string(l.State) + " (" + string(l.Outcome) + ")"
		}
	}
	for _, tr := range s.ledger.state.Trips {
		if tr.ID == id {
			return "it is " + string(tr.State)
		}
	}
	return "it is unknown"
}

// outcome is who has what: L always, the pallet and A's trip where they are not as at the
// beginning.
func (s *hour) outcome() string {
	text := s.whoHas("L", s.load)
	if p := s.whoHas("P", s.pallet); p != "P asked A" {
		text += ", " + p
	}
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	for _, tr := range s.ledger.state.Trips {
		if tr.ID == s.trucks["A"] && tr.State != freight.TripOpen {
			text += ", A " + string(tr.State)
		}
	}
	return text
}

func (s *hour) whoHas(name string, load freight.ID) string {
	l := s.row(load)
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	switch l.State {
	case freight.LoadClosed:
		return name + " " + string(l.Outcome)
	case freight.LoadCommitted:
		for _, k := range s.ledger.state.Bookings {
			if k.ID == l.Booking {
				return name + " on " + string(k.Org[len("og_"):]) + s.agreed(&k)
			}
		}
	}
	text := ""
	for _, truck := range []string{"A", "B"} {
		for _, o := range s.ledger.state.Offers {
			if o.Load == load && o.Trip == s.trucks[truck] && o.Open() {
				text += " " + truck + named(&o)
			}
		}
	}
	if text == "" {
		text = " nobody"
	}
	return name + " asked" + text
}

// agreed says for what a load is carried that was haggled over.
func (s *hour) agreed(k *freight.Booking) string {
	for _, o := range s.ledger.state.Offers {
		if o.ID == k.Offer && o.Counter != 0 {
			return fmt.Sprintf(" for %d", k.Price/100)
		}
	}
	return ""
}

func named(o *freight.Offer) string {
	if o.Counter == 0 {
		return ""
	}
	side := "A"
	if o.By == freight.SideShipper {
		side = "firm"
	}
	return fmt.Sprintf(" (%s named %d)", side, o.Counter/100)
}

// playOut plays a sequence in a market of its own and has the auditor look at what came
// of it.
func playOut(t *testing.T, moves []move, unit time.Duration) (line string) {
	synctest.Test(t, func(t *testing.T) {
		lease := freight.Instant(0)
		if at := slices.IndexFunc(moves, func(m move) bool { return m.act == actLease }); at >= 0 {
			lease = freight.At(time.Now().Add(time.Duration(hourClock)*time.Millisecond + time.Duration(moves[at].at)*unit))
		}
		s := newHour(t, lease)
		answers := s.plays(moves, unit)
		line = strings.Join(answers, ", ") + " => " + s.outcome()
		s.ledger.mu.Lock()
		defer s.ledger.mu.Unlock()
		report, err := audit.Audit(t.Context(), auditable{s.ledger}, audit.Options{})
		if err != nil || len(report.List) > 0 || report.Rows["offer"] == 0 {
			t.Errorf("%v: the audit: %v %+v", moves, err, report.List)
		}
	})
	return line
}
