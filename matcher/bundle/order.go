package bundle

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
)

const (
	// mostLooks bounds how often a search for an order looks for the places of a load. Of
	// six loads it may end before every order has been tried.
	mostLooks = 400
	// surely is of how many loads every order is tried with so many looks, but for rare sets.
	surely = 4
)

// orderer finds the cheapest order of a set of loads on a trip. Its memory is used again.
type orderer struct {
	fit   *matcher.Fit
	trip  *freight.Trip
	loads []*freight.Load // of the set
	free  []*freight.Load // the same, whatever they cost
	ids   []int32

	found Riding
	cost  int64 // of what was found, or the most that it may be
	ok    bool
	looks int

	apart map[[3]int32]bool // trip and two loads: whether no order of the two fits

	in    []bool
	join  joining
	spots [Exact][Exact][]matcher.Spot // by depth and load: scratch
	again []int32
}

// best finds a ride with the loads that costs less than most.
func (o *orderer) best(f *Fleet, trip int, loads []int32, most int64) (Riding, int64, bool) {
	o.fit, o.trip, o.ids, o.cost, o.ok, o.looks = f.fits[trip], f.trips[trip], loads, most, false, mostLooks
	o.loads, o.free = o.loads[:0], o.free[:0]
	for _, l := range loads {
		o.loads, o.free = append(o.loads, f.loads[l]), append(o.free, matcher.Unpriced(f.loads[l]))
	}
	o.join.orderer = o
	o.sequences()
	if len(loads) <= Exact && (o.ok || !o.hopeless(int32(trip))) {
		o.in = append(o.in[:0], make([]bool, len(loads))...)
		o.grow(0, o.trip.Plan, 0)
	}
	return o.found, o.cost, o.ok
}

// sequences puts the loads in at their cheapest places, as they are; more than are
// surely put in the best order, each once first as well, and once the other way round.
func (o *orderer) sequences() {
	n := int32(len(o.ids))
	for first := range n {
		o.again = append(o.again[:0], first)
		for k := range n {
			if k != first {
				o.again = append(o.again, k)
			}
		}
		if o.sequence(); n <= surely {
			return
		}
	}
	slices.Reverse(o.again)
	o.sequence()
}

func (o *orderer) sequence() {
	probe, r, cost := *o.trip, Riding{}, int64(0)
	for _, k := range o.again {
		v := o.fit.Fits(&probe, o.loads[k])
		if cost += int64(o.loads[k].Alone) - v.Value; !v.OK || cost >= o.cost {
			return
		}
		probe.Plan = v.Plan
		r = r.with(v.Plan, o.ids[k], freight.Spot{})
	}
	o.found, o.cost, o.ok = r, cost, true
}

// hopeless tells whether the last load of the set cannot ride with one of the others,
// whatever it costs: then neither can a set with both.
func (o *orderer) hopeless(trip int32) bool {
	last := len(o.ids) - 1
	for k := range o.ids[:last] {
		pair := [3]int32{trip, min(o.ids[k], o.ids[last]), max(o.ids[k], o.ids[last])}
		dead, known := o.apart[pair]
		if !known {
			if o.apart == nil {
				o.apart = map[[3]int32]bool{}
			}
			dead = !o.together(k, last)
			o.apart[pair] = dead
		}
		if dead {
			return true
		}
	}
	return false
}

// together tells whether two of the loads fit in any order.
func (o *orderer) together(a, b int) bool {
	probe := *o.trip
	o.spots[0][a] = o.fit.Spots(o.trip, o.free[a], o.spots[0][a][:0])
	for _, at := range o.spots[0][a] {
		probe.Plan = o.fit.At(o.trip, o.free[a], at.Spot).Plan
		if o.spots[0][b] = o.fit.Spots(&probe, o.free[b], o.spots[0][b][:0]); len(o.spots[0][b]) > 0 {
			return true
		}
	}
	return false
}

// grow puts one more load into a plan that has some and costs so much: at each of its
// places, the cheapest first.
func (o *orderer) grow(depth int, plan []freight.Call, cost int64) {
	if depth == len(o.loads) {
		o.take(plan)
		return
	}
	next, ok := o.scarcest(depth, plan, cost)
	if !ok {
		return
	}
	probe := *o.trip
	probe.Plan = plan
	o.in[next] = true
	for _, at := range o.spots[depth][next] {
		if cost+int64(at.Cost) >= o.cost || o.looks <= 0 {
			break
		}
		if v := o.fit.At(&probe, o.free[next], at.Spot); v.OK {
			o.grow(depth+1, v.Plan, cost+int64(at.Cost))
		}
	}
	o.in[next] = false
}

// scarcest finds the places of all loads that are not in, and names the load with the
// fewest that are cheap enough; false where one has none.
func (o *orderer) scarcest(depth int, plan []freight.Call, cost int64) (next int, ok bool) {
	probe := *o.trip
	probe.Plan = plan
	fewest := 0
	for k := range o.loads {
		if o.in[k] {
			continue
		}
		o.looks--
		spots := o.fit.Spots(&probe, o.free[k], o.spots[depth][k][:0])
		o.spots[depth][k] = spots
		n, _ := slices.BinarySearchFunc(spots, o.cost-cost, func(s matcher.Spot, most int64) int {
			if int64(s.Cost) < most {
				return -1
			}
			return 1
		})
		if n == 0 {
			return 0, false
		}
		if !ok || n < fewest {
			next, fewest, ok = k, n, true
		}
	}
	return next, ok
}

// take takes a plan with all loads that is cheaper than what was found, if they can be
// put in one after the other so that each pays what it causes.
func (o *orderer) take(plan []freight.Call) {
	j := &o.join
	j.begin(plan)
	if !j.affords(0) {
		return
	}
	if r, cost, ok := j.put(0, o.trip.Plan, Riding{}, 0); ok && cost < o.cost {
		o.found, o.cost, o.ok = o.unbound(r), cost, true
	}
}

// unbound leaves out the places of loads that go there by themselves.
func (o *orderer) unbound(r Riding) Riding {
	probe := *o.trip
	for i, l := range r.Loads {
		load := o.loads[slices.Index(o.ids, l)]
		if v := o.fit.Fits(&probe, load); v.OK && v.Terms.PickupAt == r.At[i].PickupAt && v.Terms.DeliveryAt == r.At[i].DeliveryAt {
			probe.Plan, r.At[i] = v.Plan, freight.Spot{}
			continue
		}
		probe.Plan = o.fit.At(&probe, load, r.At[i]).Plan
	}
	return r
}
