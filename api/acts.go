package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// RefusedAct is an act that was refused, as the log of acts keeps it.
type RefusedAct struct {
	ID      freight.ID `json:"id"`
	Seq     int64      `json:"seq" doc:"Its number in the market's log, which has no gaps"`
	At      time.Time  `json:"at"`
	Org     Party      `json:"org" doc:"Whose act it was"`
	Actor   freight.ID `json:"actor,omitempty" doc:"The user or token"`
	Behalf  bool       `json:"on_behalf,omitempty" doc:"An officer of the desk acted for the organization"`
	Act     string     `json:"act" doc:"Such as accept_offer. omitted: the row stands for refused acts that have none of their own because there were too many in a minute"`
	Subject freight.ID `json:"subject,omitempty" doc:"What it was about"`
	Version int64      `json:"version,omitempty" doc:"Of the subject, that it named"`
	Key     string     `json:"idempotency_key,omitempty"`
	Times   int64      `json:"times" doc:"Acts that the row stands for: 1 unless omitted"`
	State   string     `json:"state,omitempty" doc:"Of the subject then"`
	Present int64      `json:"present_version,omitempty" doc:"Version of the subject then"`
	Refusal Fault      `json:"refusal" doc:"As it was told"`
}

// ListActs lists refused acts.
type ListActs struct {
	Listing
	Subject freight.ID `query:"subject" doc:"Those about a load, trip, offer, booking, pool or ticket"`
}

var anAct = entity{freight.KindDeed, freight.PrefixDeed}

func (s *server) acts() {
	handle(s, huma.Operation{
		OperationID: "list-acts", Method: http.MethodGet, Path: "/v1/acts", Tags: []string{"acts"},
		Summary: "List the acts of the organization that were refused, for the desk those of the market, newest first; kept for three years",
	}, mayKnow, s.listActs)
}

func (s *server) listActs(ctx context.Context, c *call, in *ListActs) (*List[RefusedAct], error) {
	q, err := in.query(c, anAct, "")
	if err != nil {
		return nil, err
	}
	page, err := s.cfg.Reader.Deeds(ctx, freight.DeedQuery{Query: q, Refused: true, Subject: in.Subject})
	if err != nil {
		return nil, err
	}
	return showPage(s, c, page, func(d *freight.Deed) (RefusedAct, error) { return s.viewAct(ctx, c, d) })
}

func (s *server) viewAct(ctx context.Context, c *call, d *freight.Deed) (RefusedAct, error) {
	org, err := s.names.org(ctx, d.Org)
	if err != nil {
		return RefusedAct{}, err
	}
	refusal := d.Refusal
	if refusal == nil {
		refusal = &freight.Error{Code: d.Code, Problem: d.Problem}
	}
	return RefusedAct{
		ID: d.ID, Seq: d.Seq, At: when(d.Made), Org: Party{ID: org.ID, Name: org.Name}, Actor: d.Actor, Behalf: d.Behalf != "",
		Act: d.What.Act, Subject: d.What.Subject, Version: d.What.Version, Key: d.Key, Times: d.Times,
		State: d.Was.State, Present: d.Was.Version, Refusal: faultOf(refusal, c.lang),
	}, nil
}
