package dispatch

import (
	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
)

// actMetrics count the rows of the log of acts of what was done.
type actMetrics struct {
	head prometheus.Gauge
	rows *prometheus.CounterVec
}

func newActMetrics() actMetrics {
	return actMetrics{
		head: prometheus.NewGauge(prometheus.GaugeOpts{Name: "pinhuo_act_head", Help: "Number of the last row of the log of acts."}),
		rows: counters("pinhuo_acts_done_total", "Acts that were done and have a row in the log, by who did them: people, or the clocks and planners of the market.", "by"),
	}
}

func (m *actMetrics) register(reg prometheus.Registerer) { reg.MustRegister(m.head, m.rows) }

// done counts an act that was done.
func (m *actMetrics) done(actor freight.ID) {
	by := "people"
	if actor == "" {
		by = "market"
	}
	m.rows.WithLabelValues(by).Inc()
}
