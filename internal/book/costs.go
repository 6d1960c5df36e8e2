package book

import (
	"fmt"
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// Costs are those of the present version. The value is immutable.
func (b *Book) Costs() *freight.Costs { return b.costsOf(b.present()) }

// present is the number of the present version, 0 for what the server was started with.
func (b *Book) present() int64 { return int64(len(b.models)) }

// costsOf are those of a version.
func (b *Book) costsOf(number int64) *freight.Costs {
	if number < 1 || number > b.present() {
		return b.env.Costs
	}
	return &b.models[number-1].Costs
}

// fitOf judges an offer by the costs that priced it: what the desk changes since
// holds for new offers only.
func (t *turn) fitOf(o *freight.Offer) *matcher.Fit {
	fit := t.fit
	fit.Costs = t.costsOf(o.Costs)
	return &fit
}

// setCosts makes a new version of the market's costs.
func (t *turn) setCosts(act freight.SetCosts) (freight.Result, error) {
	if !slices.Contains(t.env.Desks, t.cmd.Org) {
		return freight.Result{}, &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemRole}
	}
	if act.Number != t.present() {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "version", fmt.Sprint(act.Number))
	}
	if err := act.Costs.Succeeds(t.Costs()); err != nil {
		return freight.Result{}, err
	}
	m := &freight.CostModel{Meta: t.meta(freight.PrefixCosts, t.cmd.Org), Number: t.present() + 1, Costs: act.Costs}
	m.Costs.Types = slices.Clone(m.Costs.Types)
	t.models = append(slices.Clip(t.models), m)
	t.changed(freight.KindCosts, &m.Meta)
	for _, desk := range t.env.Desks {
		t.tell(desk, freight.EventCostsSet, &m.Meta, freight.Facts{Costs: m.Number})
	}
	return freight.Result{Costs: m}, nil
}

// newModels are the versions that a round has made.
func (b *Book) newModels() []freight.Row[freight.CostModel] {
	var rows []freight.Row[freight.CostModel]
	for _, m := range b.models[len(b.below.models):] {
		rows = append(rows, freight.Row[freight.CostModel]{Value: *m})
	}
	return rows
}
