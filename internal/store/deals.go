package store

import (
	"context"
	"slices"

	"pinhuo/freight"
)

// sides selects a page of ids of the offers or bookings that a scope is a side
// of, newest first. Each side has its index, so each is read by itself.
func sides(table string, scope freight.Scope, condition string, args []any, after freight.ID, limit int) (string, []any) {
	part := func(column string) (string, []any) {
		c := &clause{}
		c.and("market_id = ?", string(scope.Market))
		if column != "" {
			c.and(column+" = ?", string(scope.Org))
		}
		if condition != "" {
			c.and(condition, args...)
		}
		if after != "" {
			c.and("id < ?", string(after))
		}
		return "SELECT id FROM " + table + c.text.String() + " ORDER BY id DESC LIMIT ?", append(c.args, limit)
	}
	if scope.Desk {
		return part("")
	}
	carrier, first := part("org_id")
	shipper, second := part("shipper_id")
	return "SELECT id FROM (" + carrier + ") AS c UNION SELECT id FROM (" + shipper + ") AS s ORDER BY id DESC LIMIT ?",
		append(append(first, second...), limit)
}

// sidePage reads a page of what a scope is a side of.
func sidePage[T any](q querier, t *entityTable[T], query freight.Query, condition string, args []any) (freight.Page[T], error) {
	var page freight.Page[T]
	size := pageSize(query.Limit)
	text, all := sides(t.name, query.Scope, condition, args, query.After, size+1)
	rows, err := t.list(q, "WHERE id IN (SELECT id FROM ("+text+") AS p) ORDER BY id DESC", all...)
	if err != nil {
		return page, err
	}
	if len(rows) > size {
		rows = rows[:size]
		page.Next = t.meta(&rows[size-1]).ID
	}
	page.Rows = rows
	return page, nil
}

// sideOne reads one row of which the scope is a side.
func sideOne[T any](q querier, t *entityTable[T], scope freight.Scope, id freight.ID) (T, error) {
	c := &clause{}
	c.and("id = ?", string(id))
	c.and("market_id = ?", string(scope.Market))
	if !scope.Desk {
		c.and("(org_id = ? OR shipper_id = ?)", string(scope.Org), string(scope.Org))
	}
	return one(q, &t.table, t.kind, id, c.text.String(), c.args...)
}

// Offer returns one offer that the scope is a side of, with its booking when
// it led to one, and the market's last event number.
func (s *Store) Offer(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Deal, int64, error) {
	return oneDeal(ctx, s, scope, "read an offer", func(q querier) (freight.Deal, error) {
		o, err := sideOne(q, offerTable, scope, id)
		return freight.Deal{Offer: &o}, err
	})
}

// Bids returns the prices that were named for an offer of which the scope is a side, the
// first first, and the market's last event number.
func (s *Store) Bids(ctx context.Context, scope freight.Scope, id freight.ID) ([]freight.Bid, int64, error) {
	page, err := pageView(ctx, s, "read what was named for an offer", scope.Market, func(q querier) (freight.Page[freight.Bid], error) {
		o, err := sideOne(q, offerTable, scope, id)
		if err != nil || o.Rounds == 0 {
			return freight.Page[freight.Bid]{}, err
		}
		// Both sides were told of each, so what the operator was told is all.
		told, err := eventTable.list(q, "WHERE audience = ? AND subject = ? AND type = ? ORDER BY seq DESC LIMIT ?",
			string(o.Org), string(id), freight.EventOfferCountered, o.Rounds)
		bids := make([]freight.Bid, len(told))
		for i := range told {
			bids[len(told)-1-i] = freight.Bid{At: told[i].At, By: told[i].Facts.By, Price: told[i].Facts.Counter}
		}
		return freight.Page[freight.Bid]{Rows: bids}, err
	})
	return page.Rows, page.Seq, err
}

