package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// deed returns the next row of the log of acts, every field of it set.
func (w *World) deed(c *freight.Commit, org freight.Org, subject freight.ID, key string) freight.Deed {
	var d freight.Deed
	fill(&d)
	w.State.DeedSeq++
	d.Refusal.Cause = nil
	d.ID, d.Market, d.Org, d.Made = freight.DeedID(w.Market.ID, w.State.DeedSeq, c.At), w.Market.ID, org.ID, c.At
	d.Seq, d.What.Subject, d.Key = w.State.DeedSeq, subject, key
	w.ok(d.Seal(w.State.DeedHead))
	w.State.DeedHead = d.Chain
	c.Deeds = append(c.Deeds, d)
	return d
}

// testDeeds keeps a log of acts: numbered, read by scope and subject, found by request,
// and thinned but for its last row.
func testDeeds(t *testing.T, fresh func(t testing.TB) store.Config) {
	cfg := fresh(t)
	w := NewWorld(t, cfg)
	ctx := t.Context()
	c := w.Commit()
	l := w.Load()
	w.Post(c, l, "")
	first, second, third := w.deed(c, w.Carrier, "of_1", "k 1"), w.deed(c, w.Shipper, l.ID, "k 1"), w.deed(c, w.Carrier, l.ID, "")
	w.Send(c)
	mine := freight.Scope{Market: w.Market.ID, Org: w.Carrier.ID}
	all := freight.Scope{Market: w.Market.ID, Org: w.Desk.ID, Desk: true}
	read := func(what string, q freight.DeedQuery, want ...freight.Deed) freight.ID {
		t.Helper()
		page := must(w.Store.Deeds(ctx, q))(t)
		equal(t, what, page.Rows, want)
		return page.Next
	}
	read("the carrier's", freight.DeedQuery{Query: freight.Query{Scope: mine, Limit: 10}}, third, first)
	next := read("the desk's first page", freight.DeedQuery{Query: freight.Query{Scope: all, Limit: 2}}, third, second)
	read("the desk's next page", freight.DeedQuery{Query: freight.Query{Scope: all, Limit: 2, After: next}}, first)
	read("those about a load", freight.DeedQuery{Query: freight.Query{Scope: all, Limit: 9}, Subject: l.ID}, third, second)

	key := freight.Key{Org: w.Carrier.ID, Name: "k 1", Hash: first.Hash}
	ask := freight.Prior{Market: w.Market.ID, Deeds: []freight.Key{key, {Org: w.Carrier.ID, Name: "k 2"}, {Org: w.Desk.ID, Name: "k 1"}}}
	equal(t, "requests with a row", must(w.Store.Prior(ctx, ask))(t).Deeds, []freight.Key{key})

	told, _, err := w.Store.Story(ctx, all, l.ID)
	equal(t, "the story that the desk reads", must(told, err)(t).Refused, []freight.Deed{second, third})
	told, _, err = w.Store.Story(ctx, freight.Scope{Market: w.Market.ID, Org: w.Shipper.ID}, l.ID)
	equal(t, "the story that the firm reads", must(told, err)(t).Refused, []freight.Deed{second})

	equal(t, "the state's number", w.Acquire("again").DeedSeq, 3)
	equal(t, "the state's head", w.State.DeedHead, third.Chain)
	rechained(t, w, cfg)
	equal(t, "swept too early", must(w.Store.SweepDeeds(ctx, c.At+store.DeedsKept))(t), 0)
	equal(t, "swept", must(w.Store.SweepDeeds(ctx, c.At+store.DeedsKept+1))(t), 2)
	root := w.root()
	equal(t, "where the log begins after that", freight.DeedRoot{Seq: root.Seq, Hash: root.Hash}, freight.DeedRoot{Seq: second.Seq, Hash: second.Chain})
	equal(t, "the state's number after that", w.Acquire("once more").DeedSeq, 3)
	read("what is left", freight.DeedQuery{Query: freight.Query{Scope: all, Limit: 9}}, third)

	c = w.Commit()
	w.deed(c, w.Shipper, l.ID, "")
	done := &c.Deeds[0]
	done.Code, done.Problem, done.Actor, done.What.Act = "", "", "us_1", "post_load"
	w.ok(done.Seal(third.Chain))
	w.State.DeedHead = done.Chain
	w.Send(c)
	ten := freight.Query{Scope: all, Limit: 10}
	read("all", freight.DeedQuery{Query: ten, Done: true, Refused: true}, *done, third)
	read("what was refused", freight.DeedQuery{Query: ten, Refused: true}, third)
	read("what was done", freight.DeedQuery{Query: ten, Done: true}, *done)
	for what, q := range map[string]freight.DeedQuery{"a firm's": {Org: w.Shipper.ID}, "somebody's": {Actor: "us_1"}, "of a kind": {Act: "post_load"}, "from an instant on": {From: c.At}} {
		q.Query, q.Done, q.Refused = ten, true, true
		read(what, q, *done)
	}
	read("before an instant", freight.DeedQuery{Query: ten, Done: true, Refused: true, Until: c.At}, third)
	equal(t, "the head", must(w.Store.DeedHead(ctx, w.Market.ID))(t), freight.DeedHead{Market: w.Market.ID, Seq: 4, Hash: done.Chain})
}

// root is where the chain of the world's log begins.
func (w *World) root() (root freight.DeedRoot) {
	w.ok(w.Store.Snapshot(w.tb.Context(), func(s *store.Snapshot) error {
		states, err := s.AuditMarkets(w.tb.Context())
		for i := range states {
			if states[i].Market.ID == w.Market.ID {
				root = states[i].DeedRoot
			}
		}
		return err
	}))
	return root
}

// rechained takes the chain from a log, as it is in a database of before there were any:
// the next writer chains what is there, and so once. A log that goes on where its writer
// did not write is not written on.
func rechained(t *testing.T, w *World, cfg store.Config) {
	t.Helper()
	db, ctx := raw(t, cfg), t.Context()
	w.ok(w.Store.CreateMarket(ctx, freight.Market{ID: w.ID(freight.PrefixMarket), Name: "另一个", Box: w.Market.Box, Zone: w.Market.Zone}))
	of := " WHERE market_id = '" + string(w.Market.ID) + "'"
	head := w.State.DeedHead
	for _, text := range []string{
		"UPDATE acts SET chain = (SELECT act_head FROM writers WHERE act_seq = 0 AND market_id <> acts.market_id)",
		"UPDATE writers SET act_seq = 0, act_head = (SELECT w.act_head FROM writers AS w WHERE w.act_seq = 0)" + of,
		"DELETE FROM act_roots" + of,
	} {
		must(db.ExecContext(ctx, text))(t)
	}
	equal(t, "the head after chaining anew", w.Acquire("chains").DeedHead, head)
	equal(t, "where the log begins", w.root(), freight.DeedRoot{Since: w.State.At, Filled: 3})
	must(db.ExecContext(ctx, "UPDATE writers SET act_seq = 2"+of))(t)
	if _, err := w.Store.Acquire(ctx, w.Market.ID, "refused"); err == nil {
		t.Error("a log that another hand went on with is written on")
	}
	must(db.ExecContext(ctx, "UPDATE writers SET act_seq = 3"+of))(t)
}
