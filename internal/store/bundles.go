package store

import (
	"context"

	"pinhuo/freight"
)

// offered limits a read of bundles: an operator sees those that were put before it, the
// desk all.
func offered(c *clause, scope freight.Scope) {
	c.and("bundle_id <> ''")
	c.and("market_id = ?", string(scope.Market))
	if !scope.Desk {
		c.and("org_id = ?", string(scope.Org))
	}
}

// Bundle returns one bundle that was put before the scope, and the market's last event
// number.
func (s *Store) Bundle(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Bundle, int64, error) {
	page, err := pageView(ctx, s, "read a bundle", scope.Market, func(q querier) (freight.Page[freight.Bundle], error) {
		list, err := bundles(q, scope, []freight.ID{id})
		if err == nil && len(list) == 0 {
			err = freight.Missing(freight.KindBundle, id)
		}
		return freight.Page[freight.Bundle]{Rows: list}, err
	})
	if err != nil {
		return freight.Bundle{}, 0, err
	}
	return page.Rows[0], page.Seq, nil
}

// Bundles returns a page of the bundles that were put before the scope, newest first.
// The state "open" asks for those of which something can be answered.
func (s *Store) Bundles(ctx context.Context, query freight.Query) (freight.Page[freight.Bundle], error) {
	return pageView(ctx, s, "list the bundles", query.Market, func(q querier) (freight.Page[freight.Bundle], error) {
		var page freight.Page[freight.Bundle]
		c := &clause{}
		offered(c, query.Scope)
		if query.State == "open" {
			c.and(openOffer)
		}
		if query.After != "" {
			c.and("bundle_id < ?", string(query.After))
		}
		size := pageSize(query.Limit)
		ids, err := idList(q, "SELECT DISTINCT bundle_id FROM offers"+c.text.String()+" ORDER BY bundle_id DESC LIMIT ?", append(c.args, size+1)...)
		if err != nil {
			return page, err
		}
		if len(ids) > size {
			ids = ids[:size]
			page.Next = ids[size-1]
		}
		page.Rows, err = bundles(q, query.Scope, ids)
		return page, err
	})
}

// idList reads one column of ids.
func idList(q querier, text string, args ...any) ([]freight.ID, error) {
	rows, err := q.query(text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []freight.ID
	for rows.Next() {
		var id freight.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	return list, rows.Err()
}

// bundles reads bundles with their offers, in the order of the ids.
func bundles(q querier, scope freight.Scope, ids []freight.ID) ([]freight.Bundle, error) {
	of := map[freight.ID][]*freight.Offer{}
	for _, part := range lists(ids) {
		c := &clause{}
		offered(c, scope)
		c.and("bundle_id IN "+places(len(part)), texts(part)...)
		rows, err := offerTable.list(q, c.text.String()+" ORDER BY id", c.args...)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			of[rows[i].Bundle] = append(of[rows[i].Bundle], &rows[i])
		}
	}
	var list []freight.Bundle
	var lines []freight.Deal
	for _, id := range ids {
		if len(of[id]) == 0 {
			continue
		}
		b := freight.Bundle{ID: id}
		for _, o := range freight.Chained(of[id]) {
			b.Version = max(b.Version, o.Edition)
			lines = append(lines, freight.Deal{Offer: o})
		}
		list = append(list, b)
	}
	err := complete(q, lines)
	for i := range list {
		n := len(of[list[i].ID])
		list[i].Lines, lines = lines[:n:n], lines[n:]
	}
	return list, err
}
