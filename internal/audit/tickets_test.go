package audit_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/desk"
	"pinhuo/internal/seed"
	"pinhuo/internal/store"
)

// asked plays acts at random in a market whose desk works: loads that nothing helps,
// calls for help, disputes, officers who come and go, trucks that pass by, and clocks
// that run out.
type asked struct {
	*drawn
	briefed freight.Instant
}

var deskUsers = []freight.ID{"us_a", "us_b", "us_c"}

func (a *asked) user() freight.ID { return deskUsers[a.draw.IntN(len(deskUsers))] }

// tryAs commits one act of a person, which may be refused for what the world is now.
func (a *asked) tryAs(what string, org, actor freight.ID, act freight.Act) {
	a.t.Helper()
	err := a.round(freight.Command{Org: org, Actor: actor, Act: act})[0].Err
	a.plan()
	switch freight.CodeOf(err) {
	case "":
		a.done[what]++
	case freight.Conflict, freight.NotFound, freight.Invalid, freight.Forbidden, freight.Unavailable:
		a.done[what+" refused"]++
	default:
		a.t.Fatalf("%s: %v", what, err)
	}
}

// ticket draws a ticket that lives.
func (a *asked) ticket() *freight.Ticket {
	a.t.Helper()
	page, err := a.db.Tickets(a.t.Context(), freight.TicketQuery{Query: freight.Query{Scope: freight.Scope{Market: a.market.ID, Desk: true}, State: "live", Limit: 200}})
	a.must(err)
	if len(page.Rows) == 0 {
		return nil
	}
	return &page.Rows[a.draw.IntN(len(page.Rows))]
}

func (a *asked) step(n int) {
	switch k := a.draw.IntN(30); {
	case k < 4:
		a.post(n)
	case k < 6:
		a.drawn.step(n)
	case k < 7:
		t := tripTerms(fmt.Sprint("T", n), 4000, a.hours()+1, a.hours()+16, haimen, changzhou)
		t.Vehicle.Plate.Number = fmt.Sprintf("SU-T%d", n)
		a.try("announce", carrierOrg, freight.AnnounceTrip{Terms: t})
	case k < 8:
		a.accept()
	case k < 9:
		a.roster()
	case k < 10:
		a.tryAs("away", deskOrg, "us_a", freight.MarkOfficer{User: a.user(), Away: a.draw.IntN(2) == 0, Off: a.draw.IntN(6) == 0})
	case k < 12:
		a.ask()
	case k < 24:
		a.move()
	case k == 24:
		a.brief()
	default:
		a.wait(a.now + freight.Instant(a.draw.Int64N(int64(freight.Hour))))
	}
}

func (a *asked) roster() {
	terms := freight.OfficerTerms{Name: "officer", Head: a.draw.IntN(4) == 0, Default: a.draw.IntN(4) == 0}
	if a.draw.IntN(2) == 0 {
		terms.Hours = freight.Office{Days: 1 + a.draw.Int64N(127), From: a.draw.Int64N(1440), Till: a.draw.Int64N(1440)}
	}
	if a.draw.IntN(2) == 0 {
		terms.Deputy = a.user()
	}
	if a.draw.IntN(3) == 0 {
		terms.Firms = []freight.ID{shipperOrg, carrierOrg}[:1+a.draw.IntN(2)]
	}
	a.tryAs("set", deskOrg, "us_a", freight.SetOfficer{User: a.user(), Terms: terms})
}

func (a *asked) ask() {
	act := freight.AskDesk{Kind: freight.TicketHelp, Text: "help"}
	org := []freight.ID{shipperOrg, carrierOrg}[a.draw.IntN(2)]
	page, err := a.db.Bookings(a.t.Context(), freight.Query{Scope: freight.Scope{Market: a.market.ID, Org: org}, Limit: 50})
	a.must(err)
	if len(page.Rows) > 0 && a.draw.IntN(2) == 0 {
		act.Kind, act.Booking = freight.TicketDispute, page.Rows[a.draw.IntN(len(page.Rows))].Booking.ID
	} else if len(a.loads) > 0 && a.draw.IntN(2) == 0 {
		act.Load = a.loads[a.draw.IntN(len(a.loads))]
	}
	a.tryAs(string(act.Kind), org, "us_clerk", act)
}

func (a *asked) move() {
	k := a.ticket()
	if k == nil {
		return
	}
	act := freight.MoveTicket{Ticket: k.ID, Text: "text", To: a.user()}
	org, actor := deskOrg, k.Owner
	switch a.draw.IntN(8) {
	case 0, 1:
		act.Event, actor = freight.TicketTake, a.user()
	case 2:
		act.Event, actor = freight.TicketHandOver, a.user()
	case 3, 4:
		act.Event = freight.TicketFinish
	case 5:
		act.Event, org, actor = freight.TicketConfirm, k.Org, "us_clerk"
	case 6:
		act.Event, org, actor = freight.TicketReopen, k.Org, "us_clerk"
	default:
		act.Event = freight.TicketNote
	}
	if a.draw.IntN(8) == 0 {
		act.Version = k.Version - 1 // a screen that is behind
	}
	a.tryAs(string(act.Event), org, actor, act)
}

func (a *asked) brief() {
	busy, err := a.db.Busy(a.t.Context(), a.market.ID, a.briefed)
	a.must(err)
	before := a.done["brief"]
	a.tryAs("brief", deskOrg, "", freight.KeepBrief{Brief: desk.Brief(busy, a.briefed, a.now)})
	if a.done["brief"] > before {
		a.briefed = a.now
	}
}

// Whatever happens at the desk, the auditor finds nothing amiss.
func TestRandomLivesOfTickets(t *testing.T) {
	draw := rand.New(rand.NewPCG(seed.Of(t), 7))
	all := map[string]int{}
	for range 4 {
		cfg := store.Config{Dir: t.TempDir()}
		a := &asked{drawn: &drawn{exchange: newExchange(t, cfg), draw: draw, done: all}}
		for n := range 300 {
			a.step(n)
		}
		a.must(a.db.Close())
		for _, v := range look(t, cfg).List {
			t.Error(v)
		}
	}
	often(t, all, map[string]int{"set": 5, "away": 3, "help": 5, "dispute": 1, "take": 10, "hand_over": 1, "finish": 10, "confirm": 5, "reopen": 1,
		"note": 5, "brief": 5, "take refused": 2, "finish refused": 2, "reopen refused": 2})
}
