package freight

import (
	_ "embed" // the default cost file
	"fmt"
)

//go:embed costs.json
var defaultCosts []byte

// TypeCost is what a vehicle of one type costs and typically holds.
type TypeCost struct {
	Type    VehicleType `json:"type"`
	Fixed   Fen         `json:"fixed_fen"`    // for a hire of its own
	PerKM   Fen         `json:"per_km_fen"`   // each kilometre driven
	PerHour Fen         `json:"per_hour_fen"` // each hour driving, waiting or in service
	Toll    Fen         `json:"toll_fen"`     // each kilometre driven, on top of PerKM
	Payload int64       `json:"payload_g"`
	Inner   Inner       `json:"inner"`
}

// Costs is the cost file of a market: the figures are estimates of operating
// cost that an operator of the market sets; the default ones are round numbers.
type Costs struct {
	Margin   int64      `json:"margin_percent"`   // price = marginal cost × Margin / 100
	Discount int64      `json:"discount_percent"` // default ceiling = alone less Discount %
	Types    []TypeCost `json:"types"`            // cheapest first
}

// DefaultCosts returns the built-in cost file.
func DefaultCosts() Costs {
	c, err := ParseCosts(defaultCosts)
	if err != nil {
		panic(fmt.Sprintf("freight: built-in cost file: %v", err))
	}
	return c
}

// ParseCosts reads a cost file; an Invalid error names what is wrong in it.
func ParseCosts(text []byte) (Costs, error) {
	var c Costs
	if _, err := decodeTable(text, &c); err != nil {
		return Costs{}, &Error{Code: Invalid, Problem: ProblemMalformed, Field: "costs", Cause: err}
	}
	faults := c.faults()
	return c, faults.Err()
}

// faults lists what is wrong in a cost file.
func (c *Costs) faults() (faults Faults) {
	faults.Require(c.Margin >= 100 && c.Margin <= 1000, "costs.margin_percent", ProblemRange, fmt.Sprint(c.Margin))
	faults.Require(c.Discount >= 0 && c.Discount < 100, "costs.discount_percent", ProblemRange, fmt.Sprint(c.Discount))
	faults.Require(len(c.Types) > 0, "costs.types", ProblemRequired, "")
	for i, t := range c.Types {
		sound := t.Type != "" && t.Fixed >= 0 && t.Toll >= 0 && t.PerKM > 0 && t.PerHour > 0 && t.Payload > 0 &&
			t.Inner.LengthMM > 0 && t.Inner.WidthMM > 0 && t.Inner.HeightMM > 0
		faults.Require(sound, fmt.Sprintf("costs.types[%d]", i), ProblemRange, string(t.Type))
	}
	return faults
}

// Of returns the costs of a vehicle type; false when the file has none.
func (c *Costs) Of(t VehicleType) (TypeCost, bool) {
	for _, known := range c.Types {
		if known.Type == t {
			return known, true
		}
	}
	return TypeCost{}, false
}

// Drive returns the cost of metres driven and seconds spent, rounded up to a fen.
func (t *TypeCost) Drive(metres, seconds int64) Fen {
	// fen/km × m / 1000 + fen/h × s / 3600, over the common denominator 18000.
	return Fen(ceilDiv(int64(t.PerKM+t.Toll)*metres*18+int64(t.PerHour)*seconds*5, 18000))
}

// Price returns what a joiner pays for the extra metres and seconds it costs
// the trip: marginal cost with the margin, rounded up, at least least.
func (c *Costs) Price(t VehicleType, metres, seconds int64, least Fen) Fen {
	cost, _ := c.Of(t)
	return max(least, Fen(ceilDiv(int64(cost.Drive(max(metres, 0), max(seconds, 0)))*c.Margin, 100)))
}

// Alone estimates what the shipper pays without pooling: the cheapest hire over
// the vehicle types for the direct drive and both services. parts is the number
// of such vehicles needed, 1 for all but the largest loads; a load with a piece
// that no type takes is priced on the largest type.
func (c *Costs) Alone(size Size, direct Leg, serviceS int64) (price Fen, parts int64) {
	price, parts, _ = c.Hire(size, direct, serviceS)
	return price, parts
}

// Hire is Alone with the type of vehicle that it is reckoned on.
func (c *Costs) Hire(size Size, direct Leg, serviceS int64) (price Fen, parts int64, on VehicleType) {
	for i := range c.Types {
		t := &c.Types[i]
		n := t.Inner.Room(t.Payload).Parts(size.Room)
		if n == 0 || (!t.takes(size.Pieces) && i < len(c.Types)-1) {
			continue
		}
		hire := Fen(n) * (t.Fixed + t.Drive(direct.Metres, direct.Seconds+serviceS))
		if parts == 0 || hire < price {
			price, parts, on = hire, n, t.Type
		}
	}
	return price, parts, on
}

func (t *TypeCost) takes(pieces []Piece) bool {
	for _, p := range pieces {
		if !t.Inner.Takes(p) {
			return false
		}
	}
	return true
}

// Ceiling returns the default ceiling: alone less the guaranteed discount,
// rounded down.
func (c *Costs) Ceiling(alone Fen) Fen { return alone * Fen(100-c.Discount) / 100 }
