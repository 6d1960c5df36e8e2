package store

import (
	"context"
	"slices"

	"pinhuo/freight"
)

var deedTable = func() *entityTable[freight.Deed] {
	t := entity(freight.KindDeed, "acts", []string{
		"seq", "act", "subject", "named", "request", "hash", "code", "problem", "times", "body", "chain",
	}, func(d *freight.Deed) *freight.Meta { return &d.Meta }, func(d *freight.Deed, to []any) []any {
		return append(to, &d.Seq, &d.What.Act, &d.What.Subject, &d.What.Version, &d.Key, (*hash)(&d.Hash), &d.Code, &d.Problem, &d.Times, &d.Body, (*hash)(&d.Chain))
	}, nil)
	t.parse = (*freight.Deed).Unseal // the text is what is chained
	return t
}()

// priorDeeds finds those of the requests that have a row in the log of acts.
func priorDeeds(q querier, keys []freight.Key) (found []freight.Key, err error) {
	for _, part := range lists(keys) {
		args := make([]any, 0, 2*len(part))
		for _, k := range part {
			args = append(args, string(k.Org), k.Name)
		}
		rows, err := deedTable.list(q, "WHERE request <> '' AND (org_id, request) IN "+pairPlaces(len(part)), args...)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			found = append(found, freight.Key{Org: rows[i].Org, Name: rows[i].Key, Hash: rows[i].Hash})
		}
	}
	return found, nil
}

// Deeds returns a page of the log of acts, newest first: an organization's own, of the
// whole market for its desk; those about one subject where the query names it.
func (s *Store) Deeds(ctx context.Context, query freight.DeedQuery) (freight.Page[freight.Deed], error) {
	return pageView(ctx, s, "read the log of acts", query.Market, func(q querier) (freight.Page[freight.Deed], error) {
		c := &clause{}
		ours(c, query.Scope)
		switch {
		case !query.Done:
			c.and(refusedActs)
		case !query.Refused:
			c.and("code = ''")
		}
		deedFilters(c, query)
		return pageOf(q, deedTable, c, query.After, query.Limit)
	})
}

// deedFilters adds what the query asks for.
func deedFilters(c *clause, query freight.DeedQuery) {
	if query.Subject != "" {
		c.and("subject = ? AND subject <> ''", string(query.Subject))
	}
	for _, f := range [...]struct{ column, value string }{{"org_id", string(query.Org)}, {"actor", string(query.Actor)}, {"act", query.Act}} {
		if f.value != "" {
			c.and(f.column+" = ?", f.value)
		}
	}
	if query.From != 0 {
		c.and("made >= ?", int64(query.From))
	}
	if query.Until != 0 {
		c.and("made < ?", int64(query.Until))
	}
}

// refusedActs is a condition of the rows of refused acts, word for word as of their index.
const refusedActs = "code <> ''"

// deedsAbout returns the last refused acts of the log about subjects that the scope may read,
// oldest first.
func deedsAbout(q querier, scope freight.Scope, about []freight.ID) ([]freight.Deed, error) {
	c := &clause{}
	ours(c, scope)
	c.and(refusedActs)
	c.and("subject <> '' AND subject IN "+places(len(about)), texts(about)...)
	rows, err := deedTable.list(q, c.text.String()+" ORDER BY seq DESC LIMIT ?", append(c.args, freight.MostStory)...)
	slices.Reverse(rows)
	return rows, err
}
