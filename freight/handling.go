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

// handlingWay is how long loading or unloading takes in one way.
type handlingWay struct {
	Way     string `json:"way"`
	StopS   int64  `json:"stop_s"`   // however little there is to do
	ParcelS int64  `json:"parcel_s"` // each piece that one carries
	UnitS   int64  `json:"unit_s"`   // each pallet or crate
	LargeS  int64  `json:"large_s"`  // each unit that is long or heavy
	Because string `json:"because"`
}

var handlingWays = func() map[string]handlingWay {
	var table struct {
		Ways []handlingWay `json:"ways"`
	}
	if err := json.Unmarshal(handlingTable, &table); err != nil {
		panic(fmt.Sprintf("freight: built-in table of handling times: %v", err))
	}
	ways := map[string]handlingWay{}
	for _, w := range table.Ways {
		ways[w.Way] = w
	}
	return ways
}()

// ServiceS is how many seconds a load of these pieces takes to load or to unload by the
// table handling.json: by crane, from the side, over a tail-lift where the load needs
// one, else through the rear doors. Fewer pieces never take longer.
func (s *Size) ServiceS(needs Capability) int64 {
	if len(s.Pieces) == 0 {
		return UsualServiceS
	}
	way := handlingWays["rear"]
	switch {
	case s.Access == AccessTop:
		way = handlingWays["top"]
	case s.Access == AccessSide:
		way = handlingWays["side"]
	case needs.Has(CapTailLift):
		way = handlingWays["tail_lift"]
	}
	total := way.StopS
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
	return min(total, MaxServiceS)
}
