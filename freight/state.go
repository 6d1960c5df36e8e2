package freight

// A transition table is the one place that says which event may follow which
// state; everything that changes a state asks Next.
type table[S, E comparable] map[S]map[E]S

func (t table[S, E]) next(from S, event E) (S, bool) {
	to, ok := t[from][event]
	return to, ok
}

// LoadEvent moves a load.
type LoadEvent string

// The events of a load.
const (
	LoadPost     LoadEvent = "post"     // put on the market
	LoadBook     LoadEvent = "book"     // a booking took it
	LoadRelease  LoadEvent = "release"  // its booking ended before aboard
	LoadWithdraw LoadEvent = "withdraw" // the shipper takes it back
	LoadExpire   LoadEvent = "expire"   // its pickup window ended
	LoadOutside  LoadEvent = "outside"  // settled outside
	LoadLapse    LoadEvent = "lapse"    // nobody said that it was still true
	LoadDeliver  LoadEvent = "deliver"
	LoadFail     LoadEvent = "fail"
)

// Repost is the event post on a closed load that was withdrawn, or ended by a clock;
// Load.MayRepost tells the outcomes apart.
var loadTable = table[LoadState, LoadEvent]{
	LoadDraft:     {LoadPost: LoadPosted, LoadWithdraw: LoadClosed},
	LoadPosted:    {LoadBook: LoadCommitted, LoadWithdraw: LoadClosed, LoadExpire: LoadClosed, LoadOutside: LoadClosed, LoadLapse: LoadClosed},
	LoadCommitted: {LoadRelease: LoadPosted, LoadWithdraw: LoadClosed, LoadDeliver: LoadClosed, LoadFail: LoadClosed},
	LoadClosed:    {LoadPost: LoadPosted},
}

// NextLoad returns the state after the event, or a state conflict.
func NextLoad(from LoadState, event LoadEvent) (LoadState, error) {
	to, ok := loadTable.next(from, event)
	if !ok {
		return from, Refuse(ProblemState, "state", string(from))
	}
	return to, nil
}

// MayRepost tells whether a closed load may be put on the market again.
func (l *Load) MayRepost() bool {
	return l.State == LoadClosed && (l.Outcome == OutcomeWithdrawn || l.Outcome == OutcomeExpired || l.Outcome == OutcomeLapsed)
}

// TripEvent moves a trip.
type TripEvent string

// The events of a trip.
const (
	TripOpenUp   TripEvent = "open"     // matching begins
	TripDepart   TripEvent = "depart"   // the first stop is left
	TripComplete TripEvent = "complete" // the last stop is done
	TripCancel   TripEvent = "cancel"   // the operator takes it back
	TripLapse    TripEvent = "lapse"    // a lease ran out: no new loads
	TripRenew    TripEvent = "renew"    // announced anew with new times, or said to be true again
	TripOverrun  TripEvent = "overrun"  // its plan has ended, and it is not known to be empty
	TripBreak    TripEvent = "break"    // its truck broke down
)

var tripTable = table[TripState, TripEvent]{
	TripAnnounced: {TripOpenUp: TripOpen, TripCancel: TripCancelled, TripLapse: TripLapsed},
	TripOpen: {TripDepart: TripUnderway, TripCancel: TripCancelled, TripLapse: TripLapsed, TripComplete: TripCompleted, TripOverrun: TripOverdue,
		TripBreak: TripStopped},
	TripUnderway:  {TripComplete: TripCompleted, TripCancel: TripCancelled, TripLapse: TripLapsed, TripOverrun: TripOverdue, TripBreak: TripStopped},
	TripLapsed:    {TripComplete: TripCompleted, TripCancel: TripCancelled, TripRenew: TripOpen, TripOverrun: TripOverdue, TripBreak: TripStopped},
	TripOverdue:   {TripComplete: TripCompleted, TripCancel: TripCancelled, TripBreak: TripStopped},
	TripStopped:   {TripComplete: TripCompleted},
	TripCompleted: {},
	TripCancelled: {TripRenew: TripOpen},
}

// NextTrip returns the state after the event, or a state conflict.
func NextTrip(from TripState, event TripEvent) (TripState, error) {
	to, ok := tripTable.next(from, event)
	if !ok {
		return from, Refuse(ProblemState, "state", string(from))
	}
	return to, nil
}

// OfferEvent moves an offer.
type OfferEvent string

