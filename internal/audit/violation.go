package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pinhuo/freight"
)

// Name names a kind of violation.
type Name string

// The closed set of violations.
const (
	RoomExceeded       Name = "room_exceeded"        // a leg carries more than the trip spares there
	LoadBookedTwice    Name = "load_booked_twice"    // two live bookings for one load
	OfferAcceptedTwice Name = "offer_accepted_twice" // two bookings from one offer
	VehicleOverlap     Name = "vehicle_overlap"      // two live trips of a vehicle at one time
	ChainBroken        Name = "chain_broken"         // a trip does not begin where and after the one that it follows ends
	VehicleUnknown     Name = "vehicle_unknown"      // a trip's vehicle does not exist or is another firm's
	PlateTwice         Name = "plate_twice"          // two vehicles with one plate
	BookingNotInPlan   Name = "booking_not_in_plan"  // a booking lacks its pickup or delivery in the trip's plan
	PlanNotBooked      Name = "plan_not_booked"      // the plan serves a load that is not booked on the trip
	PlanOrder          Name = "plan_order"           // own stops missing or out of order, or a delivery before its pickup
	PlanCall           Name = "plan_call"            // a call differs from the stop it stands for
	PlanLegs           Name = "plan_legs"            // a leg is not what the router measures
	PlanTimes          Name = "plan_times"           // the times of the plan do not follow from its legs
	PlanHistory        Name = "plan_history"         // what was already driven has been changed
	PlanDirect         Name = "plan_direct"          // the drive of the trip's own stops is wrong
	RestsMissed        Name = "rests_missed"         // drivers drive on without the rest that the trip's rules ask
	WindowMissed       Name = "window_missed"        // service begins outside a window
	HorizonMissed      Name = "horizon_missed"       // a free-roaming trip serves after its horizon
	PromiseBroken      Name = "promise_broken"       // a booked load is served later than promised
	DetourExceeded     Name = "detour_exceeded"      // more extra metres or seconds than the operator accepts
	StopsExceeded      Name = "stops_exceeded"       // more extra stops than the operator accepts
	EquipmentMissing   Name = "equipment_missing"    // the vehicle lacks what a booked load needs
	PieceTooLarge      Name = "piece_too_large"      // a booked piece does not fit the vehicle's inner box or its door
	DeckOverloaded     Name = "deck_overloaded"      // a booked load is too heavy for a metre of the vehicle's deck
	UnloadBlocked      Name = "unload_blocked"       // a load stands between another and the only doors
	MixForbidden       Name = "mix_forbidden"        // loads ride together that may not
	PriceAboveCeiling  Name = "price_above_ceiling"  // a booking costs more than the shipper accepts
	PriceBelowMinimum  Name = "price_below_minimum"  // a booking pays less than the trip's minimum
	PriceNotAccepted   Name = "price_not_accepted"   // a booking's price is not that of the offer accepted
	LoadState          Name = "load_state"           // a load's state contradicts its bookings
	OfferState         Name = "offer_state"          // an offer's state contradicts its load, trip or booking
	BookingState       Name = "booking_state"        // a booking's state contradicts its load, trip or offer
	CounterWrong       Name = "counter_wrong"        // a price was named outside what both sides see, too often, or not the one that was booked
	SoleBroken         Name = "sole_broken"          // somebody was asked while another operator was asked alone, or that one had too long
	TakenWrong         Name = "taken_wrong"          // what was taken from the board was not for the taking, or not at its price
	BundleWrong        Name = "bundle_wrong"         // offers of a bundle are not of one trip, version and chain
	HoldOverdue        Name = "hold_overdue"         // a booking waits for its shipper though its clock ran out
	HoldWrong          Name = "hold_wrong"           // a booking waits for a shipper who is not asked, or did not wait for one who is, or too many do
	BookingTerms       Name = "booking_terms"        // a booking's size or parties are not those of its load and trip
	DanglingRow        Name = "dangling_row"         // a row names another that does not exist
	EventGap           Name = "event_gap"            // event numbers are not 1, 2, 3 ...
	EventOrder         Name = "event_order"          // an event is older than the one before it
	EventUnknown       Name = "event_unknown"        // an event's type or schema is not of the closed set
	EventSubject       Name = "event_subject"        // an event's subject or its version does not exist
	EventAudience      Name = "event_audience"       // an event is addressed to somebody who is no party
	EventMissing       Name = "event_missing"        // a party was never told
	ChangeGap          Name = "change_gap"           // change numbers are not 1, 2, 3 ...
	ChangeRow          Name = "change_row"           // a change names a row or version that does not exist
	ChangeMissing      Name = "change_missing"       // a row's present version has no change
	RecordGap          Name = "record_gap"           // a version of a trip was not recorded
	RecordDiffers      Name = "record_differs"       // the last record of a trip is not the trip
	Unanswered         Name = "unanswered"           // a load has no answer though its clock ran out
	AnsweredLate       Name = "answered_late"        // a load was answered after answer_by
	OfferOverdue       Name = "offer_overdue"        // an offer is open though its clock ran out
	ExplanationCounts  Name = "explanation_counts"   // an explanation does not add up
	ExplanationMissing Name = "explanation_missing"  // a load counts as explained but has no explanation
	ReasonWrong        Name = "reason_wrong"         // a load was told a reason that does not hold
	RemedyWrong        Name = "remedy_wrong"         // a load was told a change that does not help, or not the smallest
	ActGap             Name = "act_gap"              // numbers of the log of acts have a gap, or are out of order in time
	ActChain           Name = "act_chain"            // a row of the log of acts is not chained to the one before it: it was changed or put elsewhere, or another hand added it
	ActEnd             Name = "act_end"              // the log of acts does not begin or end where it was written to: rows at its end were cut or added, or it was written anew
	ActForm            Name = "act_form"             // a row of the log of acts does not say who did or was refused what, and why
	ActTwice           Name = "act_twice"            // one request has two rows in the log of acts
	AnswerRow          Name = "answer_row"           // the stored answer to a keyed request names a row that does not exist
	PoolState          Name = "pool_state"           // a pool's or member's state contradicts the other's, its load or its trip
	PoolShares         Name = "pool_shares"          // what a pool's members pay is not what its operator gets
	PoolPromise        Name = "pool_promise"         // a member pays more than promised, or was promised more than its ceiling or going alone
	PoolOverdue        Name = "pool_overdue"         // a pool can be answered though its clock ran out
	TicketState        Name = "ticket_state"         // a ticket's log may not be, or does not lead to what it is
	TicketOwner        Name = "ticket_owner"         // a ticket has no officer or no clock
	TicketClock        Name = "ticket_clock"         // a ticket's clock is not that of its kind, class and owner's hours, or nobody at work has it
	TicketOverdue      Name = "ticket_overdue"       // nobody above was given a ticket whose clock ran out
	TicketCauseless    Name = "ticket_causeless"     // a ticket opened by itself for what did not happen
	LoadUnminded       Name = "load_unminded"        // a load was left without an answer, and nobody named for it
	RosterWrong        Name = "roster_wrong"         // a desk without its head or default officer, or a firm bound twice
	BriefWrong         Name = "brief_wrong"          // a day's brief does not add up
	SharesWrong        Name = "shares_wrong"         // what a trip's riders pay, with the fees, is not what its carrier gets
	ShareAbovePromise  Name = "share_above_promise"  // a booking costs its shipper more than promised
	ShareRaised        Name = "share_raised"         // a share began below the price agreed, rose, or moved once final
	ShareUntold        Name = "share_untold"         // a shipper was told another share than it pays
	FeeWrong           Name = "fee_wrong"            // a fee is owed by nobody, by a rider, or is more than the share
	CostsWrong         Name = "costs_wrong"          // cost models are not 1, 2, 3 ..., or one was used before its time
	LeaseWrong         Name = "lease_wrong"          // what nobody says is still true stays on the market, or left it unasked
	AgainWrong         Name = "again_wrong"          // an operator was not asked in time whether he drives, or what is open about a trip is known to nobody
	TallyWrong         Name = "tally_wrong"          // what was counted of a firm is not what it did
	CustodyLost        Name = "custody_lost"         // a trip ended with goods aboard, or promised to be
	CustodySteps       Name = "custody_steps"        // where goods are said to be is not what was told of them
	ProofWrong         Name = "proof_wrong"          // a proof is not its booking's, or a booking is proven without one
	ProofLost          Name = "proof_lost"           // the picture of a proof is not in the folder of blobs, or is another
	CustodyEndless     Name = "custody_endless"      // goods are on a truck that is long past its plan, and the desk was not called
	CustodyTwice       Name = "custody_twice"        // goods are on two trucks at a time
	CustodyFreed       Name = "custody_freed"        // room was given away on which goods still stood
	RoadWrong          Name = "road_wrong"           // what is expected of a late truck does not follow from what was told, or it changed the plan
	CustodyStopped     Name = "custody_stopped"      // a truck broke down, and what is on it has nobody, or what is not was not let go
	RiskWrong          Name = "risk_wrong"           // a promise is expected to be broken, and its sides or the desk do not know
	LeaseEpoch         Name = "lease_epoch"          // rows were written without a writer's lease
)

