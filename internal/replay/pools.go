package replay

import (
	"context"
	"fmt"

	"pinhuo/freight"
	"pinhuo/internal/audit"
)

// PoolReport is what hiring trucks for several loads came to.
type PoolReport struct {
	Formed    int         `json:"formed"`
	Committed int         `json:"committed"`
	Loads     int         `json:"loads"`    // booked on hired trucks
	Hire      freight.Fen `json:"hire_fen"` // of those trucks
	Alone     freight.Fen `json:"alone_fen"`
}

// pool searches for pools where that is due by an instant, and tells whether it did.
func (m *market) pool(ctx context.Context, by freight.Instant) (bool, error) {
	if m.opts.Pools == 0 || len(m.in.items) == 0 {
		return false, nil
	}
	if m.pooling == 0 {
		m.pooling = m.in.items[0].at.After(m.opts.Pools)
	}
	if m.pooling > by {
		return false, nil
	}
	now := m.pooling
	m.pooling = now.After(m.opts.Pools)
	outcomes, err := m.round(ctx, now, m.engine.PlanPools(now))
	if err != nil {
		return true, err
	}
	for _, o := range outcomes {
		if o.Err == nil {
			if err := m.hire(ctx, now, o.Result.Pool); err != nil {
				return true, err
			}
		}
	}
	return true, m.settle(ctx, now)
}

// hire has all shippers agree at once, and an operator take the pool with a truck that
// he has for it. Whoever is refused leaves the pool to its clocks.
func (m *market) hire(ctx context.Context, now freight.Instant, p *freight.Pool) error {
	agreed, err := m.round(ctx, now, []freight.Command{{Org: m.shipper, Act: freight.ConsentPool{Pool: p.ID, Version: p.Version}}})
	if err != nil || agreed[0].Err != nil {
		return err
	}
	p = agreed[0].Result.Pool
	cost, _ := m.opts.Costs.Of(p.Type)
	m.hired++
	vehicle := freight.VehicleTerms{Type: p.Type, Payload: cost.Payload, Inner: cost.Inner, Has: p.Needs,
		Plate: freight.Plate{Number: fmt.Sprintf("HIRED%d", m.hired), Colour: "yellow"}}
	_, err = m.round(ctx, now, []freight.Command{{Org: m.carrier, Act: freight.TakePool{Pool: p.ID, Version: p.Version, Vehicle: vehicle}}})
	return err
}

// pools reads back what became of pools.
func (r *Report) pools(ctx context.Context, src audit.Source, market freight.ID) error {
	r.Pools = &PoolReport{}
	for p, err := range src.AuditPools(ctx, market) {
		if err != nil {
			return err
		}
		r.Pools.Formed++
		if p.State == freight.PoolCommitted {
			r.Pools.Committed++
			r.Pools.Hire += p.Price
		}
	}
	for m, err := range src.AuditMembers(ctx, market) {
		if err != nil {
			return err
		}
		if m.Consent == freight.ConsentBooked {
			r.Pools.Loads++
			r.Pools.Alone += m.Alone
		}
	}
	return nil
}
