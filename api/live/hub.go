package live

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"pinhuo/freight"
)

const (
	wheelSlots = 25               // the heartbeat of all sockets is spread over so many ticks
	recheck    = 30 * time.Second // between two looks at the credentials of open sockets
	readers    = 4                // sessions that read history at a time
)

// tenant is an organization in its market: whom an event is meant for.
type tenant struct{ market, org freight.ID }

// Hub holds the open sockets and brings committed events to them.
type Hub struct {
	cfg      Config
	metrics  *metrics
	upgrader websocket.Upgrader
	intake   *intake
	readers  chan struct{}      // one element per session that reads history
	life     context.Context    // ends with Run
	stop     context.CancelFunc // ends life
	routines sync.WaitGroup     // readers and writers of sessions
	gone     chan struct{}      // capacity 1: a session has left

	mu       sync.RWMutex
	wheel    [wheelSlots]map[*session]struct{} // every session
	turn     int                               // slot of the next session
	tenants  map[tenant]map[*session]struct{}  // those that are sent events
	places   map[tenant]int                    // taken, handshakes included
	taken    int                               // sum of places
	away     int                               // sessions that are only told why they are closed
	stopping bool
	revoked  map[freight.ID]time.Time // lately, so that a handshake under way does not slip through
}

// New returns a hub; nothing flows until Run. It fails when a required part is
// missing or the metrics are registered already.
func New(cfg Config) (*Hub, error) {
	if cfg.History == nil || cfg.Render == nil || cfg.Sealer == nil {
		return nil, errors.New("live: History, Render and Sealer are required")
	}
	cfg.fill()
	m, err := newMetrics(cfg.Metrics)
	if err != nil {
		return nil, err
	}
	h := &Hub{
		cfg: cfg, metrics: m, upgrader: newUpgrader(), intake: newIntake(intakeMost),
		readers: make(chan struct{}, readers), gone: make(chan struct{}, 1),
		tenants: map[tenant]map[*session]struct{}{}, places: map[tenant]int{}, revoked: map[freight.ID]time.Time{},
	}
	for i := range h.wheel {
		h.wheel[i] = map[*session]struct{}{}
	}
	h.life, h.stop = context.WithCancel(context.Background())
	return h, nil
}

// MostClients is how many sockets the limit of open files allows.
func MostClients() int { return max(descriptors()-descriptorsSpare, 1) }

// fill puts defaults where nothing is set.
func (c *Config) fill() {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	most := MostClients()
	if c.MaxClients <= 0 || c.MaxClients > most {
		c.MaxClients = most
	}
	if c.MaxPerOrg <= 0 {
		c.MaxPerOrg = 1000
	}
	if c.QueueBytes <= 0 {
		c.QueueBytes = 512 << 10
	}
	if c.Heartbeat <= 0 {
		c.Heartbeat = 25 * time.Second
	}
	if c.FrameTimeout <= 0 {
		c.FrameTimeout = 10 * time.Second
	}
}

// Run moves events to sockets, keeps the heartbeat and re-checks credentials
// until the context ends; then every socket that is still open is cut. It is
// called once.
func (h *Hub) Run(ctx context.Context) error {
	var own sync.WaitGroup
	own.Go(func() { h.pump(ctx) })
	own.Go(func() { h.tick(ctx) })
	own.Go(func() { h.recheck(ctx) })
	<-ctx.Done()
	h.close()
	h.stop()
	h.cut()
	own.Wait()
	h.routines.Wait()
	return nil
}

// Publish takes events after their commit, in commit order. It never blocks
// and never loses: what it cannot keep, sockets read from history.
func (h *Hub) Publish(events []freight.Event) {
	h.metrics.published.Add(float64(len(events)))
	if !h.intake.put(events) {
		h.metrics.overflows.Inc()
	}
}

// Missed has all sockets read history: events may be committed that were not
// published. It never blocks.
func (h *Hub) Missed() { h.intake.lose() }

// pump brings what was published to the sockets.
func (h *Hub) pump(ctx context.Context) {
	for {
		select {
		case <-h.intake.wake:
		case <-ctx.Done():
			return
		}
		events, lost := h.intake.take()
		if lost {
			h.cfg.Log.Warn("stream: events were not brought here; sockets read history")
			h.each((*session).lose)
		}
		for _, e := range events {
			h.route(e)
		}
	}
}

// route brings one event to the sockets of its audience, rendered once for
// each role among them.
func (h *Hub) route(e freight.Event) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	sockets := h.tenants[tenant{e.Market, e.Audience}]
	if len(sockets) == 0 {
		return
	}
	frames := map[freight.Role]*frame{}
	for s := range sockets {
		f, ok := frames[s.who.Role]
		if !ok {
			var err error
			if f, err = h.render(e, s.who); err != nil {
				h.cfg.Log.Error("stream", "error", err)
			}
			frames[s.who.Role] = f
		}
		if f == nil {
			s.finish(CloseInternal)
			continue
		}
		s.offer(f)
	}
}

// each does something to every session.
func (h *Hub) each(do func(*session)) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, slot := range h.wheel {
		for s := range slot {
			do(s)
		}
	}
}
