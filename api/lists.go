package api

import (
	"context"
	"fmt"

	"pinhuo/freight"
)

// Listing asks for one page of a list.
type Listing struct {
	After freight.ID `query:"after" doc:"The next of the page before"`
	Limit int        `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

// List is a page with the cursor it reflects.
type List[T any] struct {
	Cursor string `header:"Pinhuo-Cursor" doc:"The position in the history of events that the answer reflects"`
	Body   Page[T]
}

// query builds the store's query.
func (l *Listing) query(c *call, e entity, state string) (freight.Query, error) {
	q := freight.Query{Scope: c.scope(), State: state, After: l.After, Limit: l.Limit}
	return q, l.check(e)
}

// check refuses an after that is no id of the kind.
func (l *Listing) check(e entity) error {
	if l.After != "" && !wellFormed(l.After, e.prefix) {
		return &freight.Error{
			Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "after", Value: freight.Shorten(string(l.After)),
		}
	}
	return nil
}

// list reads a page and shows each of its rows.
func list[R, T any](ctx context.Context, s *server, c *call, q freight.Query,
	read func(context.Context, freight.Query) (freight.Page[R], error), show func(*R) (T, error),
) (*List[T], error) {
	page, err := read(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	return showPage(s, c, page, show)
}

func showPage[R, T any](s *server, c *call, page freight.Page[R], show func(*R) (T, error)) (*List[T], error) {
	cursor := s.cursor(c, page.Seq)
	out := &List[T]{Cursor: cursor, Body: Page[T]{Items: make([]T, 0, len(page.Rows)), Next: page.Next, Cursor: cursor}}
	for i := range page.Rows {
		item, err := show(&page.Rows[i])
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, nil
}
