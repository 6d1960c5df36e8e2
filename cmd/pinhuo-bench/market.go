package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
	"pinhuo/geo/roads"
	"pinhuo/internal/dispatch"
	"pinhuo/internal/store"
)

// minter draws ids as the server does.
type minter struct{}

// Mint returns a new id.
func (minter) Mint(prefix string, at freight.Instant) freight.ID {
	var random [10]byte
	rand.Read(random[:]) // never fails: the runtime stops the program instead
	return freight.NewID(prefix, at, random)
}

func wall() freight.Instant { return freight.At(time.Now()) }

// silent is a publisher whom nobody listens to.
type silent struct{}

// Publish drops the events.
func (silent) Publish([]freight.Event) {}

func (silent) Missed() {}

// market is an open database with one market in it.
type market struct {
	store    *store.Store
	id       freight.ID
	firms    []freight.ID
	carriers []freight.ID
	metrics  *prometheus.Registry // of the engine
}

// newMarket opens the database and makes a market of some firms and carriers.
func newMarket(ctx context.Context, db database, firms, carriers int) (*market, error) {
	s, err := store.Open(ctx, db.config())
	if err != nil {
		return nil, err
	}
	m := &market{store: s, metrics: prometheus.NewRegistry(), id: minter{}.Mint(freight.PrefixMarket, wall())}
	if err := m.fill(ctx, firms, carriers); err != nil {
		_ = s.Close() // what went wrong before says it all
		return nil, fmt.Errorf("make a market: %w", err)
	}
	return m, nil
}

func (m *market) fill(ctx context.Context, firms, carriers int) error {
	err := m.store.CreateMarket(ctx, freight.Market{ID: m.id, Name: "长三角", Box: box, Zone: "Asia/Shanghai"})
	if err != nil {
		return err
	}
	for i := range firms + carriers {
		org := freight.Org{ID: minter{}.Mint(freight.PrefixOrg, wall()), Market: m.id, Kind: freight.OrgEnterprise,
			Name: fmt.Sprintf("企业 %d", i+1), Vetted: true, Made: wall()}
		list := &m.firms
		if i >= firms {
			org.Kind, org.Name = freight.OrgCarrier, fmt.Sprintf("车队 %d", i-firms+1)
			list = &m.carriers
		}
		if err := m.store.CreateOrg(ctx, org); err != nil {
			return err
		}
		*list = append(*list, org.ID)
	}
	return nil
}

// engine takes the market's lease and runs it as the server would, but tells
// nobody.
func (m *market) engine(ctx context.Context) (*dispatch.Engine, error) {
	router, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		return nil, err
	}
	return dispatch.Open(ctx, dispatch.Config{Market: m.id, Holder: "pinhuo-bench", Store: m.store, Publisher: silent{},
		Router: router, Costs: freight.DefaultCosts(), Mint: minter{}, Metrics: dispatch.NewMetrics(m.metrics)})
}

// commandsARound is how many commands made a transaction on average.
func (m *market) commandsARound() (float64, error) {
	families, err := m.metrics.Gather()
	if err != nil {
		return 0, err
	}
	for _, f := range families {
		if h := f.GetMetric()[0].GetHistogram(); f.GetName() == "pinhuo_round_commands" && h.GetSampleCount() > 0 {
			return h.GetSampleSum() / float64(h.GetSampleCount()), nil
		}
	}
	return 0, errors.New("the writer made no round")
}

// serving runs the market's dispatcher with no planners while use uses it.
func (m *market) serving(ctx context.Context, use func(d *dispatch.Dispatcher) error) error {
	engine, err := m.engine(ctx)
	if err != nil {
		return err
	}
	d := dispatch.NewDispatcher(engine, wall)
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.Run(running, 0) }()
	err = use(d)
	stop()
	if failed := <-ended; err == nil {
		err = failed
	}
	return err
}