// Names lists the closed set.
var Names = []Name{
	RoomExceeded, LoadBookedTwice, OfferAcceptedTwice, VehicleOverlap, ChainBroken, VehicleUnknown, PlateTwice, BookingNotInPlan,
	PlanNotBooked, PlanOrder, PlanCall, PlanLegs, PlanTimes, PlanHistory, PlanDirect, RestsMissed, WindowMissed, HorizonMissed,
	PromiseBroken, DetourExceeded, StopsExceeded, EquipmentMissing, PieceTooLarge,
	DeckOverloaded, UnloadBlocked, MixForbidden, PriceAboveCeiling,
	PriceBelowMinimum, PriceNotAccepted, LoadState, OfferState, BookingState, CounterWrong, SoleBroken, TakenWrong, BundleWrong, HoldOverdue, HoldWrong, BookingTerms, DanglingRow, EventGap,
	EventOrder, EventUnknown, EventSubject, EventAudience, EventMissing, ChangeGap, ChangeRow, ChangeMissing,
	RecordGap, RecordDiffers, Unanswered, AnsweredLate, OfferOverdue, ExplanationCounts, ExplanationMissing,
	ReasonWrong, RemedyWrong, ActGap, ActChain, ActEnd, ActForm, ActTwice, AnswerRow, PoolState, PoolShares, PoolPromise, PoolOverdue,
	TicketState, TicketOwner, TicketClock, TicketOverdue, TicketCauseless, LoadUnminded, RosterWrong, BriefWrong,
	SharesWrong, ShareAbovePromise, ShareRaised, ShareUntold, FeeWrong, CostsWrong, LeaseWrong, AgainWrong, TallyWrong,
	ProofWrong, ProofLost, CustodyLost, CustodySteps, CustodyEndless, CustodyTwice, CustodyFreed, CustodyStopped, RoadWrong, RiskWrong, LeaseEpoch,
}

