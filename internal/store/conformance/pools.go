package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// pool returns a pool in a state.
func (w *World) pool(state freight.PoolState) freight.Pool {
	start := w.stop("海门", 318900000, 1211700000, Start+freight.Hour)
	return freight.Pool{Meta: w.meta(freight.PrefixPool, ""), State: state, Type: freight.Type9M6, Start: start, Price: 132_132,
		Deadline: Start + freight.Hour, Quorum: 2, Router: freight.Router{Method: "fallback", Version: "1"},
		End: freight.Place{Point: freight.Point{LatE7: 318100000, LngE7: 1199700000}, Town: "常州"}}
}

func (w *World) seat(p freight.Pool, l freight.Load, place int64, c freight.Consent) freight.Member {
	return freight.Member{Meta: w.meta(freight.PrefixMember, l.Org), Pool: p.ID, Load: l.ID, Stated: l.Stated, Place: place, Consent: c,
		Share: 40_000, Most: 70_000, Alone: 80_000}
}

func (w *World) visible(name string, scope freight.Scope, state string, want ...freight.Pool) {
	w.tb.Helper()
	page := must(w.Store.Pools(w.tb.Context(), freight.Query{Scope: scope, State: state, Limit: 10}))(w.tb)
	var ids, wanted []freight.ID
	for _, c := range page.Rows {
		ids = append(ids, c.Pool.ID)
	}
	for _, p := range want {
		wanted = append(wanted, p.ID)
	}
	equal(w.tb, name, ids, wanted)
}

// testPools checks what a writer starts from, who may read what, and that a load is
// in one live pool at the most.
func testPools(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	stranger := freight.Org{ID: w.ID(freight.PrefixOrg), Market: w.Market.ID, Kind: freight.OrgEnterprise, Name: "另一家", Made: Start}
	w.ok(w.Store.CreateOrg(t.Context(), stranger))
	a, b, closed := w.Load(), w.Load(), w.Load()
	b.Org = stranger.ID
	closed.State = freight.LoadClosed
	asking, tendered, past, taken := w.pool(freight.PoolConsenting), w.pool(freight.PoolTendered), w.pool(freight.PoolDissolved), w.pool(freight.PoolCommitted)
	taken.Carrier = w.Carrier.ID
	asked, given := w.seat(asking, a, 1, freight.ConsentAsked), w.seat(tendered, b, 0, freight.ConsentGiven)
	left := w.seat(asking, b, 0, freight.ConsentRefused)
	let, lost := w.seat(past, a, 0, freight.ConsentReleased), w.seat(past, closed, 1, freight.ConsentLapsed)
	rode := w.seat(taken, closed, 0, freight.ConsentBooked)
	c := w.Commit()
	for _, l := range []freight.Load{a, b, closed} {
		w.Post(c, l, "")
	}
	for _, p := range []freight.Pool{asking, tendered, past, taken} {
		c.Pools = append(c.Pools, freight.Row[freight.Pool]{Value: p})
		w.Note(c, freight.KindPool, p.Meta)
	}
	for _, m := range []freight.Member{asked, given, left, let, lost, rode} {
		c.Members = append(c.Members, freight.Row[freight.Member]{Value: m})
	}
	w.Send(c)
	state := must(w.Store.Reload(t.Context(), w.Market.ID))(t)
	equal(t, "live pools", state.Pools, []freight.Pool{asking, tendered})
	equal(t, "their members, and who was let go", state.Members, []freight.Member{asked, given, left, let})

	w.visible("the shipper", w.of(w.Shipper), "", taken, past, asking)
	w.visible("the shipper's open ones", w.of(w.Shipper), "open", asking)
	w.visible("the other shipper", w.of(stranger), "", tendered, asking)
	w.visible("the carrier", w.of(w.Carrier), "", taken, tendered)
	w.visible("the desk", w.all(), "", taken, past, tendered, asking)
	w.visible("the desk's tendered ones", w.all(), "tendered", tendered)
	company, _, err := w.Store.Pool(t.Context(), w.of(stranger), asking.ID)
	equal(t, "members in their order", must(company, err)(t), freight.Company{Pool: asking, Members: []freight.Member{left, asked}, Loads: []freight.Load{b, a}})
	_, _, err = w.Store.Pool(t.Context(), w.of(w.Carrier), asking.ID)
	wantMissing(t, "a pool that is not tendered yet", err)

	second := w.seat(tendered, a, 1, freight.ConsentAsked)
	again := w.Commit()
	again.Members = []freight.Row[freight.Member]{{Value: second}}
	w.Note(again, freight.KindMember, second.Meta)
	w.refused("a load in two live pools", again, freight.CommitStale, freight.KindMember, second.ID)
	// Leaving the one and entering the other in one transaction is no clash.
	asked.Version, asked.Consent = 2, freight.ConsentDropped
	both := w.Commit()
	both.Members = []freight.Row[freight.Member]{{Replaces: 1, Value: asked}, {Value: second}}
	w.Note(both, freight.KindMember, second.Meta)
	w.Send(both)
	old := w.Commit()
	old.Pools = []freight.Row[freight.Pool]{{Replaces: 7, Value: tendered}}
	w.Note(old, freight.KindPool, tendered.Meta)
	w.refused("a pool at another version", old, freight.CommitStale, freight.KindPool, tendered.ID)
}
