package store

import (
	"cmp"
	"context"
	"slices"

	"pinhuo/freight"
)

type poolBody struct {
	Start stopBody       `json:"start"`
	End   *freight.Place `json:"end"`
}

var poolTable = entity(freight.KindPool, "pools", []string{
	"state", "reason", "type", "needs", "start_open", "start_close", "horizon", "departs", "deadline", "quorum", "metres", "seconds",
	"price", "matrix_method", "matrix_version", "carrier_id", "trip_id", "body",
}, func(p *freight.Pool) *freight.Meta { return &p.Meta }, func(p *freight.Pool, to []any) []any {
	return append(to, &p.State, &p.Reason, &p.Type, &p.Needs, &p.Start.Window.Open, &p.Start.Window.Close, &p.Horizon, &p.Departs,
		&p.Deadline, &p.Quorum, &p.Metres, &p.Seconds, &p.Price, &p.Router.Method, &p.Router.Version, &p.Carrier, &p.Trip)
}, func(p *freight.Pool) any { return &poolBody{Start: bodyOf(&p.Start), End: &p.End} })

var memberTable = entity(freight.KindMember, "pool_members", []string{
	"pool_id", "load_id", "stated", "place", "consent", "reason", "share", "most", "alone", "pickup_eta", "drop_eta", "booking_id",
}, func(m *freight.Member) *freight.Meta { return &m.Meta }, func(m *freight.Member, to []any) []any {
	return append(to, &m.Pool, &m.Load, &m.Stated, &m.Place, &m.Consent, &m.Reason, &m.Share, &m.Most, &m.Alone,
		&m.PickupETA, &m.DropETA, &m.Booking)
}, nil)

const (
	livePool    = "state IN ('consenting', 'tendered')"
	livePools   = "market_id = ? AND " + livePool
	liveMembers = "consent IN ('asked', 'given')"
	tendered    = "'tendered'"

	// Whoever may still have a tender on screen is told that another has taken it.
	tenderedOnce = "'tendered', 'committed'"
	poolsAlive   = "(SELECT id FROM pools WHERE " + livePools + ")"
)

// poolState reads what a writer holds of pools: the live ones, their members, and
// who of the loads on the market was in one that came to nothing.
func poolState(q querier, market string, state *freight.State) error {
	var err error
	if state.Pools, err = poolTable.list(q, "WHERE "+livePools+" ORDER BY id", market); err != nil {
		return err
	}
	if state.Members, err = memberTable.list(q, "WHERE pool_id IN "+poolsAlive+" ORDER BY id", market); err != nil {
		return err
	}
	before, err := memberTable.list(q, "WHERE consent IN ('refused', 'lapsed', 'released') AND load_id IN (SELECT id FROM loads WHERE "+
		postedLoads+") AND pool_id NOT IN "+poolsAlive, market, market)
	state.Members = append(state.Members, before...)
	slices.SortFunc(state.Members, func(a, b freight.Member) int { return cmp.Compare(a.ID, b.ID) })
	return err
}

// concerned limits a read of pools: a shipper sees those that he has or had a load
// in, an operator those in the given states and those he took, the desk all.
func concerned(c *clause, scope freight.Scope, open string) {
	c.and("market_id = ?", string(scope.Market))
	if scope.Desk {
		return
	}
	org := string(scope.Org)
	c.and("(id IN (SELECT pool_id FROM pool_members WHERE org_id = ?) OR carrier_id = ? OR "+
		"(state IN ("+open+") AND EXISTS (SELECT 1 FROM orgs WHERE orgs.id = ? AND orgs.kind = 'carrier')))", org, org, org)
}

// Pool returns one pool that concerns the scope, and the market's last event number.
func (s *Store) Pool(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Company, int64, error) {
	page, err := pageView(ctx, s, "read a pool", scope.Market, func(q querier) (freight.Page[freight.Company], error) {
		c := &clause{}
		c.and("id = ?", string(id))
		concerned(c, scope, tenderedOnce)
		p, err := one(q, &poolTable.table, poolTable.kind, id, c.text.String(), c.args...)
		if err != nil {
			return freight.Page[freight.Company]{}, err
		}
		return companies(q, freight.Page[freight.Pool]{Rows: []freight.Pool{p}})
	})
	if err != nil {
		return freight.Company{}, 0, err
	}
	return page.Rows[0], page.Seq, nil
}

// Pools returns a page of the pools that concern the scope, newest first. The state
// "open" asks for those that can be answered.
func (s *Store) Pools(ctx context.Context, query freight.Query) (freight.Page[freight.Company], error) {
	return pageView(ctx, s, "list the pools", query.Market, func(q querier) (freight.Page[freight.Company], error) {
		c := &clause{}
		concerned(c, query.Scope, tendered)
		switch query.State {
		case "":
		case "open":
			c.and(livePool)
		default:
			c.and("state = ?", query.State)
		}
		page, err := pageOf(q, poolTable, c, query.After, query.Limit)
		if err != nil {
			return freight.Page[freight.Company]{}, err
		}
		return companies(q, page)
	})
}

// companies fills in who is behind pools, a statement a kind.
func companies(q querier, page freight.Page[freight.Pool]) (freight.Page[freight.Company], error) {
	to := freight.Page[freight.Company]{Next: page.Next}
	ids, carriers := make([]freight.ID, len(page.Rows)), []freight.ID{}
	for i := range page.Rows {
		ids[i] = page.Rows[i].ID
		if taker := page.Rows[i].Carrier; taker != "" {
			carriers = append(carriers, taker)
		}
	}
	var members []freight.Member
	for _, part := range lists(ids) {
		rows, err := memberTable.list(q, "WHERE pool_id IN "+places(len(part)), texts(part)...)
		if err != nil {
			return to, err
		}
		members = append(members, rows...)
	}
	slices.SortFunc(members, func(a, b freight.Member) int { return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.ID, b.ID)) })
	loads := make([]freight.ID, len(members))
	for i := range members {
		loads[i] = members[i].Load
	}
	loadOf, err := index(q, &loadTable.table, loads, func(l *freight.Load) freight.ID { return l.ID })
	if err != nil {
		return to, err
	}
	orgOf, err := index(q, orgTable, carriers, func(o *freight.Org) freight.ID { return o.ID })
	if err != nil {
		return to, err
	}
	for _, p := range page.Rows {
		c := freight.Company{Pool: p, Carrier: orgOf[p.Carrier]}
		for _, m := range members {
			if m.Pool == p.ID {
				c.Members, c.Loads = append(c.Members, m), append(c.Loads, loadOf[m.Load])
			}
		}
		to.Rows = append(to.Rows, c)
	}
	return to, nil
}
