package conformance

import (
	"fmt"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// pages reads all pages of a list.
func pages[T any](tb testing.TB, q freight.Query, list func(q freight.Query) (freight.Page[T], error)) (rows []T, count int) {
	tb.Helper()
	for {
		page := must(list(q))(tb)
		rows = append(rows, page.Rows...)
		count++
		if page.Next == "" {
			return rows, count
		}
		if page.Next == q.After || count > 1000 {
			tb.Fatalf("page %d leads to %q, where it came from %q", count, page.Next, q.After)
		}
		q.After = page.Next
	}
}

func idsOf[T any](rows []T) []freight.ID {
	var ids []freight.ID
	for i := range rows {
		ids = append(ids, metaOf(&rows[i]).ID)
	}
	return ids
}

func newestFirst(ids []freight.ID) []freight.ID {
	slices.Sort(ids)
	slices.Reverse(ids)
	return ids
}

// testReads checks pages, states and row scope of loads, trips and vehicles.
func testReads(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx := t.Context()
	rival := freight.Org{ID: w.ID(freight.PrefixOrg), Market: w.Market.ID, Kind: freight.OrgEnterprise, Name: "对手", Made: Start}
	w.ok(w.Store.CreateOrg(ctx, rival))
	var mine, theirs, closed []freight.ID
	c := w.Commit()
	for i := range 23 {
		l := w.Load()
		switch {
		case i%5 == 0:
			l.Org = rival.ID
			theirs = append(theirs, l.ID)
		case i%3 == 0:
			l.State = freight.LoadClosed
			closed = append(closed, l.ID)
			mine = append(mine, l.ID)
		default:
			mine = append(mine, l.ID)
		}
		w.Post(c, l, "")
	}
	w.Send(c)
	loads := func(q freight.Query) (freight.Page[freight.Load], error) { return w.Store.Loads(ctx, q) }
	rows, count := pages(t, freight.Query{Scope: w.of(w.Shipper), Limit: 6}, loads)
	equal(t, "own loads", idsOf(rows), newestFirst(mine))
	equal(t, "pages", count, 3)
	rows, _ = pages(t, freight.Query{Scope: w.of(w.Shipper), State: "closed", Limit: 2}, loads)
	equal(t, "own closed loads", idsOf(rows), newestFirst(closed))
	rows, _ = pages(t, freight.Query{Scope: w.all(), Limit: 7}, loads)
	equal(t, "all loads", idsOf(rows), newestFirst(slices.Concat(mine, theirs)))
	page := must(w.Store.Loads(ctx, freight.Query{Scope: w.of(w.Carrier), Limit: 5}))(t)
	equal(t, "nobody's loads", page, freight.Page[freight.Load]{Seq: w.State.EventSeq})
	board, _ := pages(t, freight.Query{Scope: w.of(w.Carrier), Limit: 200}, func(q freight.Query) (freight.Page[freight.Load], error) { return w.Store.BoardLoads(ctx, q) })
	equal(t, "board", len(board), 23-len(closed))
	for _, limit := range []int{-1, 0, 1} {
		equal(t, fmt.Sprintf("page of %d", limit), len(must(w.Store.Loads(ctx, freight.Query{Scope: w.all(), Limit: limit}))(t).Rows), 1)
	}
	w.scopes(mine[0])
}

// scopes checks that a row is seen by its organization and the desk of its
// market alone, and that others learn nothing.
func (w *World) scopes(load freight.ID) {
	w.tb.Helper()
	t, ctx := w.tb, w.tb.Context()
	for _, scope := range []freight.Scope{w.of(w.Shipper), w.all()} {
		if _, _, err := w.Store.Load(ctx, scope, load); err != nil {
			t.Fatal(err)
		}
	}
	_, _, hidden := w.Store.Load(ctx, w.of(w.Carrier), load)
	wantMissing(t, "another organization's load", hidden)
	_, _, none := w.Store.Load(ctx, w.of(w.Carrier), "ld_none")
	equal(t, "the error for what is hidden and what is not", none.Error(), freight.Missing(freight.KindLoad, "ld_none").Error())
	other := freight.Market{ID: w.ID(freight.PrefixMarket), Name: "无锡", Zone: "Asia/Shanghai"}
	w.ok(w.Store.CreateMarket(ctx, other))
	_, _, err := w.Store.Load(ctx, freight.Scope{Market: other.ID, Org: w.Shipper.ID, Desk: true}, load)
	wantMissing(t, "another market's load", err)
	_, err = w.Store.Loads(ctx, freight.Query{Scope: freight.Scope{Market: "mk_none", Desk: true}, Limit: 1})
	wantMissing(t, "no market's loads", err)
	equal(t, "markets", must(w.Store.Markets(ctx))(t), []freight.Market{w.Market, other})
	equal(t, "head of an empty market", must(w.Store.Head(ctx, other.ID))(t), 0)
}

// testDeals checks offers and bookings from both sides.
func testDeals(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx := t.Context()
	_, trip, load, offer := w.deal()
	load, offer, booking := w.accept(load, offer)
	second := w.Load()
	sent := w.Offer(second, trip)
	seen := w.Offer(second, trip)
	seen.State = freight.OfferSeen
	lost := w.Offer(second, trip)
	lost.State = freight.OfferExpired
	c := w.Commit()
	w.Post(c, second, "")
	c.Offers = []freight.Row[freight.Offer]{{Value: sent}, {Value: seen}, {Value: lost}}
	w.Send(c)
	offers := func(q freight.Query) (freight.Page[freight.Deal], error) { return w.Store.Offers(ctx, q) }
	open := func(o freight.Offer, l freight.Load) freight.Deal {
		return freight.Deal{Offer: &o, Load: l, Trip: trip, Shipper: w.Shipper, Carrier: w.Carrier}
	}
	done := open(offer, load)
	done.Booking = &booking
	want := []freight.Deal{open(lost, second), open(seen, second), open(sent, second), done}
	for _, scope := range []freight.Scope{w.of(w.Carrier), w.of(w.Shipper), w.all()} {
		rows, _ := pages(t, freight.Query{Scope: scope, Limit: 2}, offers)
		equal(t, "offers", rows, want)
		rows, count := pages(t, freight.Query{Scope: scope, State: "open", Limit: 1}, offers)
		equal(t, "open offers", rows, want[1:3])
		equal(t, "pages of open offers", count, 2)
		rows, _ = pages(t, freight.Query{Scope: scope, State: "expired", Limit: 9}, offers)
		equal(t, "expired offers", rows, want[:1])
		rows, _ = pages(t, freight.Query{Scope: scope, Limit: 9}, func(q freight.Query) (freight.Page[freight.Deal], error) { return w.Store.Bookings(ctx, q) })
		equal(t, "bookings", rows, []freight.Deal{done})
		page := must(w.Store.Bookings(ctx, freight.Query{Scope: scope, State: "released", Limit: 9}))(t)
		equal(t, "released bookings", len(page.Rows), 0)
		deal, seq, err := w.Store.Booking(ctx, scope, booking.ID)
		equal(t, "booking", must(deal, err)(t), done)
		equal(t, "head", seq, w.State.EventSeq)
	}
	stranger := freight.Org{ID: w.ID(freight.PrefixOrg), Market: w.Market.ID, Kind: freight.OrgCarrier, Name: "他人", Made: Start}
	w.ok(w.Store.CreateOrg(ctx, stranger))
	page := must(w.Store.Offers(ctx, freight.Query{Scope: w.of(stranger), Limit: 9}))(t)
	equal(t, "a stranger's offers", len(page.Rows), 0)
	_, _, err := w.Store.Offer(ctx, w.of(stranger), sent.ID)
	wantMissing(t, "a stranger's offer", err)
	_, _, err = w.Store.Booking(ctx, w.of(stranger), booking.ID)
	wantMissing(t, "a stranger's booking", err)
}

// testDesk checks the desk's list of unanswered loads, explanations and the
// board of trips.
func testDesk(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx := t.Context()
	c := w.Commit()
	var waiting []freight.ID
	for i := range 7 {
		l := w.Load()
		l.AnswerBy = c.At + 100 // not yet
		switch i {
		case 1, 4:
			l.Answer = Start
		case 2, 5:
			l.AnswerBy = c.At
		case 3:
			l.State, l.Answer = freight.LoadClosed, Start
		}
		if l.State == freight.LoadPosted && (l.Answer > 0 || l.AnswerBy <= c.At) {
			waiting = append(waiting, l.ID)
		}
		w.Post(c, l, "")
	}
	v := w.Vehicle()
	var board []freight.ID
	for i, state := range []freight.TripState{freight.TripOpen, freight.TripUnderway, freight.TripLapsed, freight.TripCancelled, freight.TripAnnounced, freight.TripOpen} {
		trip := w.Trip(v)
		trip.State = state
		if i == 5 {
			trip.Lease = c.At // has run out
		}
		if i < 2 {
			board = append(board, trip.ID)
		}
		c.Trips = append(c.Trips, freight.Row[freight.Trip]{Value: trip})
	}
	w.Send(c)
	rows, count := pages(t, freight.Query{Limit: 3}, func(q freight.Query) (freight.Page[freight.Load], error) {
		return w.Store.Unanswered(ctx, w.Market.ID, q.After, q.Limit)
	})
	equal(t, "unanswered", idsOf(rows), waiting)
	equal(t, "pages", count, 2)
	trips, _ := pages(t, freight.Query{Scope: w.of(w.Shipper), Limit: 1}, func(q freight.Query) (freight.Page[freight.Trip], error) { return w.Store.BoardTrips(ctx, q) })
	equal(t, "board", idsOf(trips), newestFirst(board))
	if x, err := w.Store.Explanation(ctx, w.of(w.Shipper), waiting[0]); x != nil || err != nil {
		t.Fatalf("explanation %v of a load that has none: %v", x, err)
	}
	c = w.Commit()
	said := freight.Explanation{Market: w.Market.ID, Load: waiting[0], Org: w.Shipper.ID, At: c.At, Trips: 1}
	last := said
	last.Trips, last.Final = 2, true
	c.Explanations = []freight.Explanation{said, {Market: w.Market.ID, Load: waiting[1], Org: w.Shipper.ID, At: c.At}, last}
	w.Send(c)
	equal(t, "the last of two explanations", *must(w.Store.Explanation(ctx, w.of(w.Shipper), waiting[0]))(t), last)
	_, err := w.Store.Explanation(ctx, w.of(w.Carrier), waiting[0])
	wantMissing(t, "the explanation of another's load", err)
}
