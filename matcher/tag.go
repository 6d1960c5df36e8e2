package matcher

import (
	"math"

	"pinhuo/freight"
)

// Tag is what of a Header bounds the worth of a pair, in eight bytes: small enough to lie
// beside those of all other trips, so that most headers need not be fetched from memory.
// It promises no less than the Header does. The zero Tag knows nothing.
type Tag uint64

// A tag has four parts of as many bits: seconds spent, fen for a kilometre, fen for an
// hour, and the pace, in units.
const (
	tagBits  = 16
	tagMost  = 1<<tagBits - 1
	paceUnit = 4
)

// Tag is that of the trip.
func (h *Header) Tag() Tag {
	spent := max(int64(h.spentS), 0)
	if h.pace < 0 || spent > tagMost {
		return 0
	}
	pace := (int64(h.pace) + paceUnit - 1) / paceUnit
	if pace > tagMost {
		pace = 0
	}
	rate := func(fen freight.Fen) Tag { return Tag(min(max(fen, 0), tagMost)) }
	return Tag(spent) | rate(h.cost.PerKM+h.cost.Toll)<<tagBits | rate(h.cost.PerHour)<<(2*tagBits) | Tag(pace)<<(3*tagBits)
}

// AtMost returns no less than what Header.AtMost does, whatever else is known of the trip.
func (t Tag) AtMost(load *freight.Load, detourS int64) int64 {
	if t == 0 {
		return math.MaxInt64
	}
	part := func(k int) int64 { return int64(t >> (k * tagBits) & tagMost) }
	added := detourS - part(0)
	cost := freight.TypeCost{PerKM: freight.Fen(part(1)), PerHour: freight.Fen(part(2))}
	serviceS := load.Pickup.ServiceS + load.Delivery.ServiceS
	return int64(load.Alone - cost.Drive(leastRoad(paceUnit*part(3), added), max(added+serviceS, 0)))
}
