package live

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"

	"pinhuo/freight"
	"pinhuo/internal/seed"
)

// Events that are committed between the read of a page and the join are
// neither lost nor sent twice.
func TestEventsBetweenReadAndJoin(t *testing.T) {
	w := begin(t, nil)
	w.publish("og_1", "og_1", "og_2")
	var pages atomic.Int64
	w.log.gate = func(after int64) {
		switch pages.Add(1) {
		case 1: // the page has been read: it ends at 2
			w.publish("og_1", "og_2", "og_1")
			w.routed(6)
		case 2:
			t.Errorf("a second page after %d", after)
		}
	}
	conn, _ := w.socket(member("og_1", "ss_1"), w.hub.cfg.Sealer.Seal("mk_1", "og_1", 0))
	w.expect(conn, 1, 2, 4, 6)
	w.publish("og_1")
	w.expect(conn, 7)
}

// An event that a session has read from history and that reaches the hub
// later is not sent again.
func TestEventReadBeforeItWasPublished(t *testing.T) {
	w := begin(t, nil)
	early := w.log.commit("og_1", "og_1")
	conn, _ := w.socket(member("og_1", "ss_1"), w.hub.cfg.Sealer.Seal("mk_1", "og_1", 0))
	w.expect(conn, 1, 2)
	w.caughtUp()
	w.hub.Publish(early)
	w.publish("og_1")
	w.expect(conn, 3)
}

func TestHistoryOfSeveralPages(t *testing.T) {
	w := begin(t, nil)
	const long = 3*pageEvents + 17
	for range long {
		w.publish("og_1")
	}
	conn, _ := w.socket(member("og_1", "ss_1"), w.hub.cfg.Sealer.Seal("mk_1", "og_1", 0))
	for seq := range int64(long) {
		w.expect(conn, seq+1)
	}
}

// More live events than can be held during a read that found nothing.
func TestBurstDuringAnEmptyRead(t *testing.T) {
	w := begin(t, func(c *Config) { c.QueueBytes = 8 << 10 })
	w.probe, _ = w.socket(member("og_probe", "ss_probe"), "")
	w.caughtUp()
	var pages atomic.Int64
	published := make(chan struct{})
	w.log.gate = func(int64) {
		if pages.Add(1) == 1 {
			for range 300 {
				w.publish("og_1")
			}
			w.pumped()
			close(published)
		}
	}
	conn, _ := w.socket(member("og_1", "ss_1"), "")
	<-published // the hello comes before the read
	w.expectAll(conn, "og_1", 0)
}

// routed waits until a session that reads history holds a live event.
func (w *world) routed(seq int64) {
	w.t.Helper()
	until(w.t, fmt.Sprint("event ", seq, " is held"), func() bool {
		reached := false
		w.hub.each(func(s *session) {
			s.mu.Lock()
			defer s.mu.Unlock()
			if n := len(s.held); n > 0 {
				reached = reached || s.held[n-1].seq >= seq
			}
		})
		return reached
	})
}

// More live events than can be held during one read: history is read on, and
// still each comes once.
func TestFastStreamDuringALongRead(t *testing.T) {
	w := begin(t, func(c *Config) { c.QueueBytes = 8 << 10 })
	w.probe, _ = w.socket(member("og_probe", "ss_probe"), "")
	w.caughtUp()
	for range pageEvents + 50 {
		w.publish("og_1")
	}
	var pages atomic.Int64
	w.log.gate = func(int64) {
		if pages.Add(1) <= 3 {
			for range 300 {
				w.publish("og_1")
			}
			w.pumped()
		}
	}
	conn, _ := w.socket(member("og_1", "ss_1"), w.hub.cfg.Sealer.Seal("mk_1", "og_1", 0))
	w.expectAll(conn, "og_1", 0)
	w.expect(conn, w.publish("og_1")[0].Seq)
}

// Clients of several organizations that lose their line again and again, at
// random moments, while events are published: each gets each event of its
// organization once and in order.
func TestRandomDisconnectsAndResumes(t *testing.T) {
	seed := seed.Of(t)
	const clients, events = 9, 1500
	w := begin(t, func(c *Config) { c.QueueBytes = 16 << 10 })
	orgs := []freight.ID{"og_1", "og_2", "og_3"}
	var all sync.WaitGroup
	for i := range clients {
		p := member(orgs[i%len(orgs)], freight.ID(fmt.Sprint("ss_", i)))
		chance := rand.New(rand.NewPCG(seed, uint64(i)))
		first := make(chan string)
		all.Go(func() { w.follow(p, chance, first, events+len(orgs)) })
		<-first
	}
	chance := rand.New(rand.NewPCG(seed, clients))
	for sent := 0; sent < events; {
		batch := make([]freight.ID, min(1+chance.IntN(20), events-sent))
		for i := range batch {
			batch[i] = orgs[chance.IntN(len(orgs))]
		}
		w.publish(batch...)
		sent += len(batch)
		if chance.IntN(50) == 0 {
			w.hub.each((*session).lose) // as when the hub fell behind
		}
	}
	w.publish(orgs...) // the last event of each, by which clients know the end
	all.Wait()
}

// follow reads the stream of a principal until it has every event of the log,
// breaking the line at random.
func (w *world) follow(p freight.Principal, chance *rand.Rand, first chan<- string, events int) {
	cursor, last := "", int64(0)
	for breaks := 0; ; breaks++ {
		conn, _, err := w.dial(&p, cursor, nil)
		if err != nil {
			w.t.Errorf("%s: dial: %v", p.Credential, err)
			return
		}
		more := 1 + chance.IntN(200) // frames until the line breaks
		for ; more > 0; more-- {
			f, err := next(conn)
			var told *websocket.CloseError
			if errors.As(err, &told) && told.Code == CloseSlow.Code {
				break
			}
			if err != nil {
				w.t.Errorf("%s: after event %d: %v", p.Credential, last, err)
				conn.Close()
				return
			}
			if f.Type == TypeBeat {
				continue
			}
			if f.Type == TypeHello {
				if breaks == 0 {
					first <- f.Data.Cursor
				}
				cursor = f.Data.Cursor
				continue
			}
			if w.log.after(p.Org, last) != f.Seq {
				w.t.Errorf("%s: event %d after %d", p.Credential, f.Seq, last)
				conn.Close()
				return
			}
			last, cursor = f.Seq, f.Cursor
			if w.done(p.Org, last, events) {
				conn.Close()
				return
			}
		}
		conn.Close()
		if w.done(p.Org, last, events) {
			return
		}
	}
}

// done tells whether all events were published and the audience has none after last.
func (w *world) done(org freight.ID, last int64, events int) bool {
	head, err := w.log.Head(w.t.Context(), "mk_1")
	return err == nil && head == int64(events) && w.log.after(org, last) == 0
}
