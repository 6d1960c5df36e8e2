package audit

import "pinhuo/freight"

// checkFares wants what the riders of every trip pay, and the fees of those who left,
// to be what its carrier gets; nobody to pay more than promised; and a trip that nobody
// left to bring what was agreed with its riders one by one.
func (w *world) checkFares() {
	for _, id := range sorted(w.trips) {
		t := w.trips[id]
		rows := []Row{{freight.KindTrip, id}}
		var pay, agreed freight.Fen
		left := false
		for _, b := range w.bookingsOn[id] {
			w.checkFare(b)
			switch {
			case b.State == freight.BookingHeld:
			case held(b):
				pay, agreed = pay+b.Share, agreed+b.Price
			default:
				left = true
				if b.FeeBy == b.Shipper {
					pay += b.Fee
				}
			}
		}
		if pay != t.Due || t.Cover < 0 || t.Cover > t.Due || t.Short < 0 {
			w.note(SharesWrong, rows, Number{"pay_fen", int64(pay)}, Number{"due_fen", int64(t.Due)}, Number{"cover_fen", int64(t.Cover)})
		}
		if !left && agreed != t.Due {
			w.note(SharesWrong, rows, Number{"agreed_fen", int64(agreed)}, Number{"due_fen", int64(t.Due)})
		}
	}
}

// checkCosts wants the versions of the costs numbered 1, 2, 3 ... and unchanged, and
// every offer and booking priced by one that there was then.
func (w *world) checkCosts() {
	made := map[int64]freight.Instant{0: 0}
	for _, m := range w.models {
		made[m.Number] = m.Made
		if m.Version != 1 || m.Changed != m.Made || m.Number < 1 || m.Number > int64(len(w.models)) {
			w.note(CostsWrong, []Row{{freight.KindCosts, m.ID}}, Number{"number", m.Number}, Number{"version", m.Version})
		}
	}
	if len(made) != len(w.models)+1 {
		w.note(CostsWrong, []Row{{"market", w.market.Market.ID}}, Number{"versions", int64(len(w.models))}, Number{"numbers", int64(len(made) - 1)})
	}
	judge := func(kind string, id freight.ID, number int64, at freight.Instant) {
		if since, known := made[number]; !known || since > at {
			w.note(CostsWrong, []Row{{kind, id}}, Number{"costs", number})
		}
	}
	for _, id := range sorted(w.offers) {
		judge(freight.KindOffer, id, w.offers[id].Costs, w.offers[id].Made)
	}
	for _, id := range sorted(w.bookings) {
		b := w.bookings[id]
		judge(freight.KindBooking, id, b.Costs, b.Made)
		if o := w.offers[b.Offer]; o != nil && o.Costs != b.Costs {
			w.note(CostsWrong, []Row{{freight.KindBooking, id}, {freight.KindOffer, o.ID}}, Number{"costs", b.Costs}, Number{"offered", o.Costs})
		}
	}
}

// checkFare judges what one booking pays.
func (w *world) checkFare(b *freight.Booking) {
	rows := []Row{{freight.KindBooking, b.ID}}
	most := b.Most
	if l := w.loads[b.Load]; l != nil && held(b) {
		rows = append(rows, Row{freight.KindLoad, l.ID})
		if b.Final != b.Made || b.Share != b.Price { // else it may be of before promises were kept with bookings
			most = min(most, w.ceiling(b, l))
		}
	}
	if b.Share < 0 || b.Share > most {
		w.note(ShareAbovePromise, rows, Number{"share_fen", int64(b.Share)}, Number{"most_fen", int64(most)})
	}
	owes := b.Fee > 0 && (b.FeeBy == b.Shipper || b.FeeBy == b.Org) || b.Fee == 0 && b.FeeBy == ""
	if !owes || b.Fee > b.Share || (b.Fee != 0 || b.Short != 0) && held(b) || b.Short < 0 || b.Final != 0 && b.Final < b.Made {
		w.note(FeeWrong, rows, Number{"fee_fen", int64(b.Fee)}, Number{"share_fen", int64(b.Share)}, Number{"short_fen", int64(b.Short)})
	}
	if last, told := w.fares[b.ID]; told && last.share != b.Share || last.final != (b.Final != 0) && told && b.State == freight.BookingFirm {
		w.note(ShareUntold, rows, Number{"share_fen", int64(b.Share)}, Number{"told_fen", int64(last.share)})
	}
}

// fare is what the shipper of a booking was last told that it pays.
type fare struct {
	share freight.Fen
	final bool
}

// follow wants what a shipper is told that it pays to begin at the price agreed or
// above, to fall and never to rise, and not to move once it is final.
func (w *world) follow(e *freight.Event) {
	before, known := w.fares[e.Subject]
	b := w.bookings[e.Subject]
	if b == nil || e.Audience != b.Shipper {
		return
	}
	now := fare{share: e.Facts.Share, final: before.final}
	sound := known && !before.final
	switch e.Type {
	case freight.EventBookingFirm:
		if e.Facts.Share == 0 && e.Facts.Price > 0 {
			return // of before shares moved
		}
		sound = !known && now.share >= e.Facts.Price
	case freight.EventBookingRepriced:
		sound = sound && now.share < before.share
	case freight.EventBookingFinal:
		sound, now.final = sound && now.share == before.share, true
	case freight.EventBookingReleased:
		sound = !known || now.share == before.share
	default:
		return
	}
	w.fares[e.Subject] = now
	if !sound {
		w.note(ShareRaised, []Row{{freight.KindBooking, e.Subject}}, Number{"seq", e.Seq}, Number{"share_fen", int64(now.share)},
			Number{"before_fen", int64(before.share)}, Number{"price_fen", int64(e.Facts.Price)})
	}
}
