package pools

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher/shares"
)

// Join lets one more load into a pool that is still being agreed on: the same type of
// truck, those who are in it first, at what they pay now. It is false where the truck does
// not carry it, where it would pay more than its most, or where somebody in the pool would
// not pay less than he does.
func (m *Market) Join(kind freight.VehicleType, now shares.Split, riders []Rider, joiner Rider) (Deal, bool) {
	cost, ok := m.Fit.Costs.Of(kind)
	if !ok || len(riders) >= MostLoads {
		return Deal{}, false
	}
	d := Deal{Type: kind, Riders: append(slices.Clone(riders), joiner)}
	if d.Haul, ok = m.haul(&cost, loadsOf(d.Riders)); !ok {
		return Deal{}, false
	}
	var err error
	if d.Split, err = now.Join(joiner.Load.ID, joiner.Most, d.Hire); err != nil {
		return Deal{}, false
	}
	for i := range now.Riders {
		if d.Split.Riders[i].Share >= now.Riders[i].Share {
			return Deal{}, false
		}
	}
	for _, r := range d.Riders {
		d.Value += r.Load.Alone
	}
	d.Value -= d.Hire
	d.Quorum = m.quorum(d)
	return d, true
}
