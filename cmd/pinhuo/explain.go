package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// explainCommand tells the whole story of a load.
type explainCommand struct {
	database
	Load string `arg:"" help:"Id of a load."`
}

// Run prints the story; the database may be that of a running server.
func (c *explainCommand) Run(ctx context.Context, io streams) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	told, market, err := findStory(ctx, s, freight.ID(c.Load))
	names := map[freight.ID]string{}
	if err == nil {
		err = nameAll(ctx, s, market.ID, names)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	zone, err := time.LoadLocation(market.Zone)
	if err != nil {
		zone = time.UTC
	}
	(&teller{out: io.out, zone: zone, names: names}).tell(&told)
	return nil
}

// findStory looks for the load in every market.
func findStory(ctx context.Context, s *store.Store, load freight.ID) (freight.Story, freight.Market, error) {
	markets, err := s.Markets(ctx)
	for _, m := range markets {
		told, _, err := s.Story(ctx, freight.Scope{Market: m.ID, Desk: true}, load)
		if freight.CodeOf(err) != freight.NotFound {
			return told, m, err
		}
	}
	return freight.Story{}, freight.Market{}, cmp.Or(err, error(freight.Missing("load", load)))
}

// nameAll reads what organizations and officers are called.
func nameAll(ctx context.Context, s *store.Store, market freight.ID, names map[freight.ID]string) error {
	orgs, err := s.Orgs(ctx, market)
	for _, o := range orgs {
		names[o.ID] = o.Name
	}
	officers, more := s.Officers(ctx, market)
	for _, o := range officers.Rows {
		names[o.User] = o.Name
	}
	return errors.Join(err, more)
}

// teller writes a story for people.
type teller struct {
	out   io.Writer
	zone  *time.Location
	names map[freight.ID]string
}

func (t *teller) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

func (t *teller) at(i freight.Instant) string {
	if i == 0 {
		return "-"
	}
	return i.Time().In(t.zone).Format("2006-01-02 15:04:05")
}

func (t *teller) name(id freight.ID) string { return cmp.Or(t.names[id], string(id)) }

func (t *teller) yuan(f freight.Fen) string { return fmt.Sprintf("%d.%02d", f/100, f%100) }

func (t *teller) tell(s *freight.Story) {
	l := &s.Load
	t.say("load %s %s of %s: %s, %s to %s, %s", l.ID, l.Ref, t.name(l.Org), l.Goods, l.Pickup.Place.Town, l.Delivery.Place.Town, l.State)
	t.say("  posted %s, pickup %s to %s, answer by %s", t.at(l.Posted), t.at(l.Pickup.Window.Open), t.at(l.Pickup.Window.Close), t.at(l.AnswerBy))
	t.say("  alone %s, at most %s", t.yuan(l.Alone), t.yuan(l.Ceiling))
	t.reasons(s.Explanation)
	t.say("asked: %d", len(s.Offers))
	for i := range s.Offers {
		o := s.Offers[i].Offer
		t.say("  %s %s at %s: %s %s, expires %s", t.at(o.Made), t.name(o.Org), t.yuan(o.Price), o.State, o.Reason, t.at(o.Expires))
	}
	for i := range s.Pools {
		p := &s.Pools[i].Pool
		t.say("pool %s %s: %s %s, %d loads asked, until %s", t.at(p.Made), p.Type, p.State, p.Reason, len(s.Pools[i].Members), t.at(p.Deadline))
	}
	for i := range s.Bookings {
		b := s.Bookings[i].Booking
		t.say("booking %s %s at %s: %s %s, pickup %s, delivery %s", t.at(b.Made), t.name(b.Org), t.yuan(b.Price), b.State, b.Cause, t.at(b.PickupETA), t.at(b.DropETA))
	}
	for i := range s.Tickets {
		t.ticket(&s.Tickets[i])
	}
	t.say("clocks:")
	for _, c := range s.Clocks() {
		t.say("  %s %s %s", t.at(c.At), c.Kind, c.ID)
	}
	t.refused(s.Refused)
	t.say("acts:")
	for i := range s.Events {
		e := &s.Events[i]
		t.say("  %s %s %s", t.at(e.At), strings.TrimPrefix(string(e.Type), "pinhuo."), e.Subject)
	}
}

// refused tells which acts about the load were refused, and what they met.
func (t *teller) refused(list []freight.Deed) {
	if len(list) > 0 {
		t.say("refused:")
	}
	for i := range list {
		d := &list[i]
		t.say("  %s %s %s %s of version %d: %s %s, it was %s version %d", t.at(d.Made), t.name(d.Org), d.What.Act, d.What.Subject, d.What.Version,
			d.Problem, d.Refusal.Reason, cmp.Or(d.Was.State, "unknown"), d.Was.Version)
	}
}

func (t *teller) reasons(e *freight.Explanation) {
	if e == nil {
		t.say("not explained yet")
		return
	}
	t.say("explained %s: %d trips were open", t.at(e.At), e.Trips)
	for _, c := range e.Counts {
		t.say("  %6d %s", c.N, c.Reason)
	}
	if e.Nearest != nil {
		t.say("  nearest: %s, %s by %d %s", e.Nearest.Trip, e.Nearest.Reason, e.Nearest.By, e.Nearest.Unit)
	}
	if e.Remedy.Helps() {
		t.say("  would help: %s by %d %s, which costs %s", e.Remedy.Kind, e.Remedy.By, e.Remedy.Unit, t.yuan(e.Remedy.Cost))
	} else {
		t.say("  no single change would help")
	}
	if n := e.Next; n != nil {
		t.say("  next: alone about %s with %d × %s, or ask %s", t.yuan(n.Alone), n.Vehicles, n.Vehicle, cmp.Or(t.name(n.Officer), "nobody: the desk has no officers"))
	}
}

func (t *teller) ticket(k *freight.Ticket) {
	t.say("ticket %s %s, %s: %s, with %s (%s), due %s", k.ID, k.Kind, k.Class, k.State, t.name(k.Owner), k.Rung, t.at(k.Due))
	if k.Cause != "" {
		t.say("  opened because: %s", k.Cause)
	}
	if k.Text != "" {
		t.say("  asks: %s", strings.ReplaceAll(k.Text, "\n", " "))
	}
	if k.Late != 0 {
		t.say("  late since %s", t.at(k.Late))
	}
	for _, e := range k.Log {
		t.say("  %s %s by %s, now with %s until %s %s", t.at(e.At), e.Event, cmp.Or(t.names[e.Actor], string(e.Actor), "the exchange"),
			t.name(e.Owner), t.at(e.Due), strings.ReplaceAll(e.Text, "\n", " "))
	}
}
