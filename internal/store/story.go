package store

import (
	"cmp"
	"context"
	"slices"

	"pinhuo/freight"
)

// Story returns everything that befell a load of the scope, and the market's last
// event number.
func (s *Store) Story(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Story, int64, error) {
	page, err := pageView(ctx, s, "tell a load's story", scope.Market, func(q querier) (freight.Page[freight.Story], error) {
		l, err := oneOf(q, loadTable, scope, id)
		if err != nil {
			return freight.Page[freight.Story]{}, err
		}
		told, err := tell(q, scope, l)
		return freight.Page[freight.Story]{Rows: []freight.Story{told}}, err
	})
	if err != nil {
		return freight.Story{}, 0, err
	}
	return page.Rows[0], page.Seq, nil
}

// tell reads what belongs to a load's story.
func tell(q querier, scope freight.Scope, l freight.Load) (freight.Story, error) {
	id, told := string(l.ID), freight.Story{Load: l}
	why, err := explanationTable.list(q, "WHERE load_id = ?", id)
	if err != nil {
		return told, err
	}
	if len(why) > 0 {
		told.Explanation = &why[0]
	}
	offers, err := offerTable.list(q, "WHERE load_id = ? ORDER BY id", id)
	if err != nil {
		return told, err
	}
	for i := range offers {
		told.Offers = append(told.Offers, freight.Deal{Offer: &offers[i]})
	}
	if err := complete(q, told.Offers); err != nil {
		return told, err
	}
	pools, err := poolTable.list(q, "WHERE id IN (SELECT pool_id FROM pool_members WHERE load_id = ?) ORDER BY id", id)
	if err != nil {
		return told, err
	}
	in, err := companies(q, freight.Page[freight.Pool]{Rows: pools})
	if err != nil {
		return told, err
	}
	told.Pools = in.Rows
	if told.Bookings, err = bookingsOf(q, &told); err != nil {
		return told, err
	}
	if told.Tickets, err = ticketTable.list(q, "WHERE load_id = ? AND (org_id = ? OR other_id = ?) ORDER BY id", id, string(l.Org), string(l.Org)); err != nil {
		return told, err
	}
	about := subjects(&told)
	if told.Events, err = acts(q, l.Org, about); err != nil {
		return told, err
	}
	told.Refused, err = deedsAbout(q, scope, about)
	return told, err
}

// bookingsOf reads the bookings that a load's offers and pools led to.
func bookingsOf(q querier, told *freight.Story) ([]freight.Deal, error) {
	var ids []freight.ID
	for i := range told.Offers {
		if b := told.Offers[i].Booking; b != nil {
			ids = append(ids, b.ID)
		}
	}
	for i := range told.Pools {
		for _, m := range told.Pools[i].Members {
			if m.Load == told.Load.ID && m.Booking != "" {
				ids = append(ids, m.Booking)
			}
		}
	}
	rows, err := bookingTable.byID(q, distinct(ids))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b freight.Booking) int { return cmp.Compare(a.ID, b.ID) })
	list := deals(freight.Page[freight.Booking]{Rows: rows}, func(b *freight.Booking) freight.Deal { return freight.Deal{Booking: b} }).Rows
	return list, complete(q, list)
}

// subjects are the last of the load and what became of it.
func subjects(told *freight.Story) []freight.ID {
	about := []freight.ID{told.Load.ID}
	for i := range told.Offers {
		about = append(about, told.Offers[i].Offer.ID)
	}
	for i := range told.Bookings {
		about = append(about, told.Bookings[i].Booking.ID)
	}
	for i := range told.Pools {
		about = append(about, told.Pools[i].Pool.ID)
	}
	for i := range told.Tickets {
		about = append(about, told.Tickets[i].ID)
	}
	return about[max(0, len(about)-freight.MostStory):]
}

// acts reads the last of what a firm was told about subjects.
func acts(q querier, org freight.ID, about []freight.ID) ([]freight.Event, error) {
	args := append([]any{string(org)}, texts(about)...)
	events, err := eventTable.list(q, "WHERE audience = ? AND subject IN "+places(len(about))+" ORDER BY seq DESC LIMIT ?", append(args, freight.MostStory)...)
	slices.Reverse(events)
	return events, err
}
