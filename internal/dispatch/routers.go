package dispatch

import "pinhuo/freight"

// Routers lists the routers that the market's live trips were announced under, each
// once. It may be asked at any time.
func (d *Dispatcher) Routers() []freight.Router {
	var list []freight.Router
	known := map[freight.Router]bool{}
	d.engine.board.Load().trips.Range(func(_, held any) bool {
		if r := held.(*berth).outline.Load().Router(); !known[r] {
			known[r] = true
			list = append(list, r)
		}
		return true
	})
	return list
}
