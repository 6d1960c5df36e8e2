package replay

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/internal/audit"
	"pinhuo/internal/dispatch"
	"pinhuo/internal/store"
)

// most is how many commands go into one round.
const most = 256

// leastAnswer is the least time that the exchange is given to answer a load.
const leastAnswer = 30 * freight.Minute

// market is one replay under way.
type market struct {
	opts    *Options
	in      *input
	db      *store.Store
	count   *counting
	router  geo.Router
	shut    func() error // gives the router's data back
	engine  *dispatch.Engine
	desk    *desk
	drivers *drivers
	claims  claims
	seeds   *seeds
	now     freight.Instant // of the last round
	packed  freight.Instant // when the batch was packed last
	id      freight.ID
	shipper freight.ID
	carrier freight.ID
	pooling freight.Instant // of the next search for pools, 0 for none
	hired   int             // trucks, ever
}

// counting counts the transactions that a store makes durable.
type counting struct {
	*store.Store
	commits int64
}

// Commit writes one transaction.
func (c *counting) Commit(ctx context.Context, commit *freight.Commit) error {
	c.commits++
	return c.Store.Commit(ctx, commit)
}

// seeds mints ids from the seed: those of the desk by themselves, so that what it
// does leaves everything else as it was.
type seeds struct{ draw, desk *rand.ChaCha8 }

func newSeeds(seed uint64) *seeds {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	other := key
	other[31] = 1
	return &seeds{rand.NewChaCha8(key), rand.NewChaCha8(other)}
}

// Mint returns the next id.
func (s *seeds) Mint(prefix string, at freight.Instant) freight.ID {
	var random [10]byte
	draw := s.draw
	if prefix == freight.PrefixTicket || prefix == freight.PrefixOfficer {
		draw = s.desk
	}
	_, _ = draw.Read(random[:]) // never fails
	return freight.NewID(prefix, at, random)
}

// tripAnswer is after how long a trip without loads is told why.
const tripAnswer = 30 * time.Minute

// claims remembers the matcher's last word on every pair.
type claims map[[2]freight.ID]audit.Claim

// Judged notes a verdict.
func (c claims) Judged(j dispatch.Judgement) {
	c[[2]freight.ID{j.Load, j.Trip}] = audit.Claim{Load: j.Load, Trip: j.Trip, TripVersion: j.OnTrip, At: j.At,
		Fits: j.OK, Reason: j.Reason, By: j.By}
}

// Publish lets operators, shippers and drivers hear what a committed round told.
func (m *market) Publish(events []freight.Event) {
	m.desk.Publish(events)
	for i := range events {
		m.drivers.hear(&events[i])
	}
}

// Missed cannot be made good: a replay whose store broke ends with the round.
func (m *market) Missed() {}

// newMarket founds the market in an empty database.
func newMarket(ctx context.Context, opts *Options, in *input, db *store.Store) (*market, error) {
	router, shut, err := router(opts)
	if err != nil {
		return nil, err
	}
	m := &market{opts: opts, in: in, db: db, count: &counting{Store: db}, router: router, shut: shut, desk: newDesk(policies[opts.Policy](opts.Seed), opts.AnswerAfter),
		drivers: newDrivers(), claims: claims{}, seeds: newSeeds(opts.Seed)}
	if err := m.found(ctx); err != nil {
		return nil, errors.Join(err, shut())
	}
	cfg := dispatch.Config{Market: m.id, Holder: "replay", Store: m.count, Publisher: m, Router: router,
		Costs: opts.Costs, Bans: opts.Bans, Batch: opts.Batch, Mint: m.seeds, PoolAfter: time.Duration(opts.PoolAfterS) * time.Second, Idle: tripAnswer, TopOff: opts.TopOff}
	if opts.Verify {
		cfg.Observer = m.claims
	}
	if m.engine, err = dispatch.Open(ctx, cfg); err != nil {
		return nil, errors.Join(err, shut())
	}
	m.drivers.trip = m.engine.Trip
	if err := m.man(ctx); err != nil {
		return nil, errors.Join(err, shut())
	}
	return m, nil
}

