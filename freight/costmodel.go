package freight

import "fmt"

// CostModel is one version of a market's costs. Versions are numbered from 1 in the
// order in which the desk set them and never changed; 0 is the cost file that the
// server was started with.
type CostModel struct {
	Meta
	Number int64 `json:"number"`
	Costs  Costs `json:"costs"`
}

// SetCosts makes a new version of the market's costs; it holds for what is offered
// from then on. Offers and bookings keep the version that priced them.
type SetCosts struct {
	Number int64 // the version it replaces: the present one
	Costs  Costs
}

func (a SetCosts) act() Naming { return Naming{"set_costs", "", a.Number} }

// KindCosts is the kind of a Change about a cost model.
const KindCosts = "costs"

// PrefixCosts begins the id of a cost model.
const PrefixCosts = "cm"

// EventCostsSet tells the desk that there is a new version of the costs.
const EventCostsSet EventType = "pinhuo.costs.set"

// maxRate bounds what a vehicle costs, fixed, a kilometre and an hour, in fen: a
// hundred thousand yuan.
const maxRate Fen = 10_000_000

// Succeeds checks costs that are to follow others: an Invalid error names what is
// wrong. The vehicle types, what they hold and their order stay.
func (c *Costs) Succeeds(old *Costs) error {
	faults := c.faults()
	faults.Require(len(c.Types) == len(old.Types), "costs.types", ProblemRange, fmt.Sprint(len(c.Types)))
	for i := range min(len(c.Types), len(old.Types)) {
		a, b := &c.Types[i], &old.Types[i]
		field := fmt.Sprintf("costs.types[%d]", i)
		faults.Require(a.Type == b.Type && a.Payload == b.Payload && a.Inner == b.Inner, field+".type", ProblemUnknown, string(a.Type))
		faults.Require(max(a.Fixed, a.PerKM, a.PerHour, a.Toll) <= maxRate, field, ProblemRange, string(a.Type))
	}
	return faults.Err()
}
