package batch

import "slices"

// descent moves prices of loads by subgradient steps so that a Lagrangian bound
// gets small: a load that more than one trip wants gets dearer, one that has a
// price and is wanted by nobody gets cheaper. Whatever the prices, the bound is
// one: what the trips' wishes are worth beyond the prices of their loads, plus
// the prices of all loads.
type descent struct {
	loads []int32 // whose prices move
	price []int64 // by load
	use   []int32 // by load: how many trips want it, as demand counts
	most  []int64 // by load: what serving it is worth; no price need be more

	patience int     // steps without a better bound until they get shorter
	shorten  float64 // by how much
	shortest float64 // when to give up
	steps    int

	kept []int64 // scratch: the best prices
}

// settled is the share of a bound by which it must get better to count as
// progress.
const settled = 100_000

// run moves the prices until the bound is no more than goal, no step helps or
// all are done, and leaves the best ones. demand lets each trip want what is
// best at the prices, counts that in use and returns what all wishes are worth
// beyond the prices. each, which may be nil, is called after every step's
// demand.
func (d *descent) run(demand func() int64, goal func() int64, each func(step int)) (best int64) {
	scale, stale := 1.0, 0
	for step := 0; ; step++ {
		bound, slope := d.bound(demand)
		switch {
		case step == 0 || bound < best:
			if step == 0 || best-bound > best/settled {
				stale = 0
			}
			best = bound
			d.keep()
		default:
			if stale++; stale >= d.patience {
				scale, stale = scale*d.shorten, 0
			}
		}
		if each != nil {
			each(step)
		}
		if step == d.steps || slope == 0 || bound <= goal() || scale < d.shortest {
			break
		}
		d.step(scale * float64(bound-goal()) / float64(slope))
	}
	for i, l := range d.loads {
		d.price[l] = d.kept[i]
	}
	return best
}

// bound is that at the present prices, with the square of the slope by which
// they are wrong.
func (d *descent) bound(demand func() int64) (bound, slope int64) {
	for _, l := range d.loads {
		d.use[l] = 0
	}
	bound = demand()
	for _, l := range d.loads {
		bound += d.price[l]
		if g := 1 - int64(d.use[l]); g < 0 || g > 0 && d.price[l] > 0 {
			slope += g * g
		}
	}
	return bound, slope
}

func (d *descent) keep() {
	d.kept = slices.Grow(d.kept[:0], len(d.loads))
	for _, l := range d.loads {
		d.kept = append(d.kept, d.price[l])
	}
}

func (d *descent) step(by float64) {
	for _, l := range d.loads {
		if g := 1 - int64(d.use[l]); g != 0 {
			d.price[l] = min(max(0, d.price[l]-int64(by*float64(g))), d.most[l])
		}
	}
}
