package dispatch

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/internal/book"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// Config is what an engine is made of. Observer may be nil.
type Config struct {
	Market    freight.ID
	Holder    string // who holds the market's lease, for the refusal others get
	Store     Store
	Publisher Publisher
	Router    geo.Router
	Costs     freight.Costs
	Fees      freight.Fees        // none where it is empty
	Leases    freight.Leases      // none where it is empty
	Duty      freight.Duty        // of trips that state none
	Bans      *freight.BanMap     // where trucks may not be; nil for nowhere
	Remedies  freight.RemedyTable // the built-in one where it is empty
	Batch     Batch
	Mint      freight.Minter
	Log       *slog.Logger
	Metrics   *Metrics
	Observer  Observer
	Pools     time.Duration // between two searches for pools, 0 for none; for a Dispatcher
	Reloads   time.Duration // between two looks at what trucks could carry home, 0 for none; for a Dispatcher
	Idle      time.Duration // after which a trip without loads is told why, 0 for never
	TopOff    bool          // trucks that are under way may turn off the drive they are on
	Receipts  bool          // the clock of an offer begins when it has reached its operator
	Ghosts    bool          // who does not keep his word is asked later
	Silent    bool          // drivers are asked only while their trucks stand
	PoolAfter time.Duration // how long a load waits for a truck that passes by before it is pooled
}

// Engine is the writer of one market. Round is for one goroutine; Prepare and
// Plan may run beside it and beside each other.
type Engine struct {
	cfg    Config
	market freight.Market
	epoch  int64

	guide        Guide // the router, where it is of more than one method
	tripRemedies freight.RemedyTable

	symmetric bool          // the router's drives take as long either way
	floor     matcher.Floor // what the router promises, where it is of one method

	// Owned by the goroutine that calls Round.
	at     freight.Instant // of the last commit
	live   *book.Book
	clocks clocks
	queued []book.Need
	rules  *book.Env
	life   life

	logbook logbook // of refused acts

	clock atomic.Int64                  // at, for whoever asks beside the writer
	desks atomic.Pointer[[]freight.ID]  // as last heard of
	costs atomic.Pointer[freight.Costs] // of the present version

	packer packer // owned by the goroutine that calls Improve

	turns turns // where trucks can turn

	// What planners read; replaced whole after a reload.
	board atomic.Pointer[board]
}

// Open takes the market's lease and loads what is live. It fails with a
// *freight.Error when another server holds the lease.
func Open(ctx context.Context, cfg Config) (*Engine, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Metrics == nil {
		cfg.Metrics = NewMetrics(nil)
	}
	if cfg.Remedies.Version == "" {
		cfg.Remedies = freight.DefaultRemedies()
	}
	state, err := cfg.Store.Acquire(ctx, cfg.Market, cfg.Holder)
	if err != nil {
		return nil, fmt.Errorf("acquire market: %w", err)
	}
	e := &Engine{cfg: cfg, market: state.Market, epoch: state.Epoch, tripRemedies: freight.DefaultTripRemedies()}
	e.guide, _ = cfg.Router.(Guide)
	if r, ok := cfg.Router.(interface{ Symmetric() bool }); ok {
		e.symmetric = r.Symmetric()
	}
	e.floor = floorOf(cfg.Router)
	e.restore(state)
	return e, nil
}

// Market returns the market that the engine runs.
func (e *Engine) Market() freight.Market { return e.market }

// Trip returns a live trip as it is now, nil when there is none; for whoever runs the
// rounds. The value is immutable.
func (e *Engine) Trip(id freight.ID) *freight.Trip { return e.live.Trip(id) }

// restore builds everything in memory from the store's state and asks the
// planners to look at all of it once.
func (e *Engine) restore(state freight.State) {
	e.setAt(state.At)
	e.desks.Store(&state.Desks)
	e.rules = e.env()
	e.live = book.New(e.rules, state)
	e.costs.Store(e.live.Costs())
	e.board.Store(newBoard(state.Gone))
	e.clocks = clocks{}
	e.clocks.add(e.live.Clocks())
	e.queued = nil
	e.index(e.live)
	for _, id := range e.live.Touched() {
		if l := e.live.Load(id); l != nil && l.State == freight.LoadPosted {
			e.queued = append(e.queued, book.Need{Kind: book.NeedTrips, ID: id, First: l.First})
		}
	}
	e.cfg.Metrics.head.Set(float64(state.EventSeq))
	e.cfg.Metrics.acts.head.Set(float64(state.DeedSeq))
}

