package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"pinhuo/api/client"
	"pinhuo/freight"
)

// Settings of the accept benchmark.
const (
	acceptsPerSecond = 200
	mostAccept       = 50.0 // ms
	leastTaken       = 50   // % of the answers that are a yes
	postsAtOnce      = 400
	mostPosts        = 25 * postsAtOnce
)

// acceptCommand measures how long a driver waits for the answer to a yes.
type acceptCommand struct {
	Open int `help:"Offers that stay open besides those that are accepted." default:"1000"`
}

// Run measures, and then holds every answer against the database.
func (c acceptCommand) Run(b *bench) error {
	return b.each("accept", b.Runs, func(engine string) error {
		return b.exchanging(engine, func(x *exchange) error { return c.once(b, engine, x) })
	})
}

func (c acceptCommand) once(b *bench, engine string, x *exchange) error {
	disk, err := fsyncs(x.db.dir)
	if err != nil {
		return err
	}
	a, err := x.drivers(b)
	if err != nil {
		return err
	}
	calls := int(b.Time.Seconds() * acceptsPerSecond)
	if err := a.fill(b, calls, c.Open); err != nil {
		return err
	}
	before, err := x.server.cpu()
	if err != nil {
		return err
	}
	var side errgroup.Group
	if b.Profile != "" {
		side.Go(func() error {
			return x.server.profiled(b.ctx, b.Time, filepath.Join(b.Profile, engine+"-accept.pprof"))
		})
	}
	if err := paced(b.ctx, calls, acceptsPerSecond, a.accept); err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	if err := side.Wait(); err != nil {
		return err
	}
	after, err := x.server.cpu()
	if err != nil {
		return err
	}
	if err := a.stopped(b); err != nil {
		return err
	}
	slices.Sort(a.took)
	var goal *goal
	if engine == postgres {
		goal = atMost(mostAccept)
	}
	b.add("accept", engine, "fsync p99", "ms", millis(quantile(disk, 0.99)), nil)
	b.add("accept", engine, "open offers before", "", float64(a.open), nil)
	b.add("accept", engine, "yes to answer p50", "ms", millis(quantile(a.took, 0.5)), nil)
	b.add("accept", engine, "yes to answer p99", "ms", millis(quantile(a.took, 0.99)), goal)
	b.add("accept", engine, "yes to answer max", "ms", millis(a.took[len(a.took)-1]), nil)
	b.add("accept", engine, "final answers", "", float64(len(a.took)), nil)
	b.add("accept", engine, "refused", "%", 100*float64(len(a.took)-len(a.booked))/float64(len(a.took)), nil)
	why := map[string]int{}
	for _, problem := range a.noes {
		why[problem]++
	}
	if len(why) > 0 {
		b.note("accept on %s, refused: %v", engine, why)
	}
	b.add("accept", engine, "CPU of a yes, server", "µs", micros(after-before)/float64(len(a.took)), nil)
	return nil
}

// drivers are those of all carriers, signed in, and what they were answered.
type drivers struct {
	x       *exchange
	clients map[freight.ID]*client.Client
	targets []client.Offer
	open    int // offers before the first yes

	mu     sync.Mutex
	took   []time.Duration
	booked map[string]string // offer -> booking
	noes   map[string]string // offer -> problem
}

