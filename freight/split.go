package freight

// Stacked is the load if its units could stand on each other, with the floor that
// follows from its pieces where that was the floor stated. Units that may only
// stand on top stay so.
func (s *Size) Stacked() Size {
	to, side := *s, s.Floor()
	to.Pieces = append([]Piece(nil), s.Pieces...)
	for i := range to.Pieces {
		if to.Pieces[i].Stacking == StackNone {
			to.Pieces[i].Stacking = StackAll
		}
	}
	if s.Stacking != StackTopOnly {
		to.Stacking = StackAll
	}
	if s.FloorMM <= side {
		to.FloorMM = to.Floor()
	}
	return to
}

// Stacks tells whether Stacked changes anything.
func (s *Size) Stacks() bool {
	for i := range s.Pieces {
		if kind := s.StackingOf(&s.Pieces[i]); kind == StackUnsaid || kind == StackNone {
			return true
		}
	}
	return false
}

// Count is the number of handling units, 0 where the pieces are not known.
func (s *Size) Count() int64 {
	var n int64
	for _, p := range s.Pieces {
		n += p.Count
	}
	return n
}

// Split parts the load by pieces: the first n as they are listed, and the rest.
// n must lie between 1 and Count less 1. Each part takes its share of what was stated for the
// whole, by the weight, volume and floor of its pieces where each is known and
// else by their number, rounded up: together the parts take no less than the
// whole.
func (s *Size) Split(n int64) (first, second Size) {
	first, second = Size{Stacking: s.Stacking, Access: s.Access}, Size{Stacking: s.Stacking, Access: s.Access}
	left := n
	for _, p := range s.Pieces {
		k := min(left, p.Count)
		left -= k
		if k > 0 {
			part := p
			part.Count = k
			first.Pieces = append(first.Pieces, part)
		}
		if k < p.Count {
			part := p
			part.Count = p.Count - k
			second.Pieces = append(second.Pieces, part)
		}
	}
	first.Room, second.Room = s.share(first.Pieces), s.share(second.Pieces)
	return first, second
}

// share is what some of the pieces take of the whole.
func (s *Size) share(part []Piece) Room {
	some, all := Size{Pieces: part}, s.Count()
	of := func(total int64, measure func([]Piece) int64) int64 {
		if whole := measure(s.Pieces); whole > 0 && weighed(s.Pieces, measure) {
			return max(measure(part), mulDivUp(total, measure(part), whole))
		}
		return mulDivUp(total, some.Count(), all)
	}
	return Room{Grams: of(s.Grams, Weight), Millilitres: of(s.Millilitres, Volume), FloorMM: of(s.FloorMM, s.floorOf)}
}

// floorOf is the floor of some of the pieces.
func (s *Size) floorOf(pieces []Piece) int64 {
	part := Size{Pieces: pieces, Stacking: s.Stacking}
	return part.Floor()
}

// weighed tells whether the measure is known of every piece.
func weighed(pieces []Piece, measure func([]Piece) int64) bool {
	for i := range pieces {
		if measure(pieces[i:i+1]) == 0 {
			return false
		}
	}
	return true
}

// mulDivUp is a*b/c rounded up, without overflow for what is admitted.
func mulDivUp(a, b, c int64) int64 {
	q, r := a/c, a%c
	return q*b + ceilDiv(r*b, c)
}
