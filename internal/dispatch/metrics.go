package dispatch

import (
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
	"pinhuo/internal/book"
	"pinhuo/matcher/batch"
)

// Metrics counts what a market does. Label sets are closed.
type Metrics struct {
	rounds       prometheus.Counter
	commands     *prometheus.CounterVec
	batch        prometheus.Histogram
	roundTime    prometheus.Histogram
	commit       prometheus.Histogram
	publish      prometheus.Histogram
	commitFaults *prometheus.CounterVec
	queue        *prometheus.GaugeVec
	plans        prometheus.Gauge
	candidates   *prometheus.CounterVec
	byReason     map[freight.Reason]prometheus.Counter // of candidates
	found        prometheus.Histogram
	offers       *prometheus.CounterVec
	bookings     *prometheus.CounterVec
	saved        prometheus.Counter
	head         prometheus.Gauge
	tripsOpen    prometheus.Gauge
	atRisk       prometheus.Gauge
	unindexed    *prometheus.CounterVec
	pools        *prometheus.CounterVec
	leases       *prometheus.CounterVec
	tickets      *prometheus.CounterVec
	refused      *prometheus.CounterVec
	unlogged     prometheus.Counter
	ranOut       *prometheus.CounterVec
	poolPlan     prometheus.Histogram

	asking askMetrics
	acts   actMetrics

	batchTime     prometheus.Histogram
	batchColumns  prometheus.Gauge
	batchValue    prometheus.Gauge
	batchBound    prometheus.Gauge
	batchWaiting  prometheus.Gauge
	batchProposed *prometheus.CounterVec
}

// NewMetrics makes the metrics and registers them; nil leaves them unregistered.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	times := prometheus.ExponentialBuckets(0.0001, 2, 16)
	m := &Metrics{
		rounds:       prometheus.NewCounter(prometheus.CounterOpts{Name: "pinhuo_rounds_total", Help: "Rounds of the writer."}),
		commands:     counters("pinhuo_commands_total", "Commands by act and result code, ok when applied.", "act", "code"),
		batch:        prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pinhuo_round_commands", Help: "Commands in a round.", Buckets: prometheus.ExponentialBuckets(1, 2, 9)}),
		roundTime:    prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pinhuo_round_seconds", Help: "Time of a round, commit and publishing included.", Buckets: times}),
		commit:       prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pinhuo_commit_seconds", Help: "Time of the store's transaction.", Buckets: times}),
		publish:      prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pinhuo_publish_seconds", Help: "Time to hand a round's events to the hub.", Buckets: times}),
		commitFaults: counters("pinhuo_commit_faults_total", "Commits that failed, by what became of them.", "fault"),
		queue:        prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "pinhuo_queue_commands", Help: "Commands waiting, by lane."}, []string{"lane"}),
		plans:        prometheus.NewGauge(prometheus.GaugeOpts{Name: "pinhuo_plans", Help: "Loads and trips that wait for a planner or are being planned."}),
		candidates:   counters("pinhuo_candidates_total", "Candidates judged, by the reason they failed for, fits when they did not.", "reason"),
		found:        prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pinhuo_search_candidates", Help: "Candidates that the index proposed for one search.", Buckets: prometheus.ExponentialBuckets(1, 3, 10)}),
		offers:       counters("pinhuo_offers_total", "Offers by what became of them.", "outcome"),
		bookings:     counters("pinhuo_bookings_total", "Bookings by what became of them.", "outcome"),
		saved:        prometheus.NewCounter(prometheus.CounterOpts{Name: "pinhuo_saved_fen_total", Help: "Money saved, in fen: going alone less the share, of bookings whose share became final."}),
		head:         prometheus.NewGauge(prometheus.GaugeOpts{Name: "pinhuo_event_head", Help: "Number of the market's last event."}),
		unindexed:    counters("pinhuo_unindexed_total", "Trips and loads that could not be put into the index; always 0.", "kind"),
		leases:       counters("pinhuo_leases_total", "Loads and trips whose owner was asked whether they are still true, who said so, and who did not.", "kind", "outcome"),
		pools:        counters("pinhuo_pools_total", "Pools by what became of them.", "outcome"),
		tickets:      counters("pinhuo_ticket_events_total", "What befell tickets of the desk.", "event"),
		refused:      counters("pinhuo_refused_acts_total", "Acts of people that were refused and have a row in the log, by the problem that they were told.", "problem"),
		unlogged:     prometheus.NewCounter(prometheus.CounterOpts{Name: "pinhuo_refused_acts_unlogged_total", Help: "Refused acts that have no row of their own because their organization had too many in a minute."}),
		ranOut:       counters("pinhuo_clock_expiries_total", "Clocks that ran out and had an effect, by what they were for.", "clock"),
		poolPlan:     prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pinhuo_pool_plan_seconds", Help: "Time of one search for pools.", Buckets: times}),
		tripsOpen:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "pinhuo_trips_open", Help: "Trips that take loads."}),
		atRisk:       prometheus.NewGauge(prometheus.GaugeOpts{Name: "pinhuo_bookings_at_risk", Help: "Live bookings whose promise will be broken by what is known of their truck's way."}),
	}
	m.asking, m.acts = newAskMetrics(), newActMetrics()
	m.batchTime = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pinhuo_batch_seconds", Help: "Time of a round of the batch.", Buckets: times})
	m.batchColumns = prometheus.NewGauge(prometheus.GaugeOpts{Name: "pinhuo_batch_columns", Help: "Sets of loads on trips that the last round of the batch chose among."})
	m.batchValue = prometheus.NewGauge(prometheus.GaugeOpts{Name: "pinhuo_batch_value_fen", Help: "What the last packing is worth."})
	m.batchBound = prometheus.NewGauge(prometheus.GaugeOpts{Name: "pinhuo_batch_bound_fen", Help: "What no packing of the last round's sets is worth more than."})
	m.batchWaiting = prometheus.NewGauge(prometheus.GaugeOpts{Name: "pinhuo_batch_loads", Help: "Loads of the last round of the batch."})
	m.batchProposed = counters("pinhuo_batch_proposals_total", "Proposals of the batch by what the writer made of them.", "outcome")
	m.byReason = map[freight.Reason]prometheus.Counter{freight.NoReason: m.candidates.WithLabelValues("fits")}
	for _, r := range freight.Reasons {
		m.byReason[r] = m.candidates.WithLabelValues(string(r))
	}
	m.begin()
	if reg != nil {
		m.asking.register(reg)
		m.acts.register(reg)
		reg.MustRegister(m.rounds, m.commands, m.batch, m.roundTime, m.commit, m.publish, m.commitFaults, m.queue, m.plans,
			m.candidates, m.found, m.offers, m.bookings, m.head, m.saved, m.tripsOpen, m.atRisk, m.unindexed, m.pools, m.poolPlan, m.tickets, m.leases, m.refused, m.unlogged, m.ranOut,
			m.batchTime, m.batchColumns, m.batchValue, m.batchBound, m.batchWaiting, m.batchProposed)
	}
	return m
}