func (e *Engine) env() *book.Env {
	env := &book.Env{Market: e.market, Desks: *e.desks.Load(), Costs: &e.cfg.Costs, Fees: &e.cfg.Fees, Leases: &e.cfg.Leases, Duty: e.cfg.Duty, Bans: e.cfg.Bans, Measure: e.Measure, By: e.by(), Turn: e.turn(), Mint: e.cfg.Mint, Ghosts: e.cfg.Ghosts, Asking: e.asking(), Expiry: outreach.Expiry, Idle: freight.Instant(e.cfg.Idle.Milliseconds()),
		Consent: outreach.ConsentBy, Tender: outreach.TenderBy, PoolNotice: outreach.PoolNotice, PoolLead: outreach.PoolLead}
	if e.cfg.Receipts {
		env.Latest = outreach.Latest
	}
	return env
}

func (e *Engine) fit(now freight.Instant) *matcher.Fit {
	return &matcher.Fit{Costs: e.costs.Load(), Duty: e.cfg.Duty, Measure: e.Measure, By: e.by(), Now: now, Symmetric: e.symmetric, Floor: e.floor, Floors: e.floors(), Turn: e.turn()}
}

// Prepare does on the caller's goroutine what a command needs from the router,
// after refusing what can be refused without the book. A keyed command is not
// refused here: it may be a retry whose first answer still holds. Errors are
// *freight.Error values.
func (e *Engine) Prepare(now freight.Instant, cmd freight.Command) (freight.Command, error) {
	admission := freight.Admission{Market: e.market, Now: now, Bans: e.cfg.Bans}
	cmd.Market = e.market.ID
	var err error
	switch act := cmd.Act.(type) {
	case freight.PostLoad:
		act.Direct, err = e.direct(&admission, act.Terms)
		cmd.Act = act
	case freight.EditLoad:
		act.Direct, err = e.direct(&admission, act.Terms)
		cmd.Act = act
	case freight.RepostLoad:
		act.Direct, err = e.direct(&admission, act.Terms)
		cmd.Act = act
	case freight.AnnounceTrip:
		act.Legs, err = e.legs(&admission, act.Terms)
		cmd.Act = act
	case freight.EditTrip:
		act.Legs, err = e.legs(&admission, act.Terms)
		cmd.Act = act
	case freight.RenewTrip:
		act.Legs, err = e.legs(&admission, act.Terms)
		cmd.Act = act
	}
	if cmd.Key != "" {
		err = nil // the round looks the key up and judges again
	}
	return cmd, err
}

func (e *Engine) direct(a *freight.Admission, terms freight.LoadTerms) (freight.Leg, error) {
	if _, err := a.Load(terms); err != nil {
		return freight.Leg{}, err
	}
	return e.Measure(terms.Pickup.Place.Point, terms.Delivery.Place.Point), nil
}

func (e *Engine) legs(a *freight.Admission, terms freight.TripTerms) ([]freight.Leg, error) {
	if _, err := a.Trip(terms); err != nil {
		return nil, err
	}
	return e.drives(terms.Stops), nil
}

// Needs takes what the committed rounds want planned: trips for loads first, for the loads
// that stand to save most before others, then loads for trips, then what is to be
// explained. So what is better comes before the operators before what has no room beside
// it, also where several are to be asked about anew at one instant.
func (e *Engine) Needs() []book.Need {
	needs := e.queued
	e.queued = nil
	slices.SortStableFunc(needs, func(a, b book.Need) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(e.alone(b), e.alone(a)))
	})
	return needs
}

func rank(kind book.NeedKind) int {
	switch kind {
	case book.NeedTrips, book.NeedEvery:
		return 0
	case book.NeedLoads:
		return 1
	}
	return 2
}

// alone is what going alone costs the load that trips are sought for.
func (e *Engine) alone(n book.Need) freight.Fen {
	if l := e.live.Load(n.ID); l != nil && rank(n.Kind) == 0 {
		return l.Alone
	}
	return 0
}

// NextClock returns the first instant at which a clock has run out, 0 when none
// is set.
func (e *Engine) NextClock() freight.Instant {
	if e.life.pending != 0 {
		return 1 // long ago
	}
	return e.clocks.next()
}

// Due takes the clocks that have run out as commands. Where clocks are owed an
// outage, that comes before any of them runs out.
func (e *Engine) Due(now freight.Instant) []freight.Command {
	if since := e.life.pending; since != 0 {
		e.life.pending = 0
		return []freight.Command{{Market: e.market.ID, Act: freight.Resume{Since: since}}}
	}
	due := e.clocks.due(now)
	list := make([]freight.Command, 0, len(due))
	for _, c := range due {
		list = append(list, freight.Command{Market: e.market.ID, Act: freight.Tick{Clock: c}})
	}
	return list
}
