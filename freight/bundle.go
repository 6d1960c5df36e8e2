package freight

// KindBundle is the kind of what an operator is told of offers that belong together. It
// has no row of its own: its offers carry its id and version.
const KindBundle = "bundle"

// The events of a bundle, told to its operator.
const (
	EventBundleSent    EventType = "pinhuo.bundle.sent"
	EventBundleChanged EventType = "pinhuo.bundle.changed" // a new version: offers of it ended, came or have new terms
	EventBundleEnded   EventType = "pinhuo.bundle.ended"   // none of its offers is open any more
)

// Bundle is the offers on one trip that were put before its operator together, each in
// the order in which it stands upon those before it.
type Bundle struct {
	ID      ID
	Version int64 // the greatest edition of its offers
	Lines   []Deal
}

// BundleLine is what an event tells of one offer of a bundle.
type BundleLine struct {
	Offer   ID         `json:"offer"`
	Load    ID         `json:"load"`
	State   OfferState `json:"state"`
	Reason  Reason     `json:"reason,omitempty"` // why it ended without a booking
	Price   Fen        `json:"price"`
	DetourM int64      `json:"detour_m"`
	DetourS int64      `json:"detour_s"`
}

// Chained returns offers on one trip so that each comes after the one that it stands
// upon, and otherwise in their order.
func Chained(list []*Offer) []*Offer {
	byID := make(map[ID]*Offer, len(list))
	for _, o := range list {
		byID[o.ID] = o
	}
	chain := make([]*Offer, 0, len(list))
	var put func(o *Offer)
	put = func(o *Offer) {
		if o == nil || byID[o.ID] == nil {
			return
		}
		delete(byID, o.ID)
		put(byID[o.After])
		chain = append(chain, o)
	}
	for _, o := range list {
		put(o)
	}
	return chain
}
