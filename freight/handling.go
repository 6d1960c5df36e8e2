package freight

import (
	_ "embed" // the table of handling times
	"encoding/json"
	"fmt"
)

//go:embed handling.json
var handlingTable []byte

// UsualServiceS is the service time in seconds of a stop where nobody has said one and
// no pieces are known.
const UsualServiceS = 900

// What is carried by hand, and what a fork-lift has to turn for.
const (
	parcelGrams = 30_000
	parcelMM    = 800 // longest side
	largeGrams  = 1500 * 1000
	largeMM     = 2400 // longest side: beyond the width of a truck
)

const (
	leastRehandleS = 60      // of whatever is moved out of the way and back
	maxRehandle    = 100_000 // fen a minute
)

// handlingWay is how long loading or unloading takes in one way.
type handlingWay struct {
	Way     string `json:"way"`
	StopS   int64  `json:"stop_s"`   // however little there is to do
	ParcelS int64  `json:"parcel_s"` // each piece that one carries
	UnitS   int64  `json:"unit_s"`   // each pallet or crate
	LargeS  int64  `json:"large_s"`  // each unit that is long or heavy
	Because string `json:"because"`
}

// rehandling is how long it takes to move goods out of the way and back.
type rehandling struct {
	Times   int64  `json:"times"`   // the time of each piece
	TonneS  int64  `json:"tonne_s"` // of goods whose pieces are not known
	Because string `json:"because"`
}

var handlingWays, rehandlingTimes = func() (map[string]handlingWay, rehandling) {
	var table struct {
		Ways     []handlingWay `json:"ways"`
		Rehandle rehandling    `json:"rehandle"`
	}
	if err := json.Unmarshal(handlingTable, &table); err != nil {
		panic(fmt.Sprintf("freight: built-in table of handling times: %v", err))
	}
	ways := map[string]handlingWay{}
	for _, w := range table.Ways {
		ways[w.Way] = w
	}
	return ways, table.Rehandle
}()

// ServiceS is how many seconds a load of these pieces takes to load or to unload by the
// table handling.json: by crane, from the side, over a tail-lift where the load needs
// one, else through the rear doors. Fewer pieces never take longer.
func (s *Size) ServiceS(needs Capability) int64 {
	if len(s.Pieces) == 0 {
		return UsualServiceS
	}
	way := s.way(needs)
	return min(way.StopS+s.piecesS(&way), MaxServiceS)
}

// RehandleS is how many seconds it takes by the table to move these pieces out of the way
// at somebody else's stop, and back. Fewer pieces never take longer.
func (s *Size) RehandleS(needs Capability) int64 {
	seconds := ceilDiv(s.Grams*rehandlingTimes.TonneS, 1_000_000)
	if len(s.Pieces) > 0 {
		way := s.way(needs)
		seconds = rehandlingTimes.Times * s.piecesS(&way)
	}
	return min(max(seconds, leastRehandleS), MaxServiceS)
}

// way is how the load is handled.
func (s *Size) way(needs Capability) handlingWay {
	switch {
	case s.Access == AccessTop:
		return handlingWays["top"]
	case s.Access == AccessSide:
		return handlingWays["side"]
	case needs.Has(CapTailLift):
		return handlingWays["tail_lift"]
	}
	return handlingWays["rear"]
}

// piecesS is how many seconds the pieces take to go in or out.
func (s *Size) piecesS(way *handlingWay) (total int64) {
	for i := range s.Pieces {
		p := &s.Pieces[i]
		longest := max(p.LengthMM, p.WidthMM, p.HeightMM)
		each := way.UnitS
		switch {
		case longest > largeMM || p.Grams > largeGrams:
			each = way.LargeS
		case longest <= parcelMM && p.Grams > 0 && p.Grams <= parcelGrams:
			each = way.ParcelS
		}
		total += p.Count * each
	}
	return total
}
