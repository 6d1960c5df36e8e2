package store

import "pinhuo/freight"

// blame finds the row of a refused commit that does not go with the database
// as it is after the refusal: an id at another version, or a unique value that
// another row has. Kind and id are empty where there is none to be found.
func blame(q querier, c *freight.Commit) (kind string, id freight.ID, err error) {
	looks := [...]func() (string, freight.ID, error){
		func() (string, freight.ID, error) { return stale(q, vehicleTable, c.Vehicles) },
		func() (string, freight.ID, error) { return stale(q, loadTable, c.Loads) },
		func() (string, freight.ID, error) { return stale(q, tripTable, c.Trips) },
		func() (string, freight.ID, error) { return stale(q, offerTable, c.Offers) },
		func() (string, freight.ID, error) { return stale(q, bookingTable, c.Bookings) },
		func() (string, freight.ID, error) { return stale(q, poolTable, c.Pools) },
		func() (string, freight.ID, error) { return stale(q, memberTable, c.Members) },
		func() (string, freight.ID, error) { return stale(q, ticketTable, c.Tickets) },
		func() (string, freight.ID, error) { return stale(q, officerTable, c.Officers) },
		func() (string, freight.ID, error) { return stale(q, briefTable, c.Briefs) },
		func() (string, freight.ID, error) { return stale(q, proofTable, c.Proofs) },
		func() (string, freight.ID, error) { return stale(q, preferenceTable, c.Preferences) },
		func() (string, freight.ID, error) { return stale(q, costTable, c.Costs) },
	}
	for _, look := range looks {
		if kind, id, err = look(); kind != "" || err != nil {
			return kind, id, err
		}
	}
	for _, u := range uniques(c) {
		owners, err := u.owners(q)
		if err != nil {
			return "", "", err
		}
		if id := u.clash(owners); id != "" {
			return u.kind, id, nil
		}
	}
	return "", "", nil
}

// stale finds a row whose version in the database is not the one it replaces.
func stale[T any](q querier, t *entityTable[T], rows []freight.Row[T]) (string, freight.ID, error) {
	ids := make([]freight.ID, len(rows))
	for i := range rows {
		ids[i] = t.meta(&rows[i].Value).ID
	}
	present, err := t.byID(q, ids)
	if err != nil {
		return "", "", err
	}
	type row struct {
		market, org freight.ID
		version     int64
	}
	found := map[freight.ID]row{}
	for i := range present {
		m := t.meta(&present[i])
		found[m.ID] = row{m.Market, m.Org, m.Version}
	}
	seen := map[freight.ID]bool{}
	for i := range rows {
		m := t.meta(&rows[i].Value)
		at, known := found[m.ID]
		moved := known && (at.market != m.Market || at.org != m.Org)
		if at.version != rows[i].Replaces || moved || seen[m.ID] {
			return t.kind, m.ID, nil
		}
		seen[m.ID] = true
	}
	return "", "", nil
}

// claim is a value that one row alone may have.
type claim struct {
	id  freight.ID
	key [2]string
}

// unique is a unique index of two columns and what a commit claims of it.
type unique struct {
	kind, table, id string
	columns         [2]string
	where           string // what else the index says, "" for nothing
	args            []any  // of where
	claims          []claim
	rewritten       map[freight.ID]bool // rows of the commit: their former values do not count
}

// claims collects, for one index, what each row of a commit claims: key, and
// whether it claims at all.
func claims[T any](u unique, t *entityTable[T], rows []freight.Row[T], key func(v *T) (a, b string, claimed bool)) unique {
	u.kind, u.table, u.id, u.rewritten = t.kind, t.name, "id", map[freight.ID]bool{}
	for i := range rows {
		v := &rows[i].Value
		id := t.meta(v).ID
		u.rewritten[id] = true
		if a, b, claimed := key(v); claimed {
			u.claims = append(u.claims, claim{id, [2]string{a, b}})
		}
	}
	return u
}

// uniques lists the unique indexes other than the primary keys of entities.
func uniques(c *freight.Commit) []unique {
	ref := unique{columns: [2]string{"org_id", "ref"}, where: "ref <> ''"}
	plate := unique{columns: [2]string{"plate_number", "plate_colour"}, where: "market_id = ?", args: []any{string(c.Market)}}
	live := unique{columns: [2]string{"load_id", "market_id"}, where: liveBookings}
	member := unique{columns: [2]string{"load_id", "market_id"}, where: liveMembers}
	minded := unique{columns: [2]string{"load_id", "market_id"}, where: mindedTicket}
	officer := unique{columns: [2]string{"user_id", "market_id"}, where: onRoster}
	preference := unique{columns: [2]string{"org_id", "market_id"}}
	offer := unique{columns: [2]string{"offer_id", "market_id"}, where: "offer_id <> ''"}
	answer := unique{kind: KindAnswer, table: "answers", id: "name", columns: [2]string{"org_id", "name"}}
	for _, a := range c.Answers {
		answer.claims = append(answer.claims, claim{freight.ID(a.Key.Name), [2]string{string(a.Key.Org), a.Key.Name}})
	}
	return []unique{
		claims(ref, loadTable, c.Loads, func(l *freight.Load) (string, string, bool) { return string(l.Org), l.Ref, l.Ref != "" }),
		claims(ref, tripTable, c.Trips, func(t *freight.Trip) (string, string, bool) { return string(t.Org), t.Ref, t.Ref != "" }),
		claims(plate, vehicleTable, c.Vehicles, func(v *freight.Vehicle) (string, string, bool) { return v.Plate.Number, v.Plate.Colour, true }),
		claims(live, bookingTable, c.Bookings, func(b *freight.Booking) (string, string, bool) { return string(b.Load), string(b.Market), b.Live() }),
		claims(offer, bookingTable, c.Bookings, func(b *freight.Booking) (string, string, bool) {
			return string(b.Offer), string(b.Market), b.Offer != ""
		}),
		claims(member, memberTable, c.Members, func(m *freight.Member) (string, string, bool) {
			return string(m.Load), string(m.Market), m.Consent == freight.ConsentAsked || m.Consent == freight.ConsentGiven
		}),
		claims(minded, ticketTable, c.Tickets, func(t *freight.Ticket) (string, string, bool) {
			return string(t.Load), string(t.Market), t.Kind == freight.TicketUnanswered && t.Live()
		}),
		claims(officer, officerTable, c.Officers, func(o *freight.Officer) (string, string, bool) {
			return string(o.User), string(o.Market), !o.Off
		}),
		claims(preference, preferenceTable, c.Preferences, func(p *freight.Preference) (string, string, bool) {
			return string(p.Org), string(p.Market), true
		}),
		answer,
	}
}

// owners finds the rows of the database that have a claimed value.
func (u *unique) owners(q querier) (map[[2]string]freight.ID, error) {
	keys := make([][2]string, len(u.claims))
	for i := range u.claims {
		keys[i] = u.claims[i].key
	}
	return pairs(q, u.table, u.id, u.columns, u.where, u.args, keys)
}

// clash returns the first claim of the commit whose value is another's.
func (u *unique) clash(owners map[[2]string]freight.ID) freight.ID {
	seen := map[[2]string]bool{}
	for _, c := range u.claims {
		owner, owned := owners[c.key]
		if seen[c.key] || owned && !u.rewritten[owner] {
			return c.id
		}
		seen[c.key] = true
	}
	return ""
}
