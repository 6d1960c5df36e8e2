package desk

import (
	"slices"

	"pinhuo/freight"
)

// Roster is the officers of a market's desk.
type Roster []*freight.Officer

// Officer returns the officer that a user is, nil for none.
func (r Roster) Officer(user freight.ID) *freight.Officer {
	return r.first(func(o *freight.Officer) bool { return o.User == user })
}

// Default returns who answers for firms that are bound to nobody, nil where
// nobody is on the roster.
func (r Roster) Default() *freight.Officer {
	return r.first(func(o *freight.Officer) bool { return o.Default })
}

// Head returns the head of the desk, nil where nobody is on the roster.
func (r Roster) Head() *freight.Officer {
	return r.first(func(o *freight.Officer) bool { return o.Head })
}

// For returns who answers for a firm, whether he is there or not; nil where nobody
// is on the roster.
func (r Roster) For(firm freight.ID) *freight.Officer {
	if bound := r.first(func(o *freight.Officer) bool { return slices.Contains(o.Firms, firm) }); bound != nil {
		return bound
	}
	return r.Default()
}

// Moment is when somebody is looked for.
type Moment struct {
	At   freight.Instant
	Zone string // IANA, of the market
	Now  bool   // he has to be at work then; otherwise what is his waits for him
}

// there tells whether an officer is to be had.
func (m Moment) there(o *freight.Officer) bool {
	return !o.Away && (!m.Now || o.Hours.Open(m.At, m.Zone))
}

// Present returns the officer, or who stands in for one who is not there: his deputy,
// that one's deputy and so on, the head of the desk, any other who is there, at last the
// head all the same, because somebody must have it. The rung says which of them it is.
func (r Roster) Present(o *freight.Officer, m Moment) (*freight.Officer, freight.Rung) {
	rung := freight.RungOwner
	for range r {
		if m.there(o) {
			return o, rung
		}
		next := r.Officer(o.Deputy)
		if next == nil {
			break
		}
		o, rung = next, freight.RungDeputy
	}
	if o = r.top(m, ""); o != nil && !o.Head {
		return o, freight.RungDeputy
	}
	return o, freight.RungHead
}

// Above returns who has a ticket next whose owner let its clock run out: his
// deputy, then the head of the desk or, where he is not at work, whoever else is. Who is
// not there is left out, and who had it; nil where nobody is above.
func (r Roster) Above(owner freight.ID, rung freight.Rung, m Moment) (*freight.Officer, freight.Rung) {
	m.Now = true
	if o := r.Officer(owner); o != nil && rung == freight.RungOwner {
		if deputy := r.Officer(o.Deputy); deputy != nil && m.there(deputy) && deputy.User != owner {
			return deputy, freight.RungDeputy
		}
	}
	if head := r.Head(); head != nil && rung != freight.RungHead && head.User != owner {
		return r.top(m, owner), freight.RungHead
	}
	return nil, rung
}

// top is the head of the desk; where he is not there, another who is, but for the one
// named.
func (r Roster) top(m Moment, but freight.ID) *freight.Officer {
	head := r.Head()
	if head == nil || m.there(head) {
		return head
	}
	if other := r.first(func(o *freight.Officer) bool { return o.User != but && m.there(o) }); other != nil {
		return other
	}
	return head
}

// Missing lists what a roster lacks, in words for an operator of the server.
func (r Roster) Missing() []string {
	var list []string
	if r.Default() == nil {
		list = append(list, "a default officer, who answers for firms that are bound to nobody")
	}
	if r.Head() == nil {
		list = append(list, "a head of the desk, who has what nobody else took up in time")
	}
	return list
}

func (r Roster) first(is func(*freight.Officer) bool) *freight.Officer {
	if at := slices.IndexFunc(r, func(o *freight.Officer) bool { return !o.Off && is(o) }); at >= 0 {
		return r[at]
	}
	return nil
}

// rungs lists the rungs, lowest first.
var rungs = []freight.Rung{freight.RungOwner, freight.RungDeputy, freight.RungHead}

// higher returns the higher of two rungs.
func higher(a, b freight.Rung) freight.Rung {
	return rungs[max(slices.Index(rungs, a), slices.Index(rungs, b), 0)]
}
