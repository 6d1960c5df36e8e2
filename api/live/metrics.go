package live

import (
	"fmt"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// Results of a client's wish to resume, as metrics name them.
const (
	resumed  = "resumed"
	reloaded = "reload"
	rejected = "rejected"
)

// metrics are what the hub counts; every label set is closed.
type metrics struct {
	resumes    *prometheus.CounterVec
	closes     *prometheus.CounterVec
	refused    *prometheus.CounterVec
	published  prometheus.Counter
	overflows  prometheus.Counter
	frames     prometheus.Counter
	misrouted  prometheus.Counter
	queueBytes atomic.Int64
	clients    atomic.Int64
}

func newMetrics(to prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	vector := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	}
	m := &metrics{
		resumes:   vector("pinhuo_stream_resumes_total", "Sockets that came with a cursor, by what became of it.", "result"),
		closes:    vector("pinhuo_stream_closes_total", "Sockets that ended, by close code.", "code"),
		refused:   vector("pinhuo_stream_refused_total", "Handshakes refused before the upgrade, by reason.", "reason"),
		published: counter("pinhuo_stream_events_published_total", "Committed events handed to the hub."),
		overflows: counter("pinhuo_stream_intake_overflows_total", "Times the hub fell behind and sockets read history instead."),
		frames:    counter("pinhuo_stream_frames_sent_total", "Frames written to sockets, pings included."),
		misrouted: counter("pinhuo_stream_misrouted_total", "Frames held back at send because they were meant for another organization; always 0."),
	}
	for _, result := range [...]string{resumed, reloaded, rejected} {
		m.resumes.WithLabelValues(result)
	}
	for _, c := range Closes {
		m.closes.WithLabelValues(codeLabel(c.Code))
	}
	for _, reason := range [...]string{refusedFull, refusedOrg, refusedStopping} {
		m.refused.WithLabelValues(reason)
	}
	if to == nil {
		return m, nil
	}
	for _, c := range [...]prometheus.Collector{
		m.resumes, m.closes, m.refused, m.published, m.overflows, m.frames, m.misrouted,
		gauge("pinhuo_stream_clients", "Open sockets.", &m.clients),
		gauge("pinhuo_stream_queue_bytes", "Bytes waiting for all sockets.", &m.queueBytes),
	} {
		if err := to.Register(c); err != nil {
			return nil, fmt.Errorf("live: metrics: %w", err)
		}
	}
	return m, nil
}

func gauge(name, help string, of *atomic.Int64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(of.Load()) })
}