// begin makes the counters that rules watch stand at 0 before the first time: what appears
// as 1 has not increased for whoever looks on.
func (m *Metrics) begin() {
	for _, kind := range []string{freight.KindLoad, freight.KindTrip} {
		m.unindexed.WithLabelValues(kind)
	}
	for _, fault := range []freight.CommitFault{freight.CommitStale, freight.CommitFailed, freight.CommitUnknown, freight.CommitFenced} {
		m.commitFaults.WithLabelValues(string(fault))
	}
	for _, event := range []string{"opened", "taken", "escalated", "overdue", "done", "reopened", "closed"} {
		m.tickets.WithLabelValues(event)
	}
	for _, outcome := range []string{"sent", "repriced", "superseded", "accepted", "declined", "expired", "withdrawn"} {
		m.offers.WithLabelValues(outcome)
	}
	for _, clock := range []freight.ClockKind{freight.ClockOffer, freight.ClockAnswer, freight.ClockLoad, freight.ClockHold, freight.ClockPool, freight.ClockLease, freight.ClockTicket} {
		m.ranOut.WithLabelValues(string(clock))
	}
	for _, received := range []string{"yes", "no", "unknown"} {
		m.asking.expiries.WithLabelValues(received)
	}
	for _, answer := range []string{"accepted", "declined"} {
		m.asking.answer.WithLabelValues(answer)
	}
	for _, reason := range freight.Remembered {
		m.asking.declines.WithLabelValues(string(reason))
	}
	m.refused.WithLabelValues(string(freight.ProblemTaken))
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func (m *Metrics) round(batch []freight.Command, outcomes []Outcome, round *book.Book, took time.Duration) {
	m.rounds.Inc()
	m.batch.Observe(float64(len(batch)))
	m.roundTime.Observe(took.Seconds())
	m.head.Set(float64(round.EventSeq()))
	for i, cmd := range batch {
		code := "ok"
		if err := outcomes[i].Err; err != nil {
			code = string(freight.CodeOf(err))
		}
		m.commands.WithLabelValues(freight.NamingOf(cmd.Act).Act, code).Inc()
		if tick, ok := cmd.Act.(freight.Tick); ok && code == "ok" {
			m.ranOut.WithLabelValues(string(tick.Clock.Kind)).Inc()
		}
	}
	events := round.Events()
	for i, e := range events {
		m.event(e)
		m.asking.heard(&events[i], round)
		// A ticket's event is told to each side, one after the other.
		if again := i > 0 && events[i-1].Type == e.Type && events[i-1].Subject == e.Subject && events[i-1].Version == e.Version; e.Facts.Ticket != "" && !again {
			m.tickets.WithLabelValues(strings.TrimPrefix(string(e.Type), "pinhuo.ticket.")).Inc()
		}
	}
	for _, state := range round.Moved() {
		m.pools.WithLabelValues(string(state)).Inc()
	}
}

var offerOutcomes = map[freight.EventType]string{
	freight.EventOfferSent: "sent", freight.EventOfferRepriced: "repriced", freight.EventOfferSuperseded: "superseded",
}

var leaseOutcomes = map[freight.EventType][2]string{
	freight.EventLoadStill: {"load", "asked"}, freight.EventLoadKept: {"load", "kept"}, freight.EventLoadLapsed: {"load", "lapsed"},
	freight.EventTripStill: {"trip", "asked"}, freight.EventTripKept: {"trip", "kept"}, freight.EventTripLapsed: {"trip", "lapsed"},
	freight.EventTripAgain: {"drive", "asked"}, freight.EventTripReconfirmed: {"drive", "kept"}, freight.EventTripUnconfirmed: {"drive", "lapsed"},
}

func (m *Metrics) event(e freight.Event) {
	if outcome, ok := offerOutcomes[e.Type]; ok {
		m.offers.WithLabelValues(outcome).Inc()
		return
	}
	if of, ok := leaseOutcomes[e.Type]; ok {
		m.leases.WithLabelValues(of[0], of[1]).Inc()
		return
	}
	// The rest is told to both sides: counted once, at its own.
	switch {
	case e.Type == freight.EventOfferDeclined || e.Type == freight.EventOfferExpired || e.Type == freight.EventOfferWithdrawn:
		m.offers.WithLabelValues(e.Facts.State).Add(0.5)
	case e.Type == freight.EventBookingHeld:
		m.bookings.WithLabelValues("held").Add(0.5)
		m.offers.WithLabelValues("accepted").Add(0.5)
	case e.Type == freight.EventBookingFirm:
		m.bookings.WithLabelValues("firm").Add(0.5)
		if e.Facts.Expires == 0 { // a held one was counted when its offer was accepted
			m.offers.WithLabelValues("accepted").Add(0.5)
		}
	case e.Type == freight.EventBookingFinal:
		m.saved.Add(float64(max(0, e.Facts.Alone-e.Facts.Share)) / 2)
	case e.Type == freight.EventBookingReleased:
		m.bookings.WithLabelValues("released").Add(0.5)
	}
}

// candidate counts a verdict; it runs for every pair that is judged.
func (m *Metrics) candidate(r freight.Reason) { m.byReason[r].Inc() }

// packed notes a round of the batch.
func (m *Metrics) packed(s *scene, choice *batch.Choice, proposed int, took time.Duration) {
	m.batchTime.Observe(took.Seconds())
	m.batchColumns.Set(float64(choice.Columns))
	m.batchValue.Set(float64(choice.Value))
	m.batchBound.Set(float64(choice.Bound))
	m.batchWaiting.Set(float64(len(s.waiting)))
	m.batchProposed.WithLabelValues("made").Add(float64(proposed))
}

// proposed counts what the writer made of a proposal of the batch.
func (m *Metrics) proposed(err error) {
	outcome := "taken"
	if err != nil {
		outcome = "stale"
	}
	m.batchProposed.WithLabelValues(outcome).Inc()
}

// logged counts the rows of the log of acts that a round wrote, and refused acts that it
// left out of them; head is the number of the last row.
func (m *Metrics) logged(rows []freight.Deed, omitted, head int64) {
	m.acts.head.Set(float64(head))
	for i := range rows {
		if rows[i].Code == "" {
			m.acts.done(rows[i].Actor)
		} else if rows[i].What.Act != freight.ActOmitted {
			m.refused.WithLabelValues(string(rows[i].Problem)).Inc()
		}
	}
	m.unlogged.Add(float64(omitted))
}

func (m *Metrics) searched(n int) { m.found.Observe(float64(n)) }
