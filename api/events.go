package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// ListEvents asks for what was missed.
type ListEvents struct {
	After string `query:"after" maxLength:"256" doc:"A cursor; from the beginning of what is kept when left out"`
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

// Events is a part of the organization's events, oldest first.
type Events struct {
	Items  []Event `json:"items"`
	Cursor string  `json:"cursor" doc:"Pass as after to go on"`
	More   bool    `json:"more" doc:"There are more events already"`
}

func (s *server) events() {
	handle(s, huma.Operation{
		OperationID: "list-events", Method: http.MethodGet, Path: "/v1/events", Tags: []string{"events"},
		Summary: "What happened after a cursor, oldest first",
	}, mayRead, s.listEvents)
}

func (s *server) listEvents(ctx context.Context, c *call, in *ListEvents) (*Reflected[Events], error) {
	var after int64
	if in.After != "" {
		var err error
		if after, err = s.cfg.Cursors.Open(c.who.Market, c.org, in.After); err != nil {
			return nil, err
		}
	}
	events, head, err := s.cfg.Reader.Events(ctx, c.who.Market, c.org, after, in.Limit)
	if err != nil {
		return nil, err
	}
	// Nothing for this audience up to the head, unless the page is full.
	reached, more := head, len(events) == in.Limit
	if more {
		reached = events[len(events)-1].Seq
	}
	out := &Reflected[Events]{Cursor: s.cursor(c, reached)}
	out.Body = Events{Items: make([]Event, 0, len(events)), Cursor: out.Cursor, More: more && reached < head}
	for i := range events {
		e := &events[i]
		out.Body.Items = append(out.Body.Items, viewEvent(e, s.cursor(c, e.Seq)))
	}
	return out, nil
}
