package freight

// StandardDeckMM is the inner width that turns footprints into floor metres
// (loading metres, LDM): one floor metre is 1 m of a deck 2.4 m wide.
const StandardDeckMM = 2400

// Piece is a number of equal handling units.
type Piece struct {
	Count    int64 `json:"count"`
	LengthMM int64 `json:"length_mm"`
	WidthMM  int64 `json:"width_mm"`
	HeightMM int64 `json:"height_mm"`
	Grams    int64 `json:"grams"` // of one unit; 0 when only the gross weight is known
	// Stacking of these units; "" is that of the whole load.
	Stacking Stacking `json:"stacking,omitempty"`
}

// Stacking says what may stand on what within one load. Loads are never stacked
// on one another.
type Stacking string

// The ways of stacking.
const (
	StackUnsaid  Stacking = ""          // as StackNone
	StackNone    Stacking = "none"      // nothing on top, and it stands on the floor
	StackAll     Stacking = "stackable" // units of one line stand on each other, as high as the box
	StackTopOnly Stacking = "top_only"  // may stand on top of a stack, bears nothing itself
)

// Access is where a load can be handled from; AccessAny is wherever the vehicle
// opens.
type Access string

// The kinds of access.
const (
	AccessAny  Access = ""
	AccessRear Access = "rear" // a dock: through the rear doors alone
	AccessSide Access = "side" // by fork-lift from the side alone
	AccessTop  Access = "top"  // by crane alone
)

// Room is what a load takes and what a truck spares: weight, volume and floor.
type Room struct {
	Grams       int64 `json:"grams"`
	Millilitres int64 `json:"ml"`
	FloorMM     int64 `json:"floor_mm"` // length of a StandardDeckMM wide deck
}

// Plus adds two rooms.
func (r Room) Plus(o Room) Room {
	return Room{r.Grams + o.Grams, r.Millilitres + o.Millilitres, r.FloorMM + o.FloorMM}
}

// Minus subtracts o; the result may be negative.
func (r Room) Minus(o Room) Room {
	return Room{r.Grams - o.Grams, r.Millilitres - o.Millilitres, r.FloorMM - o.FloorMM}
}

// Min returns the smaller of each dimension.
func (r Room) Min(o Room) Room {
	return Room{min(r.Grams, o.Grams), min(r.Millilitres, o.Millilitres), min(r.FloorMM, o.FloorMM)}
}

// Max returns the larger of each dimension.
func (r Room) Max(o Room) Room {
	return Room{max(r.Grams, o.Grams), max(r.Millilitres, o.Millilitres), max(r.FloorMM, o.FloorMM)}
}

// Lacks names the first dimension (weight, volume, deck) in which r is too
// small for take, or NoReason when take fits.
func (r Room) Lacks(take Room) Reason {
	switch {
	case take.Grams > r.Grams:
		return ReasonWeight
	case take.Millilitres > r.Millilitres:
		return ReasonVolume
	case take.FloorMM > r.FloorMM:
		return ReasonDeck
	}
	return NoReason
}

// Parts returns into how many equal parts take must be split for each part to
// fit r: 1 when it fits whole, 0 when no split helps because r is empty in a
// dimension that take needs.
func (r Room) Parts(take Room) int64 {
	parts := int64(1)
	for _, d := range [3][2]int64{{take.Grams, r.Grams}, {take.Millilitres, r.Millilitres}, {take.FloorMM, r.FloorMM}} {
		if d[0] <= d[1] {
			continue
		}
		if d[1] <= 0 {
			return 0
		}
		parts = max(parts, ceilDiv(d[0], d[1]))
	}
	return parts
}

// Size is what one load measures: the totals judged on the truck and the
// pieces they come from.
type Size struct {
	Room
	Pieces   []Piece  `json:"pieces,omitempty"`
	Stacking Stacking `json:"stacking,omitempty"` // of pieces that say nothing themselves
	Access   Access   `json:"access,omitempty"`
}

// standardHeightMM is how high stackable pieces are reckoned to stand where the
// vehicle is not known.
const standardHeightMM = 2400

// StackingOf returns what counts for a line of pieces.
func (s *Size) StackingOf(p *Piece) Stacking {
	if p.Stacking != StackUnsaid {
		return p.Stacking
	}
	return s.Stacking
}

// Floor returns the floor that the pieces need side by side: the footprint over
// StandardDeckMM, in mm, rounded up. Stackable ones are stacked 2.4 m high; all
// others stand on the floor.
func (s *Size) Floor() int64 {
	var area int64
	for i := range s.Pieces {
		p := &s.Pieces[i]
		stacks := p.Count
		if s.StackingOf(p) == StackAll && p.HeightMM > 0 {
			stacks = ceilDiv(p.Count, max(1, standardHeightMM/p.HeightMM))
		}
		area += stacks * p.LengthMM * p.WidthMM
	}
	return ceilDiv(area, StandardDeckMM)
}

// Least returns what the load takes on any vehicle at the least: the floor of
// one that can be stacked depends on how high the vehicle is.
func (s *Size) Least() Room {
	least := s.Room
	for i := range s.Pieces {
		if stacking := s.StackingOf(&s.Pieces[i]); stacking == StackAll || stacking == StackTopOnly {
			least.FloorMM = 0
		}
	}
	return least
}

// Volume returns the volume of the pieces in millilitres, rounded up.
func Volume(pieces []Piece) int64 {
	var ml int64
	for _, p := range pieces {
		ml += ceilDiv(p.Count*p.LengthMM*p.WidthMM*p.HeightMM, 1000)
	}
	return ml
}

// Weight returns the weight of the pieces in grams.
func Weight(pieces []Piece) int64 {
	var g int64
	for _, p := range pieces {
		g += p.Count * p.Grams
	}
	return g
}

func ceilDiv(a, b int64) int64 {
	if a <= 0 {
		return 0
	}
	return (a + b - 1) / b
}