// The replay's desk: it names who has a ticket and does nothing, so that every clock
// runs out that can.
const (
	deskOrg  = freight.ID("og_desk")
	officer  = freight.ID("us_officer")
	deskHead = freight.ID("us_head")
)

// man names the officers of the desk.
func (m *market) man(ctx context.Context) error {
	for _, o := range []freight.SetOfficer{
		{User: deskHead, Terms: freight.OfficerTerms{Name: "head", Head: true}},
		{User: officer, Terms: freight.OfficerTerms{Name: "officer", Default: true}},
	} {
		outcomes, err := m.round(ctx, m.start(), []freight.Command{{Org: deskOrg, Act: o}})
		if err == nil {
			err = outcomes[0].Err
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// start is when the first row comes.
func (m *market) start() freight.Instant {
	if len(m.in.items) == 0 {
		return 0
	}
	return m.in.items[0].at
}

// found makes the market and its two firms: the data knows no owners.
func (m *market) found(ctx context.Context) error {
	known, err := m.db.Markets(ctx)
	if err != nil {
		return err
	}
	if len(known) > 0 {
		return fmt.Errorf("the database holds market %s: a replay needs one of its own", known[0].ID)
	}
	start := m.start()
	m.id = m.seeds.Mint(freight.PrefixMarket, start)
	m.shipper, m.carrier = m.seeds.Mint(freight.PrefixOrg, start), m.seeds.Mint(freight.PrefixOrg, start)
	m.desk.shipper = m.shipper
	if err := m.db.CreateMarket(ctx, freight.Market{ID: m.id, Name: "replay", Box: m.in.box, Zone: "UTC"}); err != nil {
		return err
	}
	for _, o := range []freight.Org{
		{ID: m.shipper, Market: m.id, Kind: freight.OrgEnterprise, Name: "shippers", Made: start},
		{ID: m.carrier, Market: m.id, Kind: freight.OrgCarrier, Name: "operators", Made: start},
		{ID: deskOrg, Market: m.id, Kind: freight.OrgDesk, Name: "desk", Made: start},
	} {
		if err := m.db.CreateOrg(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// play puts every row on the market at its instant and then lets the clocks run
// out.
func (m *market) play(ctx context.Context) error {
	for i := range m.in.items {
		it := &m.in.items[i]
		if err := m.until(ctx, it.at); err != nil {
			return err
		}
		if err := m.put(ctx, it); err != nil {
			return err
		}
		if m.opts.Progress != nil {
			m.opts.Progress(i+1, len(m.in.items))
		}
	}
	const ever = freight.Instant(1<<63 - 1)
	return m.until(ctx, ever)
}

// until lets the clocks run out, operators answer and the batch be packed, up to
// an instant.
func (m *market) until(ctx context.Context, at freight.Instant) error {
	for next := m.next(); ctx.Err() == nil; next = m.next() {
		if drove, err := m.drive(ctx, min(cmp.Or(next, at), at)); err != nil {
			return err
		} else if drove {
			continue
		}
		if next == 0 {
			break
		}
		if pooled, err := m.pool(ctx, min(next, at)); err != nil {
			return err
		} else if pooled {
			continue
		}
		if next > at {
			break
		}
		if clock := m.engine.NextClock(); clock != 0 && clock <= next {
			if _, err := m.round(ctx, next, m.engine.Due(next)); err != nil {
				return err
			}
		}
		if every := m.opts.Batch.Every; every > 0 && next >= m.packed+every {
			m.packed = next - next%every
			if _, err := m.round(ctx, next, m.engine.Improve(next, nil)); err != nil {
				return err
			}
		}
		if err := m.settle(ctx, next); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// next is the first instant at which something happens by itself, 0 for never.
func (m *market) next() (next freight.Instant) {
	first := func(at freight.Instant) {
		if at != 0 && (next == 0 || at < next) {
			next = at
		}
	}
	first(m.engine.NextClock())
	first(m.desk.next())
	if every := m.opts.Batch.Every; every > 0 && m.engine.Waits() {
		first(max(m.packed+every, m.now-m.now%every+every))
	}
	return next
}

// put brings one row to the market. One that is refused is rejected.
func (m *market) put(ctx context.Context, it *item) error {
	cmd := freight.Command{Org: m.shipper}
	if it.load != nil {
		m.price(it.load)
		m.answerBy(it)
		cmd.Act = freight.PostLoad{Terms: *it.load}
	} else {
		m.limit(it.trip)
		cmd.Org, cmd.Act = m.carrier, freight.AnnounceTrip{Terms: *it.trip}
	}
	cmd, err := m.engine.Prepare(it.at, cmd)
	if err == nil {
		var outcomes []dispatch.Outcome
		if outcomes, err = m.round(ctx, it.at, []freight.Command{cmd}); err != nil {
			return err
		}
		err = outcomes[0].Err
		if l := outcomes[0].Result.Load; l != nil {
			m.desk.ceilings[l.ID] = l.Ceiling
		}
	}
	if err != nil {
		m.in.rejected = append(m.in.rejected, m.refused(it, err))
		return nil
	}
	return m.settle(ctx, it.at)
}

// answerBy sets when the load is to be answered.
func (m *market) answerBy(it *item) {
	if m.opts.AnswerWithin > 0 {
		pickup := it.load.Pickup.Window
		it.load.AnswerBy = min(max(min(pickup.Open, it.at+m.opts.AnswerWithin), it.at+leastAnswer), pickup.Close)
	}
}

// price sets what the shipper pays at most.
func (m *market) price(l *freight.LoadTerms) {
	direct := m.engine.Measure(l.Pickup.Place.Point, l.Delivery.Place.Point)
	alone, _ := m.opts.Costs.Alone(l.Size, direct, l.Pickup.ServiceS+l.Delivery.ServiceS)
	l.Ceiling = alone * freight.Fen(m.opts.CeilingPercent) / 100
}

// limit sets how far the operator lets the trip be bent.
func (m *market) limit(t *freight.TripTerms) {
	if t.Roaming {
		return
	}
	var direct int64
	for i := 1; i < len(t.Stops); i++ {
		direct += m.engine.Measure(t.Stops[i-1].Place.Point, t.Stops[i].Place.Point).Metres
	}
	t.Limits.DetourM = max(m.opts.DetourM, direct*m.opts.DetourPercent/100)
	t.Limits.DetourS = int64(float64(t.Limits.DetourM) * 3.6 / m.opts.KMH)
}

// settle plans what the last rounds want planned, and lets one operator after
// the other answer, until nothing more happens at the instant.
func (m *market) settle(ctx context.Context, now freight.Instant) error {
	for {
		var plans []freight.Command
		for _, need := range m.engine.Needs() {
			plans = append(plans, m.engine.Plan(now, need)...)
		}
		if len(plans) == 0 && m.engine.Hurries() {
			plans = m.engine.Improve(now, nil)
		}
		if len(plans) > 0 {
			if _, err := m.round(ctx, now, plans); err != nil {
				return err
			}
			continue
		}
		answer, ok := m.desk.answer(now)
		if !ok {
			return nil
		}
		if err := m.reply(ctx, now, answer); err != nil {
			return err
		}
	}
}

// reply commits an operator's answer. An offer whose acceptance has just shown
// that its terms are out of date is judged again.
func (m *market) reply(ctx context.Context, now freight.Instant, answer freight.Command) error {
	outcomes, err := m.round(ctx, now, []freight.Command{answer})
	if err != nil {
		return err
	}
	review, ok := dispatch.Review(answer.Act, outcomes[0].Err)
	if !ok {
		return nil
	}
	_, err = m.round(ctx, now, []freight.Command{{Act: review}})
	return err
}

// round commits commands, some at a time.
func (m *market) round(ctx context.Context, now freight.Instant, list []freight.Command) ([]dispatch.Outcome, error) {
	m.now = max(m.now, now)
	var outcomes []dispatch.Outcome
	for len(list) > 0 {
		n := min(most, len(list))
		some, err := m.engine.Round(ctx, now, list[:n])
		if err != nil {
			return nil, err
		}
		for _, o := range some {
			if freight.CodeOf(o.Err) == freight.Unavailable {
				return nil, o.Err
			}
		}
		outcomes, list = append(outcomes, some...), list[n:]
	}
	return outcomes, nil
}
