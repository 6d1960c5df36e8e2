package book

import "pinhuo/freight"

// Log adds a row to the market's log of acts: it gets the next number, its id by that, and
// the chain from the row before it. It fails where the row cannot be written down.
func (b *Book) Log(at freight.Instant, d freight.Deed) error {
	b.deedSeq++
	d.Seq, d.Market, d.Version, d.Made, d.Changed = b.deedSeq, b.env.Market.ID, 1, at, at
	d.ID = freight.DeedID(d.Market, d.Seq, at)
	if err := d.Seal(b.deedHead); err != nil {
		return err
	}
	b.deedHead = d.Chain
	b.deeds = append(b.deeds, d)
	return nil
}

// DeedSeq is the number of the last row of the log of acts.
func (b *Book) DeedSeq() int64 { return b.deedSeq }

// Deeds returns what the round adds to the log of acts, in order.
func (b *Book) Deeds() []freight.Deed { return b.deeds }

// Present returns the state and the version of what an act is about: zero where there is
// no such thing any more.
func (b *Book) Present(id freight.ID) freight.Present {
	if l := b.loads.get(id); l != nil {
		return freight.Present{State: string(l.State), Version: l.Version}
	}
	if t := b.trips.get(id); t != nil {
		return freight.Present{State: string(t.State), Version: t.Version}
	}
	if o := b.offers.get(id); o != nil {
		return freight.Present{State: string(o.State), Version: o.Version}
	}
	if o := b.ended.get(id); o != nil {
		return freight.Present{State: string(o.State), Version: o.Version}
	}
	if k := b.bookings.get(id); k != nil {
		return freight.Present{State: string(k.State), Version: k.Version}
	}
	if k := b.past.get(id); k != nil {
		return freight.Present{State: string(k.State), Version: k.Version}
	}
	if p := b.pools.get(id); p != nil {
		return freight.Present{State: string(p.State), Version: p.Version}
	}
	if t := b.tickets.get(id); t != nil {
		return freight.Present{State: string(t.State), Version: t.Version}
	}
	if list := b.lines(id); len(list) > 0 {
		return freight.Present{State: "open", Version: list[0].Edition}
	}
	return freight.Present{}
}
