package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"reflect"

	"pinhuo/freight"
	"pinhuo/geo/roads"
	"pinhuo/internal/dispatch"
)

// memory is a store that is done at once: it keeps rows as a database would, and what
// was written since it was last asked.
type memory struct {
	loads    map[freight.ID]freight.Load
	trips    map[freight.ID]freight.Trip
	offers   map[freight.ID]freight.Offer
	bookings map[freight.ID]freight.Booking
	wrote    map[string]any    // row -> its last version
	commits  []*freight.Commit // that are not among them yet
}

func newMemory() *memory {
	return &memory{loads: map[freight.ID]freight.Load{}, trips: map[freight.ID]freight.Trip{}, offers: map[freight.ID]freight.Offer{},
		bookings: map[freight.ID]freight.Booking{}, wrote: map[string]any{}}
}

// Acquire returns an empty market.
func (m *memory) Acquire(context.Context, freight.ID, string) (freight.State, error) {
	return freight.State{Market: freight.Market{ID: "mk_bench", Name: "长三角", Box: box, Zone: "Asia/Shanghai"}, Epoch: 1}, nil
}

// Reload is never needed: nothing that is written fails.
func (m *memory) Reload(context.Context, freight.ID) (freight.State, error) {
	return freight.State{}, fmt.Errorf("a store that never fails was asked to reload")
}

// Desks lists none.
func (m *memory) Desks(context.Context, freight.ID) ([]freight.ID, error) { return nil, nil }

// Prior finds rows, also those that have ended. No key and no reference comes twice.
func (m *memory) Prior(_ context.Context, p freight.Prior) (freight.Known, error) {
	m.file()
	return freight.Known{Loads: rowsOf(m.loads, p.Loads), Trips: rowsOf(m.trips, p.Trips), Offers: rowsOf(m.offers, p.Offers),
		Bookings: rowsOf(m.bookings, p.Bookings)}, nil
}

func rowsOf[T any](rows map[freight.ID]T, ids []freight.ID) (list []T) {
	for _, id := range ids {
		if row, ok := rows[id]; ok {
			list = append(list, row)
		}
	}
	return list
}

// Commit keeps what a round writes, to be filed when its time is no longer taken.
func (m *memory) Commit(_ context.Context, c *freight.Commit) error {
	m.commits = append(m.commits, c)
	return nil
}

// file puts what was written into its place.
func (m *memory) file() {
	for _, c := range m.commits {
		m.put(c)
	}
	m.commits = nil
}

func (m *memory) put(c *freight.Commit) {
	putRows(m, c.Loads, m.loads, func(v *freight.Load) freight.ID { return v.ID })
	putRows(m, c.Trips, m.trips, func(v *freight.Trip) freight.ID { return v.ID })
	putRows(m, c.Offers, m.offers, func(v *freight.Offer) freight.ID { return v.ID })
	putRows(m, c.Bookings, m.bookings, func(v *freight.Booking) freight.ID { return v.ID })
	putRows(m, c.Vehicles, map[freight.ID]freight.Vehicle{}, func(v *freight.Vehicle) freight.ID { return v.ID })
	for _, e := range c.Events {
		m.wrote[fmt.Sprint("event ", e.Seq)] = e
	}
	for _, one := range c.Changes {
		m.wrote[fmt.Sprint("change ", one.Seq)] = one
	}
	for _, d := range c.Deeds {
		m.wrote[fmt.Sprint("act ", d.Seq)] = d
	}
	for _, a := range c.Answers {
		m.wrote[fmt.Sprint("answer ", a.Key.Org, " ", a.Key.Name)] = a
	}
	for _, t := range c.Tallies {
		m.wrote[fmt.Sprint("tally ", t.Org, " ", t.Day)] = t
	}
}

func putRows[T any](m *memory, rows []freight.Row[T], to map[freight.ID]T, id func(*T) freight.ID) {
	for i := range rows {
		v := rows[i].Value
		to[id(&v)] = v
		m.wrote[fmt.Sprintf("%T %s", v, id(&v))] = v
	}
}

// differs names a row that two stores hold otherwise, "" where there is none, and forgets
// what both have written.
func (m *memory) differs(other *memory) string {
	m.file()
	other.file()
	defer func() { m.wrote, other.wrote = map[string]any{}, map[string]any{} }()
	for name, row := range m.wrote {
		if !reflect.DeepEqual(row, other.wrote[name]) {
			return fmt.Sprintf("%s is %+v and %+v", name, row, other.wrote[name])
		}
	}
	for name := range other.wrote {
		if _, ok := m.wrote[name]; !ok {
			return name + " is not written"
		}
	}
	return ""
}

// counter mints ids by number, so that equal rounds write equal ids.
type counter struct{ n uint64 }

// Mint returns the next id.
func (c *counter) Mint(prefix string, at freight.Instant) freight.ID {
	c.n++
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, c.n))
	return freight.NewID(prefix, at, [10]byte(sum[:10]))
}

// inMemory is an engine with no database.
func (b *bench) inMemory() (*dispatch.Engine, *memory, error) {
	router, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		return nil, nil, err
	}
	m := newMemory()
	e, err := dispatch.Open(b.ctx, dispatch.Config{Market: "mk_bench", Holder: "pinhuo-bench", Store: m, Publisher: silent{}, Router: router,
		Costs: freight.DefaultCosts(), Fees: freight.DefaultFees(), Mint: &counter{}})
	return e, m, err
}