// drivers signs one of each carrier in.
func (x *exchange) drivers(b *bench) (*drivers, error) {
	a := &drivers{x: x, clients: map[freight.ID]*client.Client{}, booked: map[string]string{}, noes: map[string]string{}}
	wire := &http.Client{Timeout: postLimit, Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	for _, org := range x.market.carriers {
		c, err := client.New(client.Config{Base: x.server.base, HTTP: wire, Tries: 1})
		if err != nil {
			return nil, err
		}
		if _, err := c.SignIn(b.ctx, x.links[org]); err != nil {
			return nil, fmt.Errorf("sign a driver in: %w", err)
		}
		a.clients[org] = c
	}
	return a, nil
}

// fill has loads posted until enough offers are open, and draws those that will be accepted:
// one a load.
func (a *drivers) fill(b *bench, calls, open int) error {
	p := newPoster(a.x)
	defer p.close()
	for posted := 0; posted < mostPosts; posted += postsAtOnce {
		group, ctx := errgroup.WithContext(b.ctx)
		group.SetLimit(connections)
		for n := range postsAtOnce {
			group.Go(func() error {
				_, err := p.post(ctx, int64(posted+n))
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return fmt.Errorf("post: %w", err)
		}
		if _, err := a.x.server.settled(b.ctx); err != nil {
			return err
		}
		offers, err := a.offers(b.ctx)
		if err != nil {
			return err
		}
		byLoad := map[string][]client.Offer{}
		for _, o := range offers {
			byLoad[o.Load] = append(byLoad[o.Load], o)
		}
		if len(byLoad) >= calls && a.draw(byLoad, calls, b.Seed) >= open {
			return a.received(b, offers)
		}
	}
	return fmt.Errorf("%d loads brought too few offers", mostPosts)
}

// draw chooses an offer of each of so many loads, of another trip each where it can, and
// returns how many offers of other loads are left.
func (a *drivers) draw(byLoad map[string][]client.Offer, calls int, seed uint64) int {
	loads := slices.Sorted(maps.Keys(byLoad))
	rand.New(rand.NewPCG(seed, 8)).Shuffle(len(loads), func(i, j int) { loads[i], loads[j] = loads[j], loads[i] })
	left := 0
	for _, load := range loads[calls:] {
		left += len(byLoad[load])
	}
	a.targets = nil
	trips := map[string]bool{}
	for _, load := range loads[:calls] {
		list := byLoad[load]
		at := max(0, slices.IndexFunc(list, func(o client.Offer) bool { return !trips[o.Trip] }))
		a.targets, trips[list[at].Trip] = append(a.targets, list[at]), true
	}
	return left
}

// offers lists what all drivers are asked.
func (a *drivers) offers(ctx context.Context) (all []client.Offer, err error) {
	for _, org := range a.x.market.carriers {
		for at := (client.List{State: "open", Limit: 200}); ; {
			page, err := a.clients[org].Offers(ctx, at)
			if err != nil {
				return nil, fmt.Errorf("list offers: %w", err)
			}
			all = append(all, page.Items...)
			if at.After = page.Next; page.Next == "" {
				break
			}
		}
	}
	return all, nil
}

// received has each offer reach its driver's phone: its clock runs.
func (a *drivers) received(b *bench, offers []client.Offer) error {
	group, ctx := errgroup.WithContext(b.ctx)
	group.SetLimit(connections)
	for _, o := range offers {
		group.Go(func() error {
			_, err := a.clients[freight.ID(o.Carrier.ID)].ReceiveOffer(ctx, o.ID)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("receive an offer: %w", err)
	}
	now, err := a.offers(b.ctx)
	if err != nil {
		return err
	}
	a.open = len(now)
	for i := range a.targets { // as they are on the screen
		at := slices.IndexFunc(now, func(o client.Offer) bool { return o.ID == a.targets[i].ID })
		if at < 0 {
			return fmt.Errorf("offer %s did not stay open", a.targets[i].ID)
		}
		a.targets[i] = now[at]
	}
	return nil
}

// accept says yes to the n-th target and waits for the answer, which may be a no.
func (a *drivers) accept(ctx context.Context, n int, due time.Time) error {
	o := &a.targets[n]
	booking, err := a.clients[freight.ID(o.Carrier.ID)].AcceptOffer(ctx, o.ID, o.Version)
	took := time.Since(due)
	var refusal *client.Problem
	final := errors.As(err, &refusal) && refusal.Status == http.StatusConflict
	if err != nil && !final {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.took = append(a.took, took)
	if final {
		a.noes[o.ID] = refusal.Fault.Problem
		return nil
	}
	a.booked[o.ID] = booking.ID
	return nil
}

// stopped ends the server and holds its database against the answers: each yes that was
// taken has its booking and no other offer has one, and the auditor finds nothing.
func (a *drivers) stopped(b *bench) (err error) {
	if len(a.booked)*100 < leastTaken*len(a.took) || len(a.took) != len(a.targets) {
		return fmt.Errorf("%d of %d were answered yes, the others %v", len(a.booked), len(a.targets), a.noes)
	}
	err, a.x.server = a.x.server.stop(), nil
	if err != nil {
		return err
	}
	if err := a.x.bookings(b, a.booked); err != nil {
		return err
	}
	audit := exec.CommandContext(b.ctx, b.Binary, append([]string{"audit"}, a.x.db.args()...)...)
	if said, err := audit.CombinedOutput(); err != nil {
		return fmt.Errorf("audit: %w\n%s", err, said)
	}
	return nil
}