// Row names a row of the database.
type Row struct {
	Kind string     `json:"kind"` // "load", "trip", "offer", "booking", "vehicle", "pool", "member", "ticket", "officer", "brief", "event", "change", "act", "answer", "market"
	ID   freight.ID `json:"id"`
}

// Number is one figure behind a violation, with its unit in the name.
type Number struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// Violation is one invariant that does not hold.
type Violation struct {
	Name    Name       `json:"name"`
	Market  freight.ID `json:"market"`
	Rows    []Row      `json:"rows"`
	Numbers []Number   `json:"numbers,omitempty"`
}

// String writes the violation on one line, for example
// "room_exceeded: trip tr_01J... leg=2 need_g=900000 room_g=800000".
func (v Violation) String() string {
	var b strings.Builder
	b.WriteString(string(v.Name) + ":")
	for _, r := range v.Rows {
		b.WriteString(" " + r.Kind + " " + string(r.ID))
	}
	for _, n := range v.Numbers {
		fmt.Fprintf(&b, " %s=%d", n.Name, n.Value)
	}
	return b.String()
}

// kept is how many violations of one name a report lists; all are counted.
const kept = 100

// Report is what an audit found.
type Report struct {
	Markets    int            `json:"markets"`
	Rows       map[string]int `json:"rows"`       // judged, by kind
	Violations int            `json:"violations"` // all of them
	Counts     map[Name]int   `json:"counts"`
	List       []Violation    `json:"list"` // at most 100 of a name
	// Unmeasured is the number of trips whose legs could not be measured anew
	// because their router is not at hand.
	Unmeasured int `json:"unmeasured"`
}

// note adds a violation.
func (r *Report) note(v Violation) {
	r.Violations++
	r.Counts[v.Name]++
	if r.Counts[v.Name] <= kept {
		r.List = append(r.List, v)
	}
}

// sort orders the list by name as in Names, then by the rows.
func (r *Report) sort() {
	rank := make(map[Name]int, len(Names))
	for i, n := range Names {
		rank[n] = i
	}
	slices.SortStableFunc(r.List, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(rank[a.Name], rank[b.Name]), slices.CompareFunc(a.Rows, b.Rows, func(x, y Row) int {
			return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.ID, y.ID))
		}))
	})
}
