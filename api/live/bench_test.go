package live

import (
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"pinhuo/freight"
)

// BenchmarkFanOut publishes one event to all sockets of an organization and
// waits until each has it; the clients read on the same machine.
func BenchmarkFanOut(b *testing.B) {
	for _, sockets := range []int{1, 100, 1000} {
		b.Run(fmt.Sprint("sockets=", sockets), func(b *testing.B) {
			w := begin(b, func(c *Config) { c.MaxPerOrg, c.Heartbeat = sockets, time.Hour })
			var got, want atomic.Int64
			all := make(chan struct{}, 1)
			for range sockets {
				conn, _ := w.socket(member("og_1", "ss_1"), "")
				go func() {
					for {
						_, r, err := conn.NextReader()
						if err != nil {
							return
						}
						if _, err := io.Copy(io.Discard, r); err != nil {
							return
						}
						if got.Add(1) == want.Load() {
							all <- struct{}{}
						}
					}
				}()
			}
			w.caughtUp()
			for b.Loop() {
				want.Add(int64(sockets))
				w.publish("og_1")
				<-all
			}
			b.ReportMetric(float64(want.Load())/b.Elapsed().Seconds(), "frames/s")
			if n := testutil.ToFloat64(w.hub.metrics.closes.WithLabelValues("4429")); n != 0 {
				b.Fatalf("%v sockets were closed as slow", n)
			}
		})
	}
}

// BenchmarkPublish is what an event costs the writer whose audience nobody
// listens for, or somebody does.
func BenchmarkPublish(b *testing.B) {
	for name, audience := range map[string]freight.ID{"nobody": "og_2", "somebody": "og_1"} {
		b.Run(name, func(b *testing.B) {
			w := begin(b, func(c *Config) { c.QueueBytes = 1 << 30 })
			conn, _ := w.socket(member("og_1", "ss_1"), "")
			go func() {
				for {
					if _, _, err := conn.NextReader(); err != nil {
						return
					}
				}
			}()
			events := w.log.commit(audience)
			for b.Loop() {
				w.hub.Publish(events)
			}
		})
	}
}