// Booking returns one booking that the scope is a side of, with its offer, and
// the market's last event number.
func (s *Store) Booking(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Deal, int64, error) {
	return oneDeal(ctx, s, scope, "read a booking", func(q querier) (freight.Deal, error) {
		b, err := sideOne(q, bookingTable, scope, id)
		return freight.Deal{Booking: &b}, err
	})
}

// Offers returns a page of the offers that the scope is a side of, newest
// first. The state "open" asks for those that can be answered.
func (s *Store) Offers(ctx context.Context, query freight.Query) (freight.Page[freight.Deal], error) {
	condition, args := "", []any{}
	switch query.State {
	case "":
	case "open":
		condition = openOffer
	default:
		condition, args = "state = ?", []any{query.State}
	}
	return dealView(ctx, s, "list the offers", query.Market, func(q querier) (freight.Page[freight.Deal], error) {
		page, err := sidePage(q, offerTable, query, condition, args)
		return deals(page, func(o *freight.Offer) freight.Deal { return freight.Deal{Offer: o} }), err
	})
}

// Bookings returns a page of the bookings that the scope is a side of, newest
// first.
func (s *Store) Bookings(ctx context.Context, query freight.Query) (freight.Page[freight.Deal], error) {
	condition, args := "pickup_eta >= ?", []any{int64(query.From)}
	if query.To != 0 {
		condition, args = condition+" AND pickup_eta < ?", append(args, int64(query.To))
	}
	if query.State != "" {
		condition, args = condition+" AND state = ?", append(args, query.State)
	}
	return dealView(ctx, s, "list the bookings", query.Market, func(q querier) (freight.Page[freight.Deal], error) {
		page, err := sidePage(q, bookingTable, query, condition, args)
		return deals(page, func(b *freight.Booking) freight.Deal { return freight.Deal{Booking: b} }), err
	})
}

// Sharing returns who pays how much of the trip of a booking that the scope is a side
// of, and the market's last event number.
func (s *Store) Sharing(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Sharing, int64, error) {
	page, err := pageView(ctx, s, "read who pays for a trip", scope.Market, func(q querier) (freight.Page[freight.Sharing], error) {
		mine, err := sideOne(q, bookingTable, scope, id)
		if err != nil {
			return freight.Page[freight.Sharing]{}, err
		}
		all, err := bookingTable.list(q, "WHERE trip_id = ? AND market_id = ? ORDER BY share DESC, id", string(mine.Trip), string(scope.Market))
		return freight.Page[freight.Sharing]{Rows: []freight.Sharing{sharing(mine, all)}}, err
	})
	if err != nil {
		return freight.Sharing{}, 0, err
	}
	return page.Rows[0], page.Seq, nil
}

// sharing adds up the bookings of one trip, the largest share first.
func sharing(mine freight.Booking, all []freight.Booking) freight.Sharing {
	to := freight.Sharing{Booking: mine}
	for i := range all {
		switch b := &all[i]; {
		case b.State == freight.BookingHeld:
		case b.State != freight.BookingReleased && b.State != freight.BookingReturned:
			to.Shares, to.Due = append(to.Shares, b.Share), to.Due+b.Share
		case b.FeeBy == b.Shipper:
			to.Fees, to.Due = to.Fees+b.Fee, to.Due+b.Fee
		}
	}
	return to
}

func deals[T any](page freight.Page[T], deal func(v *T) freight.Deal) freight.Page[freight.Deal] {
	to := freight.Page[freight.Deal]{Next: page.Next}
	for i := range page.Rows {
		to.Rows = append(to.Rows, deal(&page.Rows[i]))
	}
	return to
}

// dealView reads a page, fills in the deals and reads the head.
func dealView(ctx context.Context, s *Store, operation string, market freight.ID,
	read func(q querier) (freight.Page[freight.Deal], error)) (freight.Page[freight.Deal], error) {
	return pageView(ctx, s, operation, market, func(q querier) (freight.Page[freight.Deal], error) {
		page, err := read(q)
		if err == nil {
			err = complete(q, page.Rows)
		}
		return page, err
	})
}

