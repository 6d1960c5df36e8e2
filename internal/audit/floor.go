package audit

import (
	"slices"

	"pinhuo/freight"
)

// foot is the floor that one stack stands on, its longer side first.
type foot struct{ long, short int64 }

// floor is what the load takes of the vehicle: the pieces laid out in rows over
// the whole width of the box, those that can be stacked as high as it is.
func floor(size *freight.Size, box freight.Inner) freight.Room {
	take := size.Room
	if len(size.Pieces) == 0 {
		return take
	}
	lines := heap(size, box)
	rows := layOut(lines, box.WidthMM) * box.WidthMM
	if take.FloorMM <= plain(size) {
		take.FloorMM = 0 // stated is no more than the pieces themselves
	}
	take.FloorMM = max(take.FloorMM, (rows+freight.StandardDeckMM-1)/freight.StandardDeckMM)
	return take
}

// plain is the floor of the pieces on no particular vehicle.
func plain(size *freight.Size) int64 {
	var area int64
	for _, p := range size.Pieces {
		n := p.Count
		if how(size, &p) == freight.StackAll && p.HeightMM > 0 && p.HeightMM <= 1200 {
			high := 2400 / p.HeightMM
			n = (n + high - 1) / high
		}
		area += n * p.LengthMM * p.WidthMM
	}
	return (area + freight.StandardDeckMM - 1) / freight.StandardDeckMM
}

func how(size *freight.Size, p *freight.Piece) freight.Stacking {
	if p.Stacking == "" {
		return size.Stacking
	}
	return p.Stacking
}

// heap stacks what can be stacked, unit by unit, and returns the feet of what
// then stands on the floor, line by line.
func heap(size *freight.Size, box freight.Inner) [][]foot {
	type place struct {
		foot
		free int64 // height
	}
	var tops []place
	var lines [][]foot
	for _, p := range size.Pieces {
		f := foot{max(p.LengthMM, p.WidthMM, 1), max(min(p.LengthMM, p.WidthMM), 1)}
		var line []foot
		switch how(size, &p) {
		case freight.StackTopOnly:
			continue
		case freight.StackAll:
			high := max(box.HeightMM/max(p.HeightMM, 1), 1)
			for left := p.Count; left > 0; left -= high {
				line = append(line, f)
				tops = append(tops, place{f, box.HeightMM - min(left, high)*p.HeightMM})
			}
		default:
			line = slices.Repeat([]foot{f}, int(p.Count))
		}
		lines = append(lines, line)
	}
	for _, p := range size.Pieces {
		if how(size, &p) != freight.StackTopOnly {
			continue
		}
		f := foot{max(p.LengthMM, p.WidthMM, 1), max(min(p.LengthMM, p.WidthMM), 1)}
		var line []foot
		for range p.Count {
			k := slices.IndexFunc(tops, func(t place) bool { return t.long >= f.long && t.short >= f.short && t.free >= p.HeightMM })
			if k < 0 {
				line = append(line, f)
				continue
			}
			tops = slices.Delete(tops, k, k+1)
		}
		if len(line) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// tryAll is up to how many stacks of more than one kind are laid out in every
// way; more are laid out kind by kind, or as first fit has them.
const tryAll = 5

func layOut(lines [][]foot, width int64) int64 {
	all := slices.Concat(lines...)
	if len(lines) > 1 && len(all) <= tryAll {
		return everyRow(all, width)
	}
	var apart int64
	for _, line := range lines {
		apart += oneKind(line, width)
	}
	if len(lines) < 2 {
		return apart
	}
	return min(apart, firstFit(all, width, true), firstFit(all, width, false))
}

// oneKind is the least depth of n equal feet: the last row holds so many
// lengthwise and so many across, the rest is the least depth of fewer.
func oneKind(line []foot, width int64) int64 {
	if len(line) == 0 {
		return 0
	}
	f := line[0]
	straight, turned := int(width/f.short), int(width/f.long)
	if straight == 0 {
		return int64(len(line)) * f.long
	}
	least := make([]int64, len(line)+1)
	for n := 1; n <= len(line); n++ {
		least[n] = least[max(0, n-straight)] + f.long
		if turned > 0 {
			least[n] = min(least[n], least[max(0, n-turned)]+f.short)
		}
	}
	return least[len(line)]
}

// everyRow tries every row that holds the first foot, either way round, and
// whatever others go beside it.
func everyRow(feet []foot, width int64) int64 {
	if len(feet) == 0 {
		return 0
	}
	best := int64(-1)
	var grow func(k int, left []foot, depth, free int64)
	grow = func(k int, left []foot, depth, free int64) {
		if k == len(feet) {
			if d := depth + everyRow(left, width); best < 0 || d < best {
				best = d
			}
			return
		}
		f := feet[k]
		if f.short <= free {
			grow(k+1, left, max(depth, f.long), free-f.short)
		}
		if f.long <= free {
			grow(k+1, left, max(depth, f.short), free-f.long)
		}
		if k > 0 {
			grow(k+1, append(left[:len(left):len(left)], f), depth, free)
		}
	}
	grow(0, nil, 0, width)
	if best < 0 { // the first is wider than the box
		return feet[0].long + everyRow(feet[1:], width)
	}
	return best
}

// firstFit lays the deepest first, each into the first row with room for it.
func firstFit(feet []foot, width int64, across bool) int64 {
	type lying struct{ depth, wide int64 }
	list := make([]lying, len(feet))
	for i, f := range feet {
		list[i] = lying{f.long, f.short}
		if across && f.long <= width {
			list[i] = lying{f.short, f.long}
		}
	}
	slices.SortFunc(list, func(a, b lying) int {
		if a.depth != b.depth {
			return int(b.depth - a.depth)
		}
		return int(b.wide - a.wide)
	})
	var free []int64
	var total int64
	for _, one := range list {
		k := slices.IndexFunc(free, func(f int64) bool { return f >= one.wide })
		if k < 0 {
			k, free, total = len(free), append(free, width), total+one.depth
		}
		free[k] -= one.wide
	}
	return total
}

// price is what a joiner pays for metres and seconds added to a trip, by the
// rule of the cost file worked out in full: kilometres and hours at the rates of
// the vehicle's type, each sum rounded up to a fen, the margin, the minimum.
func price(costs *freight.Costs, trip *freight.Trip, metres, seconds int64) freight.Fen {
	for i := range costs.Types {
		rate := &costs.Types[i]
		if rate.Type != trip.Vehicle.Type {
			continue
		}
		const perFen = 1000 * 3600
		parts := int64(rate.PerKM+rate.Toll)*max(metres, 0)*3600 + int64(rate.PerHour)*max(seconds, 0)*1000
		marginal := (parts + perFen - 1) / perFen
		return max(trip.Least, freight.Fen((marginal*costs.Margin+99)/100))
	}
	return trip.Least
}
