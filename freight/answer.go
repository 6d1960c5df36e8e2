package freight

// NextStep is what the shipper can do with an explanation whatever it says: go alone
// for an estimated price, or ask the officer who answers for his firm.
type NextStep struct {
	Alone    Fen         `json:"alone"`             // estimate of going alone, in fen
	Vehicle  VehicleType `json:"vehicle"`           // the cheapest that carries the load
	Vehicles int64       `json:"vehicles"`          // how many of them it takes
	Officer  ID          `json:"officer,omitempty"` // user, "" where the desk has no officers
}

// Answers tells whether the explanation is an answer: a change was looked for, so that it
// either helps or is proven not to be there, and the shipper is left with a next step.
func (e *Explanation) Answers() bool {
	return e.Remedy != nil && e.Next != nil && e.Next.Alone > 0 && e.Next.Vehicle != ""
}

// Bare tells whether the explanation proves that no single change would help.
func (e *Explanation) Bare() bool { return e.Remedy != nil && !e.Remedy.Helps() }

// TicketCause says why a ticket opened by itself: why an explanation alone was no answer.
type TicketCause string

// The causes.
const (
	CauseLost        TicketCause = "lost"        // the load lost its truck too late to be matched again
	CauseUnexplained TicketCause = "unexplained" // no verified explanation in time
	CauseInVain      TicketCause = "in_vain"     // the change that was named was made, and nobody took the load
	CauseRefused     TicketCause = "refused"     // operators it fits were asked, and all said no or were silent
)

// TicketCauses lists the closed set.
var TicketCauses = []TicketCause{CauseLost, CauseUnexplained, CauseInVain, CauseRefused}

// Made tells whether the terms that were stated anew make the change, or more of it.
func (r *Remedy) Made(before, after *LoadTerms) bool {
	by := Instant(r.By) * Second
	switch r.Kind {
	case RemedyPickupEarlier:
		return after.Pickup.Window.Open <= before.Pickup.Window.Open-by
	case RemedyPickupLater:
		return after.Pickup.Window.Close >= before.Pickup.Window.Close+by
	case RemedyDeliveryEarlier:
		return after.Delivery.Window.Open <= before.Delivery.Window.Open-by
	case RemedyDeliveryLater:
		return after.Delivery.Window.Close >= before.Delivery.Window.Close+by
	case RemedyPrice:
		return after.Ceiling >= before.Ceiling+Fen(r.By)
	case RemedyAccess:
		return after.Needs&r.Drop == 0 && (r.Drop != 0 || after.Size.Access == AccessAny)
	case RemedyStacking:
		return !after.Size.Stacks()
	case RemedyPickupPlace:
		return r.Point != nil && after.Pickup.Place.Point == *r.Point
	case RemedyDeliveryPlace:
		return r.Point != nil && after.Delivery.Place.Point == *r.Point
	case RemedySplit:
		return after.Size.Count() <= before.Size.Count()-r.By
	}
	return false
}
