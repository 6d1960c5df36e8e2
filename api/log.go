package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// LogRow is a row of the log of acts.
type LogRow struct {
	ID      freight.ID      `json:"id"`
	Seq     int64           `json:"seq" doc:"Its number in the market's log, which has no gaps"`
	At      time.Time       `json:"at"`
	Org     freight.ID      `json:"org_id,omitempty" doc:"Whose act it was; none of a clock's or planner's"`
	Actor   freight.ID      `json:"actor,omitempty" doc:"The user or token; none of a clock or planner"`
	Behalf  bool            `json:"on_behalf,omitempty" doc:"An officer of the desk acted for the organization"`
	Act     string          `json:"act" doc:"Such as accept_offer, or clock_offer of a clock"`
	Subject freight.ID      `json:"subject,omitempty" doc:"What it was about"`
	Version int64           `json:"version,omitempty" doc:"Of the subject, that it named"`
	Outcome string          `json:"outcome" enum:"done,refused"`
	Code    freight.Code    `json:"code,omitempty" doc:"Of a refusal"`
	Problem freight.Problem `json:"problem,omitempty" doc:"Of a refusal"`
	Times   int64           `json:"times" doc:"Refused acts that the row stands for: 1 unless omitted"`
	State   string          `json:"state,omitempty" doc:"Of the subject: after an act that was done, as met by one that was refused"`
	Present int64           `json:"present_version,omitempty" doc:"Its version then"`
	Chain   string          `json:"chain" doc:"SHA-256 of the chain of the row before it and of every column of this one, in hex"`
}

// LogHead is the end of a market's log of acts: to be written down where nobody who may
// write to the database can.
type LogHead struct {
	Market freight.ID `json:"market_id"`
	Seq    int64      `json:"seq"`
	Chain  string     `json:"chain"`
	Head   string     `json:"head" doc:"As pinhuo audit --log --head takes it"`
}

// ReadLog lists rows of the log of acts.
type ReadLog struct {
	Listing
	Outcome string     `query:"outcome" enum:"done,refused"`
	Org     freight.ID `query:"org_id" doc:"Those of an organization"`
	Actor   freight.ID `query:"actor" doc:"Those of a user or token"`
	Act     string     `query:"act" maxLength:"64"`
	Subject freight.ID `query:"subject" doc:"Those about one thing"`
	From    time.Time  `query:"from" doc:"Since when; from the beginning when left out"`
	Until   time.Time  `query:"until" doc:"Before when; to the end when left out"`
}

func (s *server) log() {
	handle(s, huma.Operation{
		OperationID: "read-log", Method: http.MethodGet, Path: "/v1/log", Tags: []string{"acts"},
		Summary: "Read the log of acts, what was done and what was refused, newest first: the desk and its auditor that of the market, a firm's auditor its own",
	}, mayInspect, s.readLog)
	handle(s, huma.Operation{
		OperationID: "log-head", Method: http.MethodGet, Path: "/v1/log/head", Tags: []string{"acts"},
		Summary: "The number and the chain of the last row of the market's log of acts",
	}, mayInspect, s.logHead)
}

func (s *server) readLog(ctx context.Context, c *call, in *ReadLog) (*List[LogRow], error) {
	q, err := in.query(c, anAct, "")
	if err != nil {
		return nil, err
	}
	ask := freight.DeedQuery{Query: q, Done: true, Refused: true, Subject: in.Subject, Org: in.Org, Actor: in.Actor, Act: in.Act,
		From: instant(in.From), Until: instant(in.Until)}
	if in.Outcome != "" {
		ask.Done, ask.Refused = in.Outcome == "done", in.Outcome == "refused"
	}
	page, err := s.cfg.Reader.Deeds(ctx, ask)
	if err != nil {
		return nil, err
	}
	return showPage(s, c, page, func(d *freight.Deed) (LogRow, error) { return viewLogRow(d), nil })
}

func viewLogRow(d *freight.Deed) LogRow {
	row := LogRow{ID: d.ID, Seq: d.Seq, At: when(d.Made), Org: d.Org, Actor: d.Actor, Behalf: d.Behalf != "", Act: d.What.Act, Subject: d.What.Subject,
		Version: d.What.Version, Outcome: "done", Code: d.Code, Problem: d.Problem, Times: d.Times, State: d.Became.State, Present: d.Became.Version,
		Chain: hex.EncodeToString(d.Chain[:])}
	if d.Code != "" {
		row.Outcome, row.State, row.Present = "refused", d.Was.State, d.Was.Version
	}
	return row
}

func (s *server) logHead(ctx context.Context, c *call, _ *struct{}) (*struct{ Body LogHead }, error) {
	head, err := s.cfg.Reader.DeedHead(ctx, c.who.Market)
	if err != nil {
		return nil, err
	}
	chain := hex.EncodeToString(head.Hash[:])
	return &struct{ Body LogHead }{LogHead{Market: head.Market, Seq: head.Seq, Chain: chain, Head: head.String()}}, nil
}
