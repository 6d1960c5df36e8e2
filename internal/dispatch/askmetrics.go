package dispatch

import (
	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// askMetrics count how operators are asked and answer.
type askMetrics struct {
	firstOffer prometheus.Histogram
	answer     *prometheus.HistogramVec
	perBooking prometheus.Histogram
	declines   *prometheus.CounterVec
	expiries   *prometheus.CounterVec
	byLane     prometheus.Counter
}

func newAskMetrics() askMetrics {
	waits := []float64{1, 5, 15, 60, 180, 300, 600, 900, 1800, 3600, 7200, 14400}
	return askMetrics{
		firstOffer: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pinhuo_first_offer_seconds", Help: "From posting a load to its first offer.", Buckets: waits}),
		answer: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "pinhuo_answer_seconds",
			Help: "From an offer, or its receipt where there was one, to the operator's answer, by what it was.", Buckets: waits}, []string{"answer"}),
		perBooking: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pinhuo_booking_offers", Help: "Offers made for a load until it was booked.", Buckets: []float64{1, 2, 3, 4, 6, 9, 12, 18, 24}}),
		declines:   counters("pinhuo_declines_total", "Offers declined, by the operator's reason.", "reason"),
		expiries:   counters("pinhuo_offer_expiries_total", "Offers whose clock ran out, by whether they had reached their operator: yes, no, or unknown where nobody says.", "received"),
		byLane:     prometheus.NewCounter(prometheus.CounterOpts{Name: "pinhuo_auto_accepts_total", Help: "Offers that a lane of their operator took by itself."}),
	}
}

func (m *askMetrics) register(reg prometheus.Registerer) {
	reg.MustRegister(m.firstOffer, m.answer, m.perBooking, m.declines, m.expiries, m.byLane)
}

// heard counts what an event of a committed round says about asking.
func (m *askMetrics) heard(e *freight.Event, round *book.Book) {
	l, o := round.Load(e.Facts.Load), round.Offer(e.Facts.Offer)
	switch {
	case l == nil || o == nil || e.Audience != o.Org:
	case e.Type == freight.EventOfferSent:
		if round.FirstOffer(l) == o.ID {
			m.firstOffer.Observe(seconds(e.At - l.Posted))
		}
	case e.Type == freight.EventOfferDeclined:
		m.declines.WithLabelValues(string(o.Reason)).Inc()
		m.answer.WithLabelValues("declined").Observe(seconds(e.At - max(o.Made, o.Received)))
	case e.Type == freight.EventOfferExpired:
		m.expiries.WithLabelValues(receipt(o)).Inc()
	case e.Type == freight.EventOfferRuled:
		m.byLane.Inc()
	case e.Type == freight.EventBookingFirm:
		m.perBooking.Observe(float64(max(1, round.Offered(l))))
		m.answer.WithLabelValues("accepted").Observe(seconds(e.At - max(o.Made, o.Received)))
	}
}

func receipt(o *freight.Offer) string {
	switch {
	case o.Received != 0:
		return "yes"
	case o.Latest != 0:
		return "no"
	}
	return "unknown"
}

func seconds(span freight.Instant) float64 { return float64(span) / float64(freight.Second) }
