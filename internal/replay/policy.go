package replay

import (
	"hash/fnv"
	"math/rand/v2"
	"strings"

	"pinhuo/freight"
)

// The policies of operators.
const (
	AllAccept = "all-accept" // every offer, at once
	Disturbed = "disturbed"  // of a hundred offers 40 are declined, 10 more because of the price, 20 left to run out and 30 accepted
)

// Policy is what operators do with the offers before them.
type Policy interface {
	// Answer returns what the operator does at once with an open offer, nil to
	// leave it open. An offer whose terms change is asked about again.
	Answer(now freight.Instant, offer Offer) freight.Act
}

// Offer is an open offer as its operator was told of it.
type Offer struct {
	ID      freight.ID
	Version int64
	Carrier freight.ID
	Due     freight.Instant // when its operator answers
	Facts   freight.Facts
}

var policies = map[string]func(seed uint64) Policy{
	AllAccept: func(uint64) Policy { return allAccept{} },
	Disturbed: func(seed uint64) Policy { return disturbed{seed} },
}

type allAccept struct{}

func (allAccept) Answer(_ freight.Instant, o Offer) freight.Act {
	return freight.AcceptOffer{Offer: o.ID, Version: o.Version}
}

// disturbed draws for each offer what its operator does, whatever its version.
type disturbed struct{ seed uint64 }

// Of a hundred offers.
const (
	declining = 40
	silent    = 20
	tooLittle = 10 // is offered
)

func (p disturbed) Answer(_ freight.Instant, o Offer) freight.Act {
	name := fnv.New64a()
	_, _ = name.Write([]byte(o.ID)) // never fails
	switch n := rand.New(rand.NewPCG(p.seed, name.Sum64())).IntN(100); {
	case n < declining:
		return freight.DeclineOffer{Offer: o.ID, Version: o.Version, Reason: freight.ReasonDeclined}
	case n < declining+silent:
		return nil
	case n < declining+silent+tooLittle:
		return freight.DeclineOffer{Offer: o.ID, Version: o.Version, Reason: freight.ReasonPrice}
	}
	return freight.AcceptOffer{Offer: o.ID, Version: o.Version}
}

// desk is the operators' side of the market: it hears the events of a round and
// keeps the open offers in the order in which they were made.
type desk struct {
	policy Policy
	after  freight.Instant // how long an operator takes to answer
	open   map[freight.ID]*Offer
	order  []freight.ID
	tried  map[freight.ID]int64 // offer -> version last answered
	offers int                  // ever made
	by     map[string]int       // of them by the method that measured them
}

func newDesk(policy Policy, after freight.Instant) *desk {
	return &desk{policy: policy, after: after, open: map[freight.ID]*Offer{}, tried: map[freight.ID]int64{}, by: map[string]int{}}
}

// Missed cannot be made good: a replay whose store broke ends with the round.
func (d *desk) Missed() {}

// Publish hears what a committed round told.
func (d *desk) Publish(events []freight.Event) {
	for i := range events {
		e := &events[i]
		switch e.Type {
		case freight.EventOfferSent:
			d.offers++
			method, _, _ := strings.Cut(e.Facts.RouterName, " ")
			d.by[method]++
			d.order = append(d.order, e.Subject)
			d.open[e.Subject] = &Offer{ID: e.Subject, Version: e.Version, Carrier: e.Audience, Facts: e.Facts,
				Due: min(e.At+d.after, e.Facts.Expires)}
		case freight.EventOfferRepriced:
			// He has been thinking since it was first made.
			o := &Offer{ID: e.Subject, Version: e.Version, Carrier: e.Audience, Facts: e.Facts, Due: e.Facts.Expires}
			if was := d.open[e.Subject]; was != nil {
				o.Due = min(o.Due, was.Due)
			}
			d.open[e.Subject] = o
		case freight.EventOfferDeclined, freight.EventOfferExpired, freight.EventOfferSuperseded, freight.EventOfferWithdrawn:
			d.end(e.Subject)
		case freight.EventBookingFirm:
			d.end(e.Facts.Offer)
		}
	}
}

func (d *desk) end(offer freight.ID) {
	delete(d.open, offer)
	delete(d.tried, offer)
}

// answer returns what the next operator does now, in the order in which the
// offers were made, or false when none does anything. The same terms are
// answered once.
func (d *desk) answer(now freight.Instant) (freight.Command, bool) {
	still := d.order[:0]
	var next freight.Command
	found := false
	for _, id := range d.order {
		o := d.open[id]
		if o == nil {
			continue
		}
		still = append(still, id)
		if found || now < o.Due || d.tried[id] == o.Version {
			continue
		}
		d.tried[id] = o.Version
		if act := d.policy.Answer(now, *o); act != nil {
			found = true
			next = freight.Command{Org: o.Carrier, Act: act}
		}
	}
	d.order = still
	return next, found
}

// next is when the next operator answers, 0 where none is about to.
func (d *desk) next() (at freight.Instant) {
	for _, id := range d.order {
		if o := d.open[id]; o != nil && d.tried[id] != o.Version && (at == 0 || o.Due < at) {
			at = o.Due
		}
	}
	return at
}
