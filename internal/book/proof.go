package book

import (
	"slices"

	"pinhuo/freight"
)

// addProof puts a picture of the goods of a booking on record, also when they have left
// the truck. The same picture of the same kind once more is answered alike.
func (t *turn) addProof(act freight.AddProof) (freight.Result, error) {
	old, side, err := t.goods(act.Booking)
	if err != nil {
		return freight.Result{}, err
	}
	if old.Custody.Showing(act.Kind, act.Picture.Blob) != "" {
		return freight.Result{Booking: old}, nil
	}
	if err := old.Admits(t.now, &act); err != nil {
		return freight.Result{}, err
	}
	p := freight.Proof{Meta: t.meta(freight.PrefixProof, t.cmd.Org), Booking: old.ID, Kind: act.Kind, Picture: act.Picture, By: side, At: act.At, Text: act.Text}
	if p.At == 0 {
		p.At = t.now
	}
	t.proofs.set(p.ID, &p)
	t.changed(freight.KindProof, &p.Meta)
	k := *old
	t.touch(&k.Meta)
	k.Custody.Proofs = append(slices.Clip(old.Custody.Proofs), freight.Shown{Proof: p.ID, Kind: p.Kind, Blob: p.Picture.Blob})
	what := freight.EventBookingProof
	if prove(&k) {
		what = freight.EventBookingProven
	}
	t.saveBooking(&k)
	t.tellProof(&k, &p, what)
	return freight.Result{Booking: &k}, nil
}

// prove moves a booking on whose goods were handed over and that has a proof of it.
func prove(k *freight.Booking) bool {
	next, err := freight.NextBooking(k.State, freight.BookingProve)
	if err != nil || !k.Custody.Proven() {
		return false
	}
	k.State = next
	return true
}

// proveLate moves on a booking whose proof came before its goods were handed over.
func (t *turn) proveLate(old *freight.Booking) *freight.Booking {
	k := *old
	if !prove(&k) {
		return old
	}
	t.touch(&k.Meta)
	t.saveBooking(&k)
	t.tellProof(&k, &freight.Proof{}, freight.EventBookingProven)
	return &k
}

// tellProof tells both sides of a proof.
func (t *turn) tellProof(k *freight.Booking, p *freight.Proof, what freight.EventType) {
	facts := freight.Facts{Load: k.Load, Trip: k.Trip, Booking: k.ID, State: string(k.State), Proof: p.ID, Kind: string(p.Kind)}
	t.tell(k.Shipper, what, &k.Meta, facts)
	t.tell(k.Org, what, &k.Meta, facts)
}
