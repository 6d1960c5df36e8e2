package book

import (
	"slices"
	"unicode/utf8"

	"pinhuo/freight"
	"pinhuo/internal/desk"
)

// Roster returns the officers of the market's desk, in order of id.
func (b *Book) Roster() desk.Roster {
	var list desk.Roster
	for _, id := range all(&b.officers) {
		if o := b.officers.get(id); o != nil && !o.Off {
			list = append(list, o)
		}
	}
	return list
}

// setOfficer puts a user on the roster. The first is head and default whatever is
// said, and those two are never given up, only handed on: somebody always answers.
func (t *turn) setOfficer(act freight.SetOfficer) (freight.Result, error) {
	roster := t.Roster()
	old := roster.Officer(act.User)
	if err := t.admitOfficer(roster, old, act); err != nil {
		return freight.Result{}, err
	}
	terms := act.Terms
	terms.Head = terms.Head || roster.Head() == nil || old != nil && old.Head
	terms.Default = terms.Default || roster.Default() == nil || old != nil && old.Default
	slices.Sort(terms.Firms)
	terms.Firms = slices.Compact(slices.Clone(terms.Firms))
	terms.Hours.Free = slices.Compact(slices.Sorted(slices.Values(terms.Hours.Free)))
	for _, other := range roster {
		if other.User != act.User {
			t.yield(other, terms)
		}
	}
	o := freight.Officer{User: act.User}
	if old != nil {
		o = *old
		t.touch(&o.Meta)
	} else {
		o.Meta = t.meta(freight.PrefixOfficer, t.cmd.Org)
	}
	o.OfficerTerms = terms
	t.saveOfficer(&o)
	if len(roster) > 0 {
		return freight.Result{Officer: &o}, nil
	}
	return freight.Result{Officer: &o}, t.mindAll()
}

// admitOfficer checks what is said of an officer.
func (t *turn) admitOfficer(roster desk.Roster, old *freight.Officer, act freight.SetOfficer) error {
	terms := &act.Terms
	var f freight.Faults
	f.Require(terms.Name != "", "name", freight.ProblemRequired, "")
	f.Require(utf8.ValidString(terms.Name) && utf8.RuneCountInString(terms.Name) <= freight.MaxOfficerName, "name", freight.ProblemRange, terms.Name)
	f.Require(len(terms.Phone) <= 32, "phone", freight.ProblemRange, terms.Phone)
	f.Require(len(terms.Firms) <= freight.MaxFirms, "firms", freight.ProblemRange, "")
	terms.Hours.Check("hours", &f)
	f.Require(terms.Deputy == "" || terms.Deputy != act.User && roster.Officer(terms.Deputy) != nil, "deputy", freight.ProblemUnknown, string(terms.Deputy))
	if err := f.Err(); err != nil {
		return err
	}
	if old == nil {
		return sameVersion(act.Version, 0)
	}
	if old.Org != t.cmd.Org {
		return freight.Missing("officer", act.User)
	}
	return sameVersion(act.Version, old.Version)
}

// yield takes from an officer what another has now.
func (t *turn) yield(old *freight.Officer, to freight.OfficerTerms) {
	o := *old
	o.Head, o.Default = o.Head && !to.Head, o.Default && !to.Default
	o.Firms = slices.DeleteFunc(slices.Clone(o.Firms), func(f freight.ID) bool { return slices.Contains(to.Firms, f) })
	if o.Head == old.Head && o.Default == old.Default && len(o.Firms) == len(old.Firms) {
		return
	}
	t.touch(&o.Meta)
	t.saveOfficer(&o)
}

func (t *turn) saveOfficer(o *freight.Officer) {
	t.officers.set(o.ID, o)
	t.changed(freight.KindOfficer, &o.Meta)
	t.tell(o.Org, freight.EventOfficerSet, &o.Meta, freight.Facts{Officer: o.User})
}

// mindAll gives their person to the loads that need one, now that the desk has one: to
// those that were explained, as that explanation could name nobody.
func (t *turn) mindAll() error {
	for _, id := range all(&t.loads) {
		l := t.loads.get(id)
		if l == nil || l.State != freight.LoadPosted || t.minded.get(id) != nil || l.Answer == 0 && l.Minds() > t.now {
			continue
		}
		cause := desk.Needs(t.plight(l, false))
		if err := t.openUnanswered(l, cause, nil); err != nil {
			return err
		}
	}
	return nil
}

// markOfficer says that an officer is away or has left: what he has goes to who
// stands in for him at once.
func (t *turn) markOfficer(act freight.MarkOfficer) (freight.Result, error) {
	old := t.Roster().Officer(act.User)
	if old == nil || old.Org != t.cmd.Org {
		return freight.Result{}, freight.Missing("officer", act.User)
	}
	if act.Off && (old.Head || old.Default) {
		return freight.Result{}, freight.Refuse(freight.ProblemState, "officer", "head, default")
	}
	o := *old
	t.touch(&o.Meta)
	o.Away, o.Off = act.Away, act.Off
	if o.Off {
		o.Firms, o.Deputy = nil, ""
	}
	t.saveOfficer(&o)
	if !o.Away && !o.Off {
		return freight.Result{Officer: &o}, nil
	}
	return freight.Result{Officer: &o}, t.standInFor(o.User)
}

// standInFor hands on what an officer has and is not done with.
func (t *turn) standInFor(user freight.ID) error {
	for _, id := range all(&t.tickets) {
		tk := t.tickets.get(id)
		if tk == nil || tk.Owner != user || tk.State != freight.TicketOpen && tk.State != freight.TicketTaken {
			continue
		}
		if o := desk.StandIn(tk, t.Roster(), t.now, t.env.Market.Zone); o == nil || o.User == user {
			continue // nobody else is there
		}
		if _, err := t.step(*tk, desk.Act{Event: freight.TicketStandIn, Side: desk.SideExchange}); err != nil {
			return err
		}
	}
	return nil
}

// keepBrief writes down what a day came to, each stretch of time once.
func (t *turn) keepBrief(act freight.KeepBrief) (freight.Result, error) {
	brief := act.Brief
	if brief.From < t.briefed || brief.To <= brief.From || brief.To > t.now {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "brief", brief.From.String())
	}
	brief.Meta = t.meta(freight.PrefixBrief, t.cmd.Org)
	t.briefs.set(brief.ID, &brief)
	t.briefed = brief.To
	t.changed(freight.KindBrief, &brief.Meta)
	sum := brief.Sum
	for _, desk := range t.env.Desks {
		t.tell(desk, freight.EventDeskBrief, &brief.Meta, freight.Facts{Brief: brief.ID, Sum: &sum})
	}
	return freight.Result{Brief: &brief}, nil
}
