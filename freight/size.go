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
}

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
	Pieces []Piece `json:"pieces,omitempty"`
}

// Floor returns the floor that the pieces need side by side without stacking:
// the footprint over StandardDeckMM, in mm, rounded up.
func Floor(pieces []Piece) int64 {
	var area int64
	for _, p := range pieces {
		area += p.Count * p.LengthMM * p.WidthMM
	}
	return ceilDiv(area, StandardDeckMM)
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
