package book

import (
	"cmp"
	"slices"

	"pinhuo/freight"
)

// What people do is counted as they do it, a tally a day and organization.

// count adds to what is counted of an organization today.
func (t *turn) count(org freight.ID, more freight.Tally) {
	if more == (freight.Tally{}) {
		return
	}
	more.Market, more.Org = t.env.Market.ID, org
	next := t.pastOf(org).With(t.now, more)
	t.tallies.set(org, &next)
}

func (b *Book) pastOf(org freight.ID) freight.Past {
	if p := b.tallies.get(org); p != nil {
		return *p
	}
	return nil
}

// placeTallies puts what is remembered of organizations on its shelf: the tallies come by
// day.
func (b *Book) placeTallies(list []freight.Tally) {
	for _, one := range list {
		next := append(slices.Clip(b.pastOf(one.Org)), one)
		b.tallies.set(one.Org, &next)
	}
}

// counted lists the tallies that the round changed: those of its day.
func (b *Book) counted() []freight.Tally {
	list := make([]freight.Tally, 0, len(b.tallies.own))
	for _, org := range sortedIDs(b.tallies.own) {
		past := *b.tallies.own[org]
		list = append(list, past[len(past)-1])
	}
	return list
}

// byWord orders trips of a plan that are equal so far: those whose owners keep their word
// come first.
func (t *turn) byWord(a, b freight.Match) int { return cmp.Compare(t.rung(a), t.rung(b)) }

func (t *turn) rung(m freight.Match) int {
	trip := t.trips.get(m.Trip)
	if trip == nil || !t.env.Ghosts {
		return 0
	}
	return t.pastOf(trip.Org).Rung(t.now)
}
