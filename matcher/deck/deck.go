// Package deck lays the pieces of one load on the floor of one vehicle: it says
// how long a slice of the deck, over its whole width, they need.
//
// A slice is made of rows across the deck. In a row each stack stands with one
// of its two sides across; the row is as deep as its deepest stack. What may be
// stacked is stacked first, as high as the box is, and what may only lie on top
// goes onto stacks that are as large. Loads do not share rows, so the slices of
// those aboard add up. All lengths are millimetres.
package deck

import "pinhuo/freight"

// Take returns what the load takes of the vehicle: its weight and volume, and
// its floor as metres of a standard deck, rounded up. Without pieces, and where
// the shipper states more than they come to, the stated floor counts.
func Take(size *freight.Size, v *freight.VehicleTerms) freight.Room {
	take := size.Room
	if len(size.Pieces) == 0 {
		return take
	}
	if take.FloorMM <= size.Floor() {
		take.FloorMM = 0 // it is that of the pieces themselves
	}
	take.FloorMM = max(take.FloorMM, ceil(Slice(size, v.Inner)*v.Inner.WidthMM, freight.StandardDeckMM))
	return take
}

// Slice returns the length of deck that the pieces need in the box.
func Slice(size *freight.Size, box freight.Inner) int64 {
	var lines [freight.MaxPieceLines]stacks
	n := pile(size, box, &lines)
	return rows(lines[:n], box.WidthMM)
}

// stacks is a number of equal stacks by the two sides they stand on.
type stacks struct{ n, long, short int64 }

func footprint(p *freight.Piece) stacks {
	return stacks{p.Count, max(p.LengthMM, p.WidthMM, 1), max(min(p.LengthMM, p.WidthMM), 1)}
}

// seat is a number of equal places on top of stacks.
type seat struct{ n, long, short, height int64 }

// pile stacks the pieces and returns how many lines of equal stacks there are.
func pile(size *freight.Size, box freight.Inner, lines *[freight.MaxPieceLines]stacks) int {
	var seats [2 * freight.MaxPieceLines]seat
	n, free := 0, 0
	for i := range size.Pieces[:min(len(size.Pieces), len(lines))] {
		p := &size.Pieces[i]
		one := footprint(p)
		switch size.StackingOf(p) {
		case freight.StackTopOnly:
			continue
		case freight.StackAll:
			levels := max(1, box.HeightMM/max(p.HeightMM, 1))
			full, rest := p.Count/levels, p.Count%levels
			seats[free] = seat{full, one.long, one.short, box.HeightMM - levels*p.HeightMM}
			seats[free+1] = seat{min(rest, 1), one.long, one.short, box.HeightMM - rest*p.HeightMM}
			one.n, free = full+min(rest, 1), free+2
		}
		lines[n], n = one, n+1
	}
	for i := range size.Pieces[:min(len(size.Pieces), len(lines))] {
		p := &size.Pieces[i]
		if size.StackingOf(p) != freight.StackTopOnly {
			continue
		}
		one := footprint(p)
		for k := range seats[:free] {
			if s := &seats[k]; one.long <= s.long && one.short <= s.short && p.HeightMM <= s.height {
				up := min(one.n, s.n)
				one.n, s.n = one.n-up, s.n-up
			}
		}
		if one.n > 0 {
			lines[n], n = one, n+1
		}
	}
	return n
}

// rows returns the least depth that the known ways of forming rows come to.
// For equal stacks, and for up to fewStacks different ones, it is the least
// there is.
func rows(lines []stacks, width int64) int64 {
	var apart, total int64
	for i := range lines {
		apart += alike(&lines[i], width)
		total += lines[i].n
	}
	if len(lines) < 2 {
		return apart
	}
	if total <= fewStacks {
		return fewest(lines, width)
	}
	return min(apart, shelves(lines, width, true), shelves(lines, width, false))
}

// alike is the least depth of rows of equal stacks: so many rows with the short
// sides across, the others with the long ones. Where a number of rows of one
// kind hold as many stacks as a number of the other, the deeper ones are never
// needed, which leaves few to try.
func alike(s *stacks, width int64) int64 {
	lengthwise, across := width/s.short, width/s.long // stacks in a row
	if lengthwise == 0 {
		return s.n * s.long // too wide for the box
	}
	if across == 0 {
		return ceil(s.n, lengthwise) * s.long
	}
	best := ceil(s.n, across) * s.short
	for turned := range min(lengthwise, ceil(s.n, across)) {
		left := max(0, s.n-turned*across)
		best = min(best, turned*s.short+ceil(left, lengthwise)*s.long)
	}
	for straight := range min(across, ceil(s.n, lengthwise)) {
		left := max(0, s.n-straight*lengthwise)
		best = min(best, straight*s.long+ceil(left, across)*s.short)
	}
	return best
}

// fewStacks is up to how many stacks every way of forming rows is tried.
const fewStacks = 5

// fewest tries every way of forming rows. done is a set of stacks that stand;
// the next row takes the first that does not and any of the others.
func fewest(lines []stacks, width int64) int64 {
	var all [fewStacks]stacks
	n := 0
	for _, line := range lines {
		for range line.n {
			all[n], n = line, n+1
		}
	}
	var row, least [1 << fewStacks]int64 // depth of one row, and of all rows, that hold the set
	for set := 1; set < 1<<n; set++ {
		row[set] = rowOf(all[:n], set, width)
		least[set] = row[set]
		first := set & -set
		for part := (set - 1) & set; part > 0; part = (part - 1) & set {
			if part&first != 0 {
				least[set] = min(least[set], row[part]+least[set&^part])
			}
		}
	}
	return least[1<<n-1]
}

// impossible is deeper than any row, with room left to add.
const impossible = int64(1) << 40

// rowOf is the least depth of one row that holds the set, impossible where none
// does. A row of given depth is narrowest with every stack's long side lengthwise
// that the depth allows, so the depths of the stacks are all to try.
func rowOf(all []stacks, set int, width int64) int64 {
	best := impossible
	for i := range all {
		if set&(1<<i) == 0 {
			continue
		}
		for _, depth := range [2]int64{all[i].short, all[i].long} {
			if depth < best && narrowest(all, set, depth) <= width {
				best = depth
			}
		}
	}
	if best == impossible && set&(set-1) == 0 {
		for i := range all {
			if set == 1<<i {
				return all[i].long // too wide for the box
			}
		}
	}
	return best
}

func narrowest(all []stacks, set int, depth int64) int64 {
	var across int64
	for i := range all {
		switch {
		case set&(1<<i) == 0:
		case all[i].long <= depth:
			across += all[i].short
		case all[i].short <= depth:
			across += all[i].long
		default:
			return impossible
		}
	}
	return across
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }
