package store

import (
	"context"

	"pinhuo/freight"
)

// A read of a resource runs in one read transaction together with the number
// of the market's last event: whoever subscribes from that number misses
// nothing and hears nothing twice. What does not exist and what the scope does
// not show are both freight.Missing.

// mostRows bounds a page.
const mostRows = 200

func pageSize(limit int) int { return min(max(limit, 1), mostRows) }

// ours is the row scope of entities that one organization alone sees.
func ours(c *clause, scope freight.Scope) {
	c.and("market_id = ?", string(scope.Market))
	if !scope.Desk {
		c.and("org_id = ?", string(scope.Org))
	}
}

// pageOf reads one page of the rows that the conditions name, newest first.
func pageOf[T any](q querier, t *entityTable[T], c *clause, after freight.ID, limit int) (freight.Page[T], error) {
	if after != "" {
		c.and("id < ?", string(after))
	}
	return pageBy(q, t, c, "ORDER BY id DESC", limit)
}

func pageBy[T any](q querier, t *entityTable[T], c *clause, order string, limit int) (freight.Page[T], error) {
	var page freight.Page[T]
	size := pageSize(limit)
	rows, err := t.list(q, c.text.String()+" "+order+" LIMIT ?", append(c.args, size+1)...)
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

// pageView reads a page and the head in one transaction.
func pageView[T any](ctx context.Context, s *Store, operation string, market freight.ID,
	read func(q querier) (freight.Page[T], error)) (freight.Page[T], error) {
	var page freight.Page[T]
	err := s.reader.view(ctx, func(q querier) error {
		seq, err := readHead(q, market)
		if err != nil {
			return err
		}
		page, err = read(q)
		page.Seq = seq
		return err
	})
	if err != nil {
		return freight.Page[T]{}, failure(operation, err)
	}
	return page, nil
}

// oneView reads one row of the scope and the head in one transaction.
func oneView[T any](ctx context.Context, s *Store, t *entityTable[T], scope freight.Scope, id freight.ID) (T, int64, error) {
	var v T
	var seq int64
	err := s.reader.view(ctx, func(q querier) (err error) {
		if seq, err = readHead(q, scope.Market); err != nil {
			return err
		}
		v, err = oneOf(q, t, scope, id)
		return err
	})
	return v, seq, failure("read a "+t.kind, err)
}

// oneOf reads one row of the scope.
func oneOf[T any](q querier, t *entityTable[T], scope freight.Scope, id freight.ID) (T, error) {
	c := &clause{}
	c.and("id = ?", string(id))
	ours(c, scope)
	return one(q, &t.table, t.kind, id, c.text.String(), c.args...)
}

// listView reads a page of the scope's rows.
func listView[T any](ctx context.Context, s *Store, t *entityTable[T], query freight.Query, states bool) (freight.Page[T], error) {
	return pageView(ctx, s, "list the "+t.name, query.Market, func(q querier) (freight.Page[T], error) {
		c := &clause{}
		ours(c, query.Scope)
		if states && query.State != "" {
			c.and("state = ?", query.State)
		}
		return pageOf(q, t, c, query.After, query.Limit)
	})
}
