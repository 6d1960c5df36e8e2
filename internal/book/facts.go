package book

import "pinhuo/freight"

// What events tell. Towns, sizes and money: never an address, a contact or a
// ceiling.

func loadFacts(l *freight.Load) freight.Facts {
	take := l.Size.Room
	return freight.Facts{
		Load: l.ID, State: string(l.State), Ref: l.Ref, Goods: l.Goods, From: l.Pickup.Place.Town, To: l.Delivery.Place.Town,
		Take: &take, Alone: l.Alone, AnswerBy: l.AnswerBy,
	}
}

func tripFacts(tr *freight.Trip) freight.Facts {
	metres, seconds := tr.Detour()
	return freight.Facts{
		Trip: tr.ID, State: string(tr.State), Ref: tr.Ref, From: tr.Stops[0].Place.Town,
		To: tr.Stops[len(tr.Stops)-1].Place.Town, DetourM: metres, DetourS: seconds,
	}
}

func offerFacts(o *freight.Offer, l *freight.Load) freight.Facts {
	f := freight.Facts{
		Load: o.Load, Trip: o.Trip, Offer: o.ID, State: string(o.State), Reason: o.Reason, Price: o.Price, Alone: o.Alone,
		DetourM: o.DetourM, DetourS: o.DetourS, PickupETA: o.PickupETA, DropETA: o.DropETA, Expires: o.Expires,
		Counter: o.Counter, By: o.By, Sole: o.Sole, Taken: o.Taken, RouterName: o.Router.Method + " " + o.Router.Version,
	}
	if l != nil {
		take := l.Size.Room
		f.Goods, f.From, f.To, f.Take = l.Goods, l.Pickup.Place.Town, l.Delivery.Place.Town, &take
	}
	return f
}

func bookingFacts(k *freight.Booking, l *freight.Load) freight.Facts {
	take := k.Take
	f := freight.Facts{
		Load: k.Load, Trip: k.Trip, Offer: k.Offer, Booking: k.ID, State: string(k.State), Take: &take, Price: k.Price,
		Share: k.Share, Fee: k.Fee, FeeBy: k.FeeBy, Alone: k.Alone, PickupETA: k.PickupETA, DropETA: k.DropETA, RouterName: k.Router.Method + " " + k.Router.Version,
	}
	if k.State == freight.BookingHeld || k.State == freight.BookingFirm {
		f.Expires = k.Until // of a firm one: what its shipper had
	}
	if l != nil {
		f.Goods, f.From, f.To = l.Goods, l.Pickup.Place.Town, l.Delivery.Place.Town
	}
	return f
}

// shipperFacts are a booking's for its shipper, who alone is told the most he pays.
func shipperFacts(k *freight.Booking, l *freight.Load) freight.Facts {
	f := bookingFacts(k, l)
	f.Most = k.Most
	return f
}
