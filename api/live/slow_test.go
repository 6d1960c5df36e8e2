package live

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
)

// holdUp stops the line to the socket of p, and returns what frees it.
func (w *world) holdUp(p freight.Principal) (release func()) {
	w.t.Helper()
	w.hub.each(func(s *session) {
		if s.who.Credential == p.Credential {
			l := s.conn.NetConn().(*line)
			l.hold()
			release = l.release
		}
	})
	if release == nil {
		w.t.Fatalf("%s has no socket", p.Credential)
	}
	return release
}

// renderWide makes frames that soon fill a queue.
func renderWide(e freight.Event, p freight.Principal, cursor string) ([]byte, error) {
	return json.Marshal(testFrame{Type: string(e.Type), Cursor: cursor, Seq: e.Seq, Org: p.Org, Pad: strings.Repeat("x", 32<<10)})
}

func TestSlowReaderIsClosedAndDelaysNobody(t *testing.T) {
	w := begin(t, func(c *Config) { c.Render, c.QueueBytes, c.FrameTimeout = renderWide, 1<<20, time.Minute })
	slow, _ := w.socket(member("og_1", "ss_slow"), "")
	quick, _ := w.socket(member("og_1", "ss_quick"), "")
	w.caughtUp()
	release := w.holdUp(member("og_1", "ss_slow"))
	stuck := func() (yes bool) {
		w.hub.each(func(s *session) {
			s.mu.Lock()
			defer s.mu.Unlock()
			yes = yes || s.who.Credential == "ss_slow" && s.ending != nil && s.writing
		})
		return yes
	}
	sent := int64(0)
	for ; !stuck(); sent++ {
		if sent > 10_000 {
			t.Fatal("a client that reads nothing is never slow")
		}
		w.publish("og_1")
		w.expect(quick, sent+1)
	}
	// The writer still sits in the slow client's line, and the others go on.
	for range 20 {
		w.publish("og_1")
		sent++
		w.expect(quick, sent)
	}
	if !stuck() {
		t.Fatal("the slow client's writer does not wait any more")
	}
	release()
	told, last := w.closed(slow)
	if told.Code != CloseSlow.Code || !strings.Contains(told.Text, "retry_ms=") {
		t.Fatalf("closed with %v", told)
	}
	again, _ := w.socket(member("og_1", "ss_slow"), last.Cursor)
	for seq := last.Seq + 1; seq <= sent; seq++ {
		w.expect(again, seq)
	}
}

// A client whose line takes nothing at all is cut when a frame's time is up.
func TestStuckReaderIsCut(t *testing.T) {
	w := begin(t, func(c *Config) { c.Render, c.QueueBytes, c.FrameTimeout = renderWide, 64<<20, 50*time.Millisecond })
	w.socket(member("og_1", "ss_stuck"), "")
	w.caughtUp()
	w.holdUp(member("og_1", "ss_stuck"))
	for range 200 {
		w.publish("og_1")
	}
	until(t, "the stuck socket is gone", func() bool { return w.hub.count() == 0 })
}

// A long history is no reason to be called slow, however small the queue is.
func TestLongHistoryThroughASmallQueue(t *testing.T) {
	w := begin(t, func(c *Config) { c.Render, c.QueueBytes = renderWide, 128<<10 })
	const long = pageEvents + 17
	for range long {
		w.publish("og_1", "og_2")
	}
	w.log.gate = func(after int64) {
		if after == 2*pageEvents-1 { // the last page has been read, and here is one more
			w.publish("og_1")
			w.routed(2*long + 1)
		}
	}
	conn, _ := w.socket(member("og_1", "ss_1"), w.hub.cfg.Sealer.Seal("mk_1", "og_1", 0))
	for i := range int64(long) {
		w.expect(conn, 2*i+1)
	}
	w.publish("og_1")
	w.expect(conn, 2*long+1, 2*long+2)
}
