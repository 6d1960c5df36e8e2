package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Split is who pays how much of a trip, without names.
type Split struct {
	BookingID freight.ID    `json:"booking_id"`
	TripID    freight.ID    `json:"trip_id"`
	DueFen    freight.Fen   `json:"due_fen" doc:"What the carrier gets: the shares and the fees, to the fen"`
	FeesFen   freight.Fen   `json:"fees_fen" doc:"Owed by those who have left"`
	OwnFen    freight.Fen   `json:"own_fen" doc:"The share of the booking asked about"`
	SharesFen []freight.Fen `json:"shares_fen" doc:"Of everybody who rides, the largest first"`
	Final     bool          `json:"final" doc:"The share of the booking moves no more"`
}

// StatementLine is what one booking comes to between two firms.
type StatementLine struct {
	BookingID freight.ID           `json:"booking_id"`
	TripID    freight.ID           `json:"trip_id"`
	LoadID    freight.ID           `json:"load_id"`
	PickupAt  time.Time            `json:"pickup_at" doc:"As booked: it decides the month"`
	State     freight.BookingState `json:"state" enum:"held,firm,aboard,handed_over,proven,released,returned"`
	What      string               `json:"what" enum:"share,fee,nothing" doc:"What is owed: the share of a rider, a fee, or nothing"`
	From      string               `json:"from" doc:"Town"`
	To        string               `json:"to" doc:"Town"`
	Goods     string               `json:"goods"`
	Ref       string               `json:"ref,omitempty" doc:"The reader's own reference of the load or the trip"`
	Shipper   Party                `json:"shipper"`
	Carrier   Party                `json:"carrier"`
	PriceFen  freight.Fen          `json:"price_fen" doc:"Agreed with the carrier"`
	PayerID   freight.ID           `json:"payer_id,omitempty"`
	PayeeID   freight.ID           `json:"payee_id,omitempty"`
	AmountFen freight.Fen          `json:"amount_fen" doc:"What the payer owes the payee"`
	SavedFen  freight.Fen          `json:"saved_fen" doc:"Against going alone, for who rides"`
	Final     bool                 `json:"final" doc:"The amount moves no more"`
}

// Statement is what a month comes to for a firm, or for the whole market when the
// desk asks. No money is moved by it.
type Statement struct {
	Month   string          `json:"month"`
	PaysFen freight.Fen     `json:"pays_fen" doc:"Owed by the organization; for the desk, by everybody"`
	GetsFen freight.Fen     `json:"gets_fen" doc:"Owed to the organization; for the desk, to everybody"`
	OpenFen freight.Fen     `json:"open_fen" doc:"Of both, what may still change"`
	Lines   []StatementLine `json:"lines" doc:"Newest booking first"`
}

// AskMonth names a month.
type AskMonth struct {
	Month string `query:"month" required:"true" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" doc:"Of the pickups, in the market's time zone: 2026-11"`
}

func (s *server) statements() {
	handle(s, huma.Operation{
		OperationID: "get-split", Method: http.MethodGet, Path: "/v1/bookings/{id}/split", Tags: []string{"bookings"},
		Summary: "Who pays how much of the trip of a booking: amounts without names",
	}, mayRead, s.getSplit)
	handle(s, huma.Operation{
		OperationID: "booking-statement", Method: http.MethodGet, Path: "/v1/bookings/{id}/statement", Tags: []string{"bookings"},
		Summary: "What one booking comes to",
	}, mayRead, s.bookingStatement)
	handle(s, huma.Operation{
		OperationID: "get-statement", Method: http.MethodGet, Path: "/v1/statements", Tags: []string{"bookings"},
		Summary: "What a month comes to, for both sides; for the desk, the settlement of the whole market",
	}, mayRead, s.getStatement)
	handle(s, huma.Operation{
		OperationID: "statement-csv", Method: http.MethodGet, Path: "/v1/statements/csv", Tags: []string{"bookings"},
		Summary: "The same as CSV for a spreadsheet, which takes no cell of it for a formula",
	}, mayRead, s.statementCSV)
}

func (s *server) getSplit(ctx context.Context, c *call, in *Named) (*One[Split], error) {
	return about(aBooking, in.ID, func() (*One[Split], error) {
		sharing, seq, err := s.cfg.Reader.Sharing(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		b := &sharing.Booking
		return one(s, c, b.Version, seq, Split{BookingID: b.ID, TripID: b.Trip, DueFen: sharing.Due, FeesFen: sharing.Fees, OwnFen: b.Share,
			SharesFen: append([]freight.Fen{}, sharing.Shares...), Final: b.Final != 0}), nil
	})
}

func (s *server) bookingStatement(ctx context.Context, c *call, in *Named) (*One[StatementLine], error) {
	return about(aBooking, in.ID, func() (*One[StatementLine], error) {
		deal, seq, err := s.cfg.Reader.Booking(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		return one(s, c, deal.Booking.Version, seq, viewLineOf(c.scope(), &deal)), nil
	})
}

func (s *server) getStatement(ctx context.Context, c *call, in *AskMonth) (*One[Statement], error) {
	out, seq, err := s.statement(ctx, c, in.Month)
	if err != nil {
		return nil, err
	}
	return one(s, c, 0, seq, *out), nil
}

func (s *server) statementCSV(ctx context.Context, c *call, in *AskMonth) (*Text, error) {
	out, _, err := s.statement(ctx, c, in.Month)
	if err != nil {
		return nil, err
	}
	return &Text{"text/csv; charset=utf-8", `attachment; filename="statement-` + in.Month + `.csv"`, statementText(out, c.lang, s.zone(ctx, c.who.Market))}, nil
}

// statement reads every booking of a month that the scope is a side of.
func (s *server) statement(ctx context.Context, c *call, month string) (*Statement, int64, error) {
	begin, err := time.ParseInLocation("2006-01", month, s.zone(ctx, c.who.Market))
	if err != nil {
		return nil, 0, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "month", Value: freight.Shorten(month), Cause: err}
	}
	q := freight.Query{Scope: c.scope(), Limit: 200, From: instant(begin), To: instant(begin.AddDate(0, 1, 0))}
	out := &Statement{Month: month, Lines: []StatementLine{}}
	for {
		page, err := s.cfg.Reader.Bookings(ctx, q)
		if err != nil {
			return nil, 0, fmt.Errorf("statement: %w", err)
		}
		for i := range page.Rows {
			out.add(q.Scope, viewLineOf(q.Scope, &page.Rows[i]))
		}
		if page.Next == "" {
			return out, page.Seq, nil
		}
		q.After = page.Next
	}
}

// add puts a line on the statement and into its sums.
func (st *Statement) add(scope freight.Scope, l StatementLine) {
	st.Lines = append(st.Lines, l)
	if scope.Desk || l.PayerID == scope.Org {
		st.PaysFen += l.AmountFen
	}
	if scope.Desk || l.PayeeID == scope.Org {
		st.GetsFen += l.AmountFen
	}
	if !l.Final {
		st.OpenFen += l.AmountFen
	}
}

// viewLineOf shows what a booking comes to: the shipper owes the carrier his share, or
// one of them the other a fee.
func viewLineOf(scope freight.Scope, d *freight.Deal) StatementLine {
	b := d.Booking
	rel := relationTo(scope, b.Shipper, ofParty)
	l := StatementLine{
		BookingID: b.ID, TripID: b.Trip, LoadID: b.Load, PickupAt: when(b.PickupETA), State: b.State, What: "nothing",
		From: d.Load.Pickup.Place.Town, To: d.Load.Delivery.Place.Town, Goods: d.Load.Goods, PriceFen: b.Price,
		Shipper: rel.party(d.Shipper), Carrier: relationTo(scope, b.Org, ofParty).party(d.Carrier), Final: b.Final != 0,
	}
	if l.Ref = d.Load.Ref; rel < ofOwn {
		l.Ref = d.Trip.Ref
	}
	switch {
	case b.State == freight.BookingHeld:
	case b.State != freight.BookingReleased && b.State != freight.BookingReturned:
		l.What, l.PayerID, l.PayeeID, l.AmountFen, l.SavedFen = "share", b.Shipper, b.Org, b.Share, b.Alone-b.Share
	case b.Fee > 0:
		l.What, l.PayerID, l.PayeeID, l.AmountFen, l.Final = "fee", b.Shipper, b.Org, b.Fee, true
		if b.FeeBy == b.Org {
			l.PayerID, l.PayeeID = b.Org, b.Shipper
		}
	default:
		l.Final = true
	}
	return l
}

// statementHead are the columns of a statement, amounts in yuan.
var statementHead = [2][]string{
	{"提货", "成交号", "行程号", "自编号", "起", "讫", "货物", "货主", "承运", "成交价(元)", "名目", "付款方", "收款方", "金额(元)", "已定"},
	{"pickup", "booking", "trip", "reference", "from", "to", "goods", "shipper", "carrier", "price (CNY)", "what", "payer", "payee", "amount (CNY)", "final"},
}

var statementWords = map[string][2]string{
	"share": {"运费分摊", "share"}, "fee": {"违约费", "fee"}, "nothing": {"无", "nothing"}, "true": {"是", "yes"}, "false": {"否", "no"},
}

// statementText writes a statement for a spreadsheet, with the mark by which it knows UTF-8.
func statementText(st *Statement, l lang, zone *time.Location) []byte {
	var text bytes.Buffer
	text.WriteString("\ufeff")
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	rows := [][]string{statementHead[l]}
	for i := range st.Lines {
		line := &st.Lines[i]
		name := map[freight.ID]string{line.Shipper.ID: line.Shipper.Name, line.Carrier.ID: line.Carrier.Name}
		rows = append(rows, []string{
			line.PickupAt.In(zone).Format("2006-01-02 15:04"), cell(string(line.BookingID)), cell(string(line.TripID)), cell(line.Ref), cell(line.From), cell(line.To),
			cell(line.Goods), cell(line.Shipper.Name), cell(line.Carrier.Name), line.PriceFen.String(), statementWords[line.What][l],
			cell(name[line.PayerID]), cell(name[line.PayeeID]), line.AmountFen.String(), statementWords[fmt.Sprint(line.Final)][l],
		})
	}
	_ = w.WriteAll(rows) // a buffer takes everything
	return text.Bytes()
}
