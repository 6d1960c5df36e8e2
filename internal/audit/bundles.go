package audit

import "pinhuo/freight"

// edition is the version of a bundle: the greatest that one of its offers has.
func edition(list []*freight.Offer) (version int64) {
	for _, o := range list {
		version = max(version, o.Edition)
	}
	return version
}

// checkBundles wants the offers of a bundle to be on one trip of one operator, and all
// that are open in its present version.
func (w *world) checkBundles() {
	for _, id := range sorted(w.bundles) {
		list := w.bundles[id]
		first, version := list[0], edition(list)
		for _, o := range list {
			if o.Org != first.Org || o.Trip != first.Trip || o.Edition < 1 || o.Open() && o.Edition != version {
				w.note(BundleWrong, []Row{{freight.KindBundle, id}, {freight.KindOffer, o.ID}}, Number{"edition", o.Edition}, Number{"version", version})
			}
		}
	}
}

// checkUpon wants what an offer stands upon to be offers on its trip, and an end to that.
func (w *world) checkUpon(o *freight.Offer) {
	links, seen := int64(0), map[freight.ID]bool{o.ID: true}
	for at := o; at.After != ""; links++ {
		before := w.offers[at.After]
		if before == nil || before.Trip != o.Trip || seen[before.ID] {
			w.note(BundleWrong, []Row{{freight.KindOffer, o.ID}, {freight.KindOffer, at.After}}, Number{"links", links})
			return
		}
		seen[before.ID], at = true, before
	}
}
