package store

import (
	"context"
	"slices"

	"pinhuo/freight"
)

type deedBody struct {
	Refusal **freight.Error  `json:"refusal,omitempty"`
	Was     *freight.Present `json:"was,omitzero"`
}

var deedTable = entity(freight.KindDeed, "acts", []string{
	"seq", "act", "subject", "named", "request", "hash", "code", "problem", "times", "body",
}, func(d *freight.Deed) *freight.Meta { return &d.Meta }, func(d *freight.Deed, to []any) []any {
	return append(to, &d.Seq, &d.What.Act, &d.What.Subject, &d.What.Version, &d.Key, (*hash)(&d.Hash), &d.Code, &d.Problem, &d.Times)
}, func(d *freight.Deed) any { return &deedBody{Refusal: &d.Refusal, Was: &d.Was} })

// priorDeeds finds those of the requests that have a row in the log of acts.
func priorDeeds(q querier, keys []freight.Key) (found []freight.Key, err error) {
	for _, part := range lists(keys) {
		args := make([]any, 0, 2*len(part))
		for _, k := range part {
			args = append(args, string(k.Org), k.Name)
		}
		rows, err := deedTable.list(q, "WHERE (org_id, request) IN "+pairPlaces(len(part)), args...)
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
		if query.Subject != "" {
			c.and("subject = ? AND subject <> ''", string(query.Subject))
		}
		return pageOf(q, deedTable, c, query.After, query.Limit)
	})
}

// deedsAbout returns the last rows of the log about subjects that the scope may read,
// oldest first.
func deedsAbout(q querier, scope freight.Scope, about []freight.ID) ([]freight.Deed, error) {
	c := &clause{}
	ours(c, scope)
	c.and("subject <> '' AND subject IN "+places(len(about)), texts(about)...)
	rows, err := deedTable.list(q, c.text.String()+" ORDER BY seq DESC LIMIT ?", append(c.args, freight.MostStory)...)
	slices.Reverse(rows)
	return rows, err
}

// DeedsKept is how long the log of acts is kept.
const DeedsKept = 90 * freight.Day

// SweepDeeds removes rows of the log of acts that are older than DeedsKept at the instant
// and tells how many; the last of each market stays, for the next one to be numbered by.
func (s *Store) SweepDeeds(ctx context.Context, now freight.Instant) (int, error) {
	return s.sweepOld(ctx, "sweep the log of acts", "DELETE FROM acts WHERE id IN (SELECT id FROM acts AS a WHERE a.made < ? AND EXISTS "+
		"(SELECT 1 FROM acts AS b WHERE b.market_id = a.market_id AND b.seq > a.seq) ORDER BY a.id LIMIT ?)", now-DeedsKept)
}
