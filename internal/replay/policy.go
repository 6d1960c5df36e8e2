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
	Disturbed = "disturbed"  // of a hundred offers 40 are declined, 20 left to run out, 10 countered with a higher price and 30 accepted
)

// Policy is what operators do with the offers before them.
type Policy interface {
	// Answer returns what the operator does at once with an open offer, nil to
	// leave it open. An offer whose terms change is asked about again.
	Answer(now freight.Instant, offer Offer) freight.Act
}

// Offer is an open offer as its sides were told of it.
type Offer struct {
	ID      freight.ID
	Version int64
	Carrier freight.ID
	Asks    freight.Side    // whose turn it is
	Rounds  int64           // how often a price was named
	Due     freight.Instant // when the side whose turn it is answers
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
	countered = 10
)

// What an operator who names a price asks for beyond the one shown, in percent of it.
const (
	leastMore = 5
	mostMore  = 30
)

func (p disturbed) Answer(_ freight.Instant, o Offer) freight.Act {
	name := fnv.New64a()
	_, _ = name.Write([]byte(o.ID)) // never fails
	draw := rand.New(rand.NewPCG(p.seed, name.Sum64()))
	accept := freight.AcceptOffer{Offer: o.ID, Version: o.Version}
	switch n := draw.IntN(100); {
	case n < declining:
		return freight.DeclineOffer{Offer: o.ID, Version: o.Version, Reason: freight.ReasonDeclined}
	case n < declining+silent:
		return nil
	case n >= declining+silent+countered || o.Rounds > 0: // he has had his say, and takes what the shipper bids
		return accept
	}
	price := o.Facts.Price + (o.Facts.Price*freight.Fen(leastMore+draw.IntN(mostMore-leastMore+1))+99)/100
	if price = min(price, o.Facts.Alone); price <= o.Facts.Price { // no price above it may be named
		return freight.DeclineOffer{Offer: o.ID, Version: o.Version, Reason: freight.ReasonPrice}
	}
	return freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: price}
}

// bargain is what a shipper does with a price that an operator names: he pays it up to
// his ceiling, bids his ceiling where that is above what was shown, or says no.
func bargain(o Offer, ceiling freight.Fen) freight.Act {
	switch named := o.Facts.Counter; {
	case named <= ceiling:
		return freight.AcceptOffer{Offer: o.ID, Version: o.Version}
	case ceiling >= o.Facts.Price && o.Rounds < freight.MaxRounds:
		return freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: ceiling}
	}
	return freight.DeclineOffer{Offer: o.ID, Version: o.Version, Reason: freight.ReasonPrice}
}

// desk is both sides of the market's offers: it hears the events of a round and
// keeps the open offers in the order in which they were made.
type desk struct {
	policy   Policy
	shipper  freight.ID
	ceilings map[freight.ID]freight.Fen // load -> the most that its shipper pays
	after    freight.Instant            // how long a side takes to answer
	open     map[freight.ID]*Offer
	order    []freight.ID
	tried    map[freight.ID]int64 // offer -> version last answered
	offers   int                  // ever made
	counters int                  // prices ever named
	by       map[string]int       // of the offers by the method that measured them
}

func newDesk(policy Policy, after freight.Instant) *desk {
	return &desk{policy: policy, after: after, ceilings: map[freight.ID]freight.Fen{}, open: map[freight.ID]*Offer{},
		tried: map[freight.ID]int64{}, by: map[string]int{}}
}

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
			d.open[e.Subject] = &Offer{ID: e.Subject, Version: e.Version, Carrier: e.Audience, Asks: freight.SideCarrier, Facts: e.Facts,
				Due: min(e.At+d.after, e.Facts.Expires)}
		case freight.EventOfferRepriced, freight.EventOfferCountered:
			d.renew(e)
		case freight.EventOfferDeclined, freight.EventOfferExpired, freight.EventOfferSuperseded, freight.EventOfferWithdrawn:
			d.end(e.Subject)
		case freight.EventBookingFirm:
			d.end(e.Facts.Offer)
		}
	}
}

// renew puts the new terms of an open offer before the side whose turn it is: both
// sides are told, and the operator's word is heard.
func (d *desk) renew(e *freight.Event) {
	was := d.open[e.Subject]
	if was == nil || e.Audience != was.Carrier {
		return
	}
	o := *was
	o.Version, o.Facts, o.Asks = e.Version, e.Facts, freight.SideCarrier
	if e.Type == freight.EventOfferRepriced { // he has been thinking since it was first made
		o.Due = min(was.Due, e.Facts.Expires)
	} else {
		d.counters++
		o.Rounds++
		o.Due = min(e.At+d.after, e.Facts.Expires)
		if e.Facts.By == freight.SideCarrier {
			o.Asks = freight.SideShipper
		}
	}
	d.open[e.Subject] = &o
}

func (d *desk) end(offer freight.ID) {
	delete(d.open, offer)
	delete(d.tried, offer)
}

// answer returns what is said to the next offer now, in the order in which they
// were made, or false when nothing is. The same terms are answered once.
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
		if o.Asks == freight.SideShipper {
			next, found = freight.Command{Org: d.shipper, Act: bargain(*o, d.ceilings[o.Facts.Load])}, true
		} else if act := d.policy.Answer(now, *o); act != nil {
			next, found = freight.Command{Org: o.Carrier, Act: act}, true
		}
	}
	d.order = still
	return next, found
}

// next is when the next side answers, 0 where none is about to.
func (d *desk) next() (at freight.Instant) {
	for _, id := range d.order {
		if o := d.open[id]; o != nil && d.tried[id] != o.Version && (at == 0 || o.Due < at) {
			at = o.Due
		}
	}
	return at
}