func oneDeal(ctx context.Context, s *Store, scope freight.Scope, operation string,
	read func(q querier) (freight.Deal, error)) (freight.Deal, int64, error) {
	page, err := dealView(ctx, s, operation, scope.Market, func(q querier) (freight.Page[freight.Deal], error) {
		deal, err := read(q)
		return freight.Page[freight.Deal]{Rows: []freight.Deal{deal}}, err
	})
	if err != nil {
		return freight.Deal{}, 0, err
	}
	return page.Rows[0], page.Seq, nil
}

// complete fills in what belongs to the deals, a statement a kind.
func complete(q querier, list []freight.Deal) error {
	if err := pair(q, list); err != nil {
		return err
	}
	var loads, trips, orgs []freight.ID
	for i := range list {
		load, trip, shipper, carrier := ends(&list[i])
		loads, trips, orgs = append(loads, load), append(trips, trip), append(orgs, shipper, carrier)
	}
	loadOf, err := index(q, &loadTable.table, loads, func(l *freight.Load) freight.ID { return l.ID })
	if err != nil {
		return err
	}
	tripOf, err := index(q, &tripTable.table, trips, func(t *freight.Trip) freight.ID { return t.ID })
	if err != nil {
		return err
	}
	orgOf, err := index(q, orgTable, orgs, func(o *freight.Org) freight.ID { return o.ID })
	if err != nil {
		return err
	}
	if err := recall(q, orgOf); err != nil {
		return err
	}
	for i := range list {
		d := &list[i]
		load, trip, shipper, carrier := ends(d)
		d.Load, d.Trip, d.Shipper, d.Carrier = loadOf[load], tripOf[trip], orgOf[shipper], orgOf[carrier]
	}
	return nil
}

// pair finds the bookings of offers and the offers of bookings.
func pair(q querier, list []freight.Deal) error {
	var offers, accepted []freight.ID
	for i := range list {
		if b := list[i].Booking; b != nil {
			offers = append(offers, b.Offer)
		} else if o := list[i].Offer; o.State == freight.OfferAccepted {
			accepted = append(accepted, o.ID)
		}
	}
	offerOf, err := index(q, &offerTable.table, offers, func(o *freight.Offer) freight.ID { return o.ID })
	if err != nil {
		return err
	}
	bookingOf := map[freight.ID]freight.Booking{}
	for _, part := range lists(distinct(accepted)) {
		rows, err := bookingTable.list(q, "WHERE offer_id <> '' AND offer_id IN "+places(len(part)), texts(part)...)
		if err != nil {
			return err
		}
		for _, b := range rows {
			bookingOf[b.Offer] = b
		}
	}
	for i := range list {
		if b := list[i].Booking; b != nil {
			if o, ok := offerOf[b.Offer]; ok {
				list[i].Offer = &o
			}
		} else if b, ok := bookingOf[list[i].Offer.ID]; ok {
			list[i].Booking = &b
		}
	}
	return nil
}

// ends names the load, the trip and both sides of a deal.
func ends(d *freight.Deal) (load, trip, shipper, carrier freight.ID) {
	if b := d.Booking; b != nil {
		return b.Load, b.Trip, b.Shipper, b.Org
	}
	return d.Offer.Load, d.Offer.Trip, d.Offer.Shipper, d.Offer.Org
}

// index reads rows by id into a map.
func index[T any](q querier, t *table[T], ids []freight.ID, id func(v *T) freight.ID) (map[freight.ID]T, error) {
	rows, err := t.byID(q, distinct(ids))
	if err != nil {
		return nil, err
	}
	found := make(map[freight.ID]T, len(rows))
	for i := range rows {
		found[id(&rows[i])] = rows[i]
	}
	return found, nil
}

func distinct(ids []freight.ID) []freight.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}