// The events of an offer.
const (
	OfferSee       OfferEvent = "see"
	OfferAccept    OfferEvent = "accept"
	OfferDecline   OfferEvent = "decline"
	OfferCounter   OfferEvent = "counter"
	OfferExpire    OfferEvent = "expire"
	OfferSupersede OfferEvent = "supersede" // another offer for the load was accepted
	OfferWithdraw  OfferEvent = "withdraw"  // the match behind it is gone
	OfferReprice   OfferEvent = "reprice"   // new terms under a new version
)

var openOffer = map[OfferEvent]OfferState{
	OfferSee: OfferSeen, OfferAccept: OfferAccepted, OfferDecline: OfferDeclined, OfferCounter: OfferCountered,
	OfferExpire: OfferExpired, OfferSupersede: OfferSuperseded, OfferWithdraw: OfferWithdrawn, OfferReprice: OfferSent,
}

var offerTable = table[OfferState, OfferEvent]{
	OfferSent: openOffer,
	OfferSeen: openOffer,
	OfferCountered: {OfferCounter: OfferCountered, OfferAccept: OfferAccepted, OfferDecline: OfferDeclined, OfferExpire: OfferExpired,
		OfferSupersede: OfferSuperseded, OfferWithdraw: OfferWithdrawn, OfferReprice: OfferSent},
	OfferAccepted:   {},
	OfferDeclined:   {},
	OfferExpired:    {},
	OfferSuperseded: {},
	OfferWithdrawn:  {},
}

// NextOffer returns the state after the event, or a state conflict.
func NextOffer(from OfferState, event OfferEvent) (OfferState, error) {
	to, ok := offerTable.next(from, event)
	if !ok {
		return from, Refuse(ProblemState, "state", string(from))
	}
	return to, nil
}

// BookingEvent moves a booking.
type BookingEvent string

// The events of a booking.
const (
	BookingConfirm  BookingEvent = "confirm"
	BookingLoadUp   BookingEvent = "load"
	BookingArrive   BookingEvent = "arrive" // the truck is where the goods go in, or out
	BookingHandOver BookingEvent = "hand_over"
	BookingProve    BookingEvent = "prove"
	BookingRelease  BookingEvent = "release"
	BookingReturn   BookingEvent = "return"
	BookingRefuse   BookingEvent = "refuse"  // the consignee does not take them: they stay aboard
	BookingCancel   BookingEvent = "cancel"  // the carrier does not fetch them
	BookingNoShow   BookingEvent = "no_show" // they were not there when the truck was
	BookingStrand   BookingEvent = "strand"  // the truck that they are on, or may be, broke down
)

var bookingTable = table[BookingState, BookingEvent]{
	BookingHeld: {BookingConfirm: BookingFirm, BookingRelease: BookingReleased, BookingCancel: BookingReleased},
	BookingFirm: {BookingLoadUp: BookingAboard, BookingArrive: BookingFirm, BookingRelease: BookingReleased,
		BookingCancel: BookingReleased, BookingNoShow: BookingReleased, BookingStrand: BookingFirm},
	BookingAboard:     {BookingArrive: BookingAboard, BookingStrand: BookingAboard, BookingRefuse: BookingAboard, BookingHandOver: BookingHandedOver, BookingReturn: BookingReturned},
	BookingHandedOver: {BookingProve: BookingProven},
	BookingProven:     {},
	BookingReleased:   {},
	BookingReturned:   {},
}

// NextBooking returns the state after the event, or a state conflict.
func NextBooking(from BookingState, event BookingEvent) (BookingState, error) {
	to, ok := bookingTable.next(from, event)
	if !ok {
		return from, Refuse(ProblemState, "state", string(from))
	}
	return to, nil
}

// PoolEvent moves a pool.
type PoolEvent string

// The events of a pool.
const (
	PoolAsk      PoolEvent = "ask"      // its members are asked
	PoolReprice  PoolEvent = "reprice"  // a member left, the others share anew
	PoolTender   PoolEvent = "tender"   // the quorum stands
	PoolCommit   PoolEvent = "commit"   // an operator took it
	PoolDissolve PoolEvent = "dissolve" // it came to nothing
)

var poolTable = table[PoolState, PoolEvent]{
	PoolForming:    {PoolAsk: PoolConsenting, PoolDissolve: PoolDissolved},
	PoolConsenting: {PoolReprice: PoolConsenting, PoolTender: PoolTendered, PoolDissolve: PoolDissolved},
	PoolTendered:   {PoolReprice: PoolTendered, PoolCommit: PoolCommitted, PoolDissolve: PoolDissolved},
	PoolCommitted:  {},
	PoolDissolved:  {},
}

