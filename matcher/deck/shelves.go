package deck

import "pinhuo/freight"

// shelf is a number of equal rows, as deep as the first stack in them.
type shelf struct{ n, free int64 }

// shelving is the rows formed so far, in the order in which they were begun.
type shelving struct {
	list [4*freight.MaxPieceLines + 4]shelf
	n    int
}

// shelves forms rows of different stacks: the deepest first, each into the first
// row with room for it. All stand with their long sides across, where the deck
// is wide enough, or else all with their short ones. It returns the depth of
// all rows.
func shelves(lines []stacks, width int64, across bool) int64 {
	var sorted [freight.MaxPieceLines]stacks // long is the depth, short what it takes across
	for i := range lines {
		one := lines[i]
		if across && one.long <= width {
			one.long, one.short = one.short, one.long
		}
		k := i
		for k > 0 && deeper(&one, &sorted[k-1]) {
			sorted[k] = sorted[k-1]
			k--
		}
		sorted[k] = one
	}
	var s shelving
	var depth int64
	for i := range lines {
		one := &sorted[i]
		left := s.fill(one)
		if left == 0 {
			continue
		}
		each := max(1, width/one.short)
		depth += ceil(left, each) * one.long
		s.open(left/each, width-each*one.short)
		if rest := left % each; rest > 0 {
			s.open(1, width-rest*one.short)
		}
	}
	return depth
}

// deeper orders stacks: deeper first, then wider.
func deeper(a, b *stacks) bool {
	return a.long > b.long || a.long == b.long && a.short > b.short
}

func (s *shelving) open(n, free int64) {
	if n > 0 {
		s.list[s.n], s.n = shelf{n, free}, s.n+1
	}
}

// fill puts stacks into the rows that have room and returns how many are left.
func (s *shelving) fill(one *stacks) int64 {
	left := one.n
	for k := 0; k < s.n && left > 0; k++ {
		row := &s.list[k]
		each := row.free / one.short
		switch {
		case each <= 0:
		case left >= row.n*each:
			left -= row.n * each
			row.free -= each * one.short
		default: // some of the rows are filled, one in part, the others stay
			full, rest, free, n := left/each, left%each, row.free, row.n
			s.cut(k, shelf{full, free - each*one.short}, shelf{min(rest, 1), free - rest*one.short}, shelf{n - full - min(rest, 1), free})
			return 0
		}
	}
	return left
}

// cut puts up to three groups of rows in the place of one.
func (s *shelving) cut(k int, parts ...shelf) {
	kept := parts[:0]
	for _, p := range parts {
		if p.n > 0 {
			kept = append(kept, p)
		}
	}
	copy(s.list[k+len(kept):], s.list[k+1:s.n])
	copy(s.list[k:], kept)
	s.n += len(kept) - 1
}
