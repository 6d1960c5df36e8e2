package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// DelayTerms tell how late a trip is.
type DelayTerms struct {
	LateS int64            `json:"late_s" doc:"Seconds behind the plan by now, in all; at most a day. 0: on time again"`
	At    time.Time        `json:"at,omitzero" doc:"When it was so, by the clock of what tells it; now when left out. Up to 2 days ago; what is older than what is known changes nothing"`
	Why   freight.DelayWhy `json:"why,omitempty" enum:"traffic,dock,weather,truck,other" doc:"What holds it up; dock: waiting to be loaded or unloaded"`
	Text  string           `json:"text,omitempty" maxLength:"200" doc:"In the words of who tells it"`
}

// DelayTrip tells how late a trip is.
type DelayTrip struct {
	Named
	Keyed
	Body DelayTerms
}

// Delay is how late a trip was told to be.
type Delay struct {
	LateS  int64            `json:"late_s" doc:"Seconds behind the plan; 0: on time again"`
	At     time.Time        `json:"at" doc:"When it was so, by the clock of what told it"`
	ToldAt time.Time        `json:"told_at" doc:"When the exchange heard of it"`
	Why    freight.DelayWhy `json:"why,omitempty" enum:"traffic,dock,weather,truck,other"`
	Text   string           `json:"text,omitempty"`
}

// Forecast is when the truck of a booking is expected, by what was last told of its way.
type Forecast struct {
	LateS  int64     `json:"late_s" doc:"Seconds that the truck was behind its plan"`
	At     time.Time `json:"at" doc:"When it was"`
	Pickup time.Time `json:"pickup_at,omitzero" doc:"Service is expected to begin; left out once the truck should have been there"`
	Drop   time.Time `json:"drop_at,omitzero" doc:"Likewise"`
}

func (s *server) delays() {
	handle(s, huma.Operation{
		OperationID: "delay-trip", Method: http.MethodPost, Path: "/v1/trips/{id}/delay", Tags: []string{"trips"},
		Summary: "Tell how late a trip under way is: what lies ahead is forecast, and nothing that was promised changes; told twice, it is answered alike",
	}, mayHaul, s.delayTrip)
}

func (s *server) delayTrip(ctx context.Context, c *call, in *DelayTrip) (*One[Trip], error) {
	act := freight.DelayTrip{Trip: in.ID, LateS: in.Body.LateS, At: instant(in.Body.At), Why: in.Body.Why, Text: in.Body.Text}
	return about(aTrip, in.ID, func() (*One[Trip], error) { return s.changeTrip(ctx, c, in.Key, act) })
}

func viewDelay(r *freight.Road) *Delay {
	if r == nil {
		return nil
	}
	return &Delay{LateS: r.LateS, At: when(r.At), ToldAt: when(r.Got), Why: r.Why, Text: r.Text}
}

// expected puts beside the calls of a plan when they are to be expected.
func expected(calls []Call, r *freight.Road) {
	if r == nil {
		return
	}
	for k := r.From; k < len(calls) && k-r.From < len(r.Ahead); k++ {
		a := r.Ahead[k-r.From]
		calls[k].ExpectedAt, calls[k].ExpectedLeave = when(a.Start), when(a.Leave)
	}
}

// risk tells of a live booking whose promise is at risk.
func (out *Booking) risk(b *freight.Booking) {
	if b.Live() {
		out.AtRisk, out.DeskAt = when(b.Custody.Risk.Since), when(b.Custody.Risk.Until)
	}
}

// viewForecast is of a booking that is firm or aboard; nil where nothing was told of its
// truck's way.
func viewForecast(b *freight.Booking, t *freight.Trip) *Forecast {
	if t.Road == nil || b.State != freight.BookingFirm && b.State != freight.BookingAboard {
		return nil
	}
	pickup, drop := t.Expected(b.Load)
	if b.State == freight.BookingAboard {
		pickup = 0
	}
	return &Forecast{LateS: t.Road.LateS, At: when(t.Road.At), Pickup: when(pickup), Drop: when(drop)}
}