// NextPool returns the state after the event, or a state conflict.
func NextPool(from PoolState, event PoolEvent) (PoolState, error) {
	to, ok := poolTable.next(from, event)
	if !ok {
		return from, Refuse(ProblemState, "state", string(from))
	}
	return to, nil
}

// MemberEvent moves a member of a pool.
type MemberEvent string

// The events of a member.
const (
	MemberGive    MemberEvent = "give"
	MemberRefuse  MemberEvent = "refuse"
	MemberLapse   MemberEvent = "lapse"   // the deadline came first
	MemberDrop    MemberEvent = "drop"    // its load left the market, or the pool cannot carry it any more
	MemberBook    MemberEvent = "book"    // an operator took the pool
	MemberRelease MemberEvent = "release" // the pool was dissolved
)

var memberTable = table[Consent, MemberEvent]{
	ConsentAsked: {MemberGive: ConsentGiven, MemberRefuse: ConsentRefused, MemberLapse: ConsentLapsed,
		MemberDrop: ConsentDropped, MemberRelease: ConsentReleased},
	ConsentGiven: {MemberGive: ConsentGiven, MemberRefuse: ConsentRefused, MemberDrop: ConsentDropped,
		MemberBook: ConsentBooked, MemberRelease: ConsentReleased},
	ConsentRefused:  {},
	ConsentLapsed:   {},
	ConsentDropped:  {},
	ConsentBooked:   {},
	ConsentReleased: {},
}

// NextConsent returns what the member's consent is after the event, or a state
// conflict.
func NextConsent(from Consent, event MemberEvent) (Consent, error) {
	to, ok := memberTable.next(from, event)
	if !ok {
		return from, Refuse(ProblemState, "consent", string(from))
	}
	return to, nil
}

// TicketEvent moves a ticket.
type TicketEvent string

// The events of a ticket.
const (
	TicketAsk      TicketEvent = "ask"       // it is opened
	TicketTake     TicketEvent = "take"      // its owner works on it
	TicketNote     TicketEvent = "note"      // a side adds what it knows
	TicketHandOver TicketEvent = "hand_over" // to another officer
	TicketEscalate TicketEvent = "escalate"  // its clock ran out
	TicketStandIn  TicketEvent = "stand_in"  // its owner is away: another has it
	TicketFinish   TicketEvent = "finish"    // its owner says it is done
	TicketSettle   TicketEvent = "settle"    // what it was about has come about by itself
	TicketConfirm  TicketEvent = "confirm"   // the asker says it is done
	TicketReopen   TicketEvent = "reopen"    // the asker says it is not
	TicketLapse    TicketEvent = "lapse"     // the asker was silent for the stated wait
)

// Of the asker's words only confirm closes a ticket; an officer's never does.
var ticketTable = table[TicketState, TicketEvent]{
	"": {TicketAsk: TicketOpen},
	TicketOpen: {TicketTake: TicketTaken, TicketNote: TicketOpen, TicketHandOver: TicketOpen, TicketEscalate: TicketOpen,
		TicketStandIn: TicketOpen, TicketFinish: TicketDone, TicketSettle: TicketDone, TicketConfirm: TicketClosed},
	TicketTaken: {TicketTake: TicketTaken, TicketNote: TicketTaken, TicketHandOver: TicketOpen, TicketEscalate: TicketOpen,
		TicketStandIn: TicketOpen, TicketFinish: TicketDone, TicketSettle: TicketDone, TicketConfirm: TicketClosed},
	TicketDone:   {TicketNote: TicketDone, TicketConfirm: TicketClosed, TicketReopen: TicketOpen, TicketLapse: TicketClosed},
	TicketClosed: {},
}

// NextTicket returns the state after the event, or a state conflict; the state
// before a ticket is asked for is "".
func NextTicket(from TicketState, event TicketEvent) (TicketState, error) {
	to, ok := ticketTable.next(from, event)
	if !ok {
		return from, Refuse(ProblemState, "state", string(from))
	}
	return to, nil
}

// The states and events of a ticket in the order of its life.
var (
	TicketStates = []TicketState{"", TicketOpen, TicketTaken, TicketDone, TicketClosed}
	TicketEvents = []TicketEvent{TicketAsk, TicketTake, TicketNote, TicketHandOver, TicketEscalate, TicketStandIn, TicketFinish,
		TicketSettle, TicketConfirm, TicketReopen, TicketLapse}
)
