package main

import "pinhuo/freight"

// mixed draws so many commands of all kinds about what the market holds now: a quarter of
// them accepts, some of which come too late for another in the same round.
func (p *pair) mixed(n int) []freight.Command {
	offers := sorted(p, p.kept.offers, func(o freight.Offer) bool { return o.Open() && o.Asks() == freight.SideCarrier })
	posted := sorted(p, p.kept.loads, func(l freight.Load) bool { return l.State == freight.LoadPosted })
	booked := sorted(p, p.kept.loads, func(l freight.Load) bool { return l.State == freight.LoadCommitted })
	open := sorted(p, p.kept.trips, func(t freight.Trip) bool { return t.State == freight.TripOpen })
	list := p.answers(offers)
	for i := range 8 {
		list = append(list, p.withdraw(booked, i), p.withdraw(posted, i), p.withdraw(posted, 8+i), p.reprice(posted, 16+i), p.cancel(open, i))
	}
	for range 16 {
		list = append(list, p.by(p.carrier(), freight.AnnounceTrip{Terms: p.w.trip()}))
	}
	for len(list) < n {
		list = append(list, p.by(p.firm(), freight.PostLoad{Terms: p.w.load()}))
	}
	p.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:n]
}

// answers are those of operators to what they are asked: of four offers two are accepted, and
// one of those from two phones, one is declined and one countered.
func (p *pair) answers(offers []freight.Offer) (list []freight.Command) {
	for i, o := range offers[:min(len(offers), 128)] {
		var act freight.Act
		switch i % 8 {
		case 0, 1, 2, 3:
			act = freight.AcceptOffer{Offer: o.ID, Version: o.Version}
		case 4, 5:
			act = freight.DeclineOffer{Offer: o.ID, Version: o.Version, Reason: freight.ReasonDetourTime}
		case 6:
			act = freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Price + max(1, (o.Alone-o.Price)/4)}
		case 7:
			act = freight.SeeOffer{Offer: o.ID}
		}
		list = append(list, p.by(o.Org, act))
		if i%32 == 0 {
			list = append(list, p.by(o.Org, act))
		}
	}
	return list
}

func (p *pair) withdraw(loads []freight.Load, i int) freight.Command {
	if i >= len(loads) {
		return p.by(p.firm(), freight.PostLoad{Terms: p.w.load()})
	}
	return p.by(loads[i].Org, freight.WithdrawLoad{Load: loads[i].ID, Version: loads[i].Version})
}

// reprice names another ceiling for a load: what is open for it is withdrawn or told anew.
func (p *pair) reprice(loads []freight.Load, i int) freight.Command {
	if i >= len(loads) {
		return p.by(p.firm(), freight.PostLoad{Terms: p.w.load()})
	}
	terms := loads[i].LoadTerms
	terms.Ceiling += terms.Ceiling / 20
	return p.by(loads[i].Org, freight.EditLoad{Load: loads[i].ID, Version: loads[i].Version, Terms: terms})
}

// cancel takes a trip back, with whatever is booked on it.
func (p *pair) cancel(trips []freight.Trip, i int) freight.Command {
	return p.by(trips[i].Org, freight.CancelTrip{Trip: trips[i].ID, Version: trips[i].Version})
}
