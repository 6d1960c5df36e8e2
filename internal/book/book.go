package book

import (
	"pinhuo/freight"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// Env is what the rules need from outside: the market they govern, what driving
// costs, the one honest distance, a source of ids, and how operators are asked.
type Env struct {
	Market  freight.Market
	Desks   []freight.ID // who is told of loads that wait for the desk
	Costs   *freight.Costs
	Leases  *freight.Leases                                                                    // nil where nobody is asked whether what he posted is still true
	Fees    *freight.Fees                                                                      // nil where nobody owes any
	Duty    freight.Duty                                                                       // of trips that state none
	Bans    *freight.BanMap                                                                    // where trucks may not be; nil for nowhere
	Measure matcher.Measure                                                                    // of a load by itself
	By      func(freight.Router) matcher.Measure                                               // of a trip by its router; nil where Measure serves all
	Turn    func(r freight.Router, from, to freight.Point, afterS int64) (freight.Point, bool) // where a truck can turn, see matcher.Fit; nil where none does
	Mint    freight.Minter
	Asking  outreach.Rules                                       // of the market, for every offer
	Ghosts  bool                                                 // who does not keep his word is asked later
	Idle    freight.Instant                                      // after which a trip without loads is told why; 0 for never
	Expiry  func(now, departure freight.Instant) freight.Instant // of an offer, by its last feasible departure

	Latest func(now, expires freight.Instant) freight.Instant // to when the clock of an offer runs that is not received; nil where clocks run from the start

	Consent    func(now, departure freight.Instant) freight.Instant // until when a pool's members may answer
	Tender     func(departure freight.Instant) freight.Instant      // until when operators may
	PoolNotice freight.Instant                                      // from forming a pool to its truck's departure, at the least
	PoolLead   freight.Instant                                      // from taking it
}

// Book holds what is live. The live book is at the bottom; forks of it hold
// what a round or a command would change.
type Book struct {
	env   *Env
	below *Book

	loads    shelf[freight.Load]
	trips    tripShelf
	vehicles shelf[freight.Vehicle]
	offers   shelf[freight.Offer]   // open ones
	bookings shelf[freight.Booking] // those that hold room
	risky    shelf[freight.Risk]    // of bookings whose promise is at risk

	plates    shelf[freight.ID] // plate key -> vehicle
	refs      shelf[freight.ID] // reference key -> load or trip
	tripsOf   shelf[ids]        // vehicle -> live trips
	offersFor shelf[ids]        // load -> open offers
	offersOn  shelf[ids]        // trip -> open offers
	bookedOn  shelf[ids]        // trip -> live bookings
	refusals  shelf[Refusals]   // load -> trips that said no
	linesOf   shelf[ids]        // bundle -> open offers

	pools     shelf[freight.Pool]   // live ones
	members   shelf[freight.Member] // of those
	membersOf shelf[ids]            // pool -> members, in their order
	poolOf    shelf[freight.ID]     // load -> live pool
	outings   shelf[Outings]        // load -> pools that came to nothing

	tickets  shelf[freight.Ticket]  // live ones
	minded   shelf[freight.ID]      // load -> live ticket because nothing answered it
	about    shelf[freight.ID]      // kind of ticket and trip -> live ticket
	officers shelf[freight.Officer] // on the roster
	briefs   shelf[freight.Brief]   // of the round
	proofs   shelf[freight.Proof]   // of the round
	past     shelf[freight.Booking] // that tickets are about, for a round
	briefed  freight.Instant        // until when the last brief goes

	preferences shelf[freight.Preference] // organization -> what it says about asking
	operators   shelf[outreach.Operator]  // organization -> that, and how often it was asked
	declines    shelf[outreach.Declines]  // vehicle -> what its operator would not do
	firsts      shelf[firstAsk]           // load -> when the first operator was asked
	laters      shelf[freight.Instant]    // load or trip -> when more may be asked
	awaited     shelf[freight.Instant]    // trip -> until when a load waits for what its operator thinks about

	tallies shelf[freight.Past]  // organization -> what was counted of it, a day at a time
	models  []*freight.CostModel // in order of number, from 1

	ended shelf[freight.Offer] // that are asked about once more, for a round

	eventSeq, changeSeq, deedSeq int64
	deedHead                     [32]byte // chain of the last row of the log of acts

	events    []freight.Event
	changes   []freight.Change
	records   []freight.TripRecord
	explained []freight.Explanation
	outlooks  []freight.TripExplanation
	answers   []freight.Answer
	deeds     []freight.Deed
	needs     []Need
	moved     []freight.PoolState
}

// NeedKind says what a planner is needed for.
type NeedKind string

// The kinds of needs.
const (
	NeedTrips   NeedKind = "trips"   // find trips for a load
	NeedEvery   NeedKind = "every"   // find trips for a load, not the best alone
	NeedLoads   NeedKind = "loads"   // find loads for a trip
	NeedExplain NeedKind = "explain" // answer a load without a deal
	NeedOutlook NeedKind = "outlook" // answer a trip without loads
)

// Need is a request to the planners that a committed round leaves behind. Load
// is set for NeedExplain, because the load may have left the book by then.
type Need struct {
	Kind  NeedKind
	ID    freight.ID
	First bool // of a load that is first in line
	Load  *freight.Load
	Final bool
	Said  *freight.ExplainLoad // an answer already found, to be given again

	// NeedOutlook: the trip as it was, and the time for which its vehicle has no other
	// trip; 0 where that has no end.
	Trip        *freight.Trip
	From, Until freight.Instant
	Told        *freight.ExplainTrip // an answer already found, to be given again
}

// New builds the live book from what the store holds.
func New(env *Env, state freight.State) *Book {
	b := &Book{
		env: env, loads: newShelf[freight.Load](), trips: newTripShelf(),
		vehicles: newShelf[freight.Vehicle](), offers: newShelf[freight.Offer](), bookings: newShelf[freight.Booking](),
		plates: newShelf[freight.ID](), refs: newShelf[freight.ID](), tripsOf: newShelf[ids](),
		offersFor: newShelf[ids](), offersOn: newShelf[ids](), bookedOn: newShelf[ids](), refusals: newShelf[Refusals](), linesOf: newShelf[ids](),
		pools: newShelf[freight.Pool](), members: newShelf[freight.Member](), membersOf: newShelf[ids](),
		poolOf: newShelf[freight.ID](), outings: newShelf[Outings](),
		tickets: newShelf[freight.Ticket](), minded: newShelf[freight.ID](), about: newShelf[freight.ID](), officers: newShelf[freight.Officer](),
		briefs: newShelf[freight.Brief](), proofs: newShelf[freight.Proof](), past: newShelf[freight.Booking](), briefed: state.Briefed,
		preferences: newShelf[freight.Preference](), operators: newShelf[outreach.Operator](), declines: newShelf[outreach.Declines](),
		tallies: newShelf[freight.Past](), firsts: newShelf[firstAsk](), laters: newShelf[freight.Instant](), awaited: newShelf[freight.Instant](), risky: newShelf[freight.Risk](),
		eventSeq: state.EventSeq, changeSeq: state.ChangeSeq, deedSeq: state.DeedSeq, deedHead: state.DeedHead, ended: newShelf[freight.Offer](),
	}
	for i := range state.Vehicles {
		b.placeVehicle(&state.Vehicles[i])
	}
	for i := range state.Loads {
		b.placeLoad(&state.Loads[i])
	}
	for i := range state.Trips {
		b.placeTrip(&state.Trips[i])
	}
	b.placeAsking(&state)
	b.placeTallies(state.Tallies)
	for i := range state.Offers {
		b.placeOffer(&state.Offers[i])
	}
	for i := range state.Bookings {
		b.placeBooking(&state.Bookings[i])
	}
	for i := range state.Pools {
		b.placePool(&state.Pools[i])
	}
	for i := range state.Members {
		b.placeMember(&state.Members[i])
	}
	for i := range state.Officers {
		b.officers.set(state.Officers[i].ID, &state.Officers[i])
	}
	for i := range state.Costs {
		b.models = append(b.models, &state.Costs[i])
	}
	for i := range state.Tickets {
		b.placeTicket(&state.Tickets[i])
	}
	return b
}

// Fork returns a book that reads through to b and keeps its own changes.
func (b *Book) Fork() *Book {
	return &Book{
		env: b.env, below: b, loads: b.loads.fork(), trips: b.trips.fork(), vehicles: b.vehicles.fork(),
		offers: b.offers.fork(), bookings: b.bookings.fork(), plates: b.plates.fork(), refs: b.refs.fork(),
		tripsOf: b.tripsOf.fork(), offersFor: b.offersFor.fork(), offersOn: b.offersOn.fork(),
		bookedOn: b.bookedOn.fork(), refusals: b.refusals.fork(), linesOf: b.linesOf.fork(), eventSeq: b.eventSeq, changeSeq: b.changeSeq, deedSeq: b.deedSeq, deedHead: b.deedHead, ended: b.ended.fork(),
		pools: b.pools.fork(), members: b.members.fork(), membersOf: b.membersOf.fork(), poolOf: b.poolOf.fork(), outings: b.outings.fork(),
		tickets: b.tickets.fork(), minded: b.minded.fork(), about: b.about.fork(), officers: b.officers.fork(), briefs: b.briefs.fork(), proofs: b.proofs.fork(), briefed: b.briefed, past: b.past.fork(),
		preferences: b.preferences.fork(), operators: b.operators.fork(), declines: b.declines.fork(), tallies: b.tallies.fork(), firsts: b.firsts.fork(), laters: b.laters.fork(), awaited: b.awaited.fork(), risky: b.risky.fork(), models: b.models,
	}
}

// Absorb takes over everything that a fork of b changed.
func (b *Book) Absorb(fork *Book) {
	if b.below == nil {
		b.dropRefs(fork)
	}
	b.loads.absorb(&fork.loads)
	b.trips.absorb(&fork.trips)
	b.vehicles.absorb(&fork.vehicles)
	b.offers.absorb(&fork.offers)
	b.bookings.absorb(&fork.bookings)
	b.risky.absorb(&fork.risky)
	b.plates.absorb(&fork.plates)
	b.refs.absorb(&fork.refs)
	b.tripsOf.absorb(&fork.tripsOf)
	b.offersFor.absorb(&fork.offersFor)
	b.offersOn.absorb(&fork.offersOn)
	b.bookedOn.absorb(&fork.bookedOn)
	b.refusals.absorb(&fork.refusals)
	b.linesOf.absorb(&fork.linesOf)
	b.pools.absorb(&fork.pools)
	b.members.absorb(&fork.members)
	b.membersOf.absorb(&fork.membersOf)
	b.poolOf.absorb(&fork.poolOf)
	b.outings.absorb(&fork.outings)
	b.tickets.absorb(&fork.tickets)
	b.minded.absorb(&fork.minded)
	b.about.absorb(&fork.about)
	b.officers.absorb(&fork.officers)
	b.briefs.absorb(&fork.briefs)
	b.proofs.absorb(&fork.proofs)
	b.briefed = fork.briefed
	b.preferences.absorb(&fork.preferences)
	b.operators.absorb(&fork.operators)
	b.declines.absorb(&fork.declines)
	b.tallies.absorb(&fork.tallies)
	b.firsts.absorb(&fork.firsts)
	b.laters.absorb(&fork.laters)
	b.awaited.absorb(&fork.awaited)
	b.models = fork.models
	b.eventSeq, b.changeSeq, b.deedSeq, b.deedHead = fork.eventSeq, fork.changeSeq, fork.deedSeq, fork.deedHead
	if b.below == nil {
		b.drop(fork)
		return
	}
	b.events = append(b.events, fork.events...)
	b.changes = append(b.changes, fork.changes...)
	b.records = append(b.records, fork.records...)
	b.explained = append(b.explained, fork.explained...)
	b.outlooks = append(b.outlooks, fork.outlooks...)
	b.answers = append(b.answers, fork.answers...)
	b.deeds = append(b.deeds, fork.deeds...)
	b.needs = append(b.needs, fork.needs...)
	b.moved = append(b.moved, fork.moved...)
}

// dropRefs removes from the live book the references of loads that leave it with
// their trip.
func (b *Book) dropRefs(round *Book) {
	for id, l := range round.loads.own {
		if old := b.loads.get(id); l == nil && old != nil && old.Ref != "" {
			delete(b.refs.own, refKey(freight.KindLoad, old.Org, old.Ref))
		}
	}
}

// drop removes from the live book what a round ended.
func (b *Book) drop(round *Book) {
	for id, l := range round.loads.own {
		if l == nil || !l.Live() {
			b.forgetLoad(id, l)
		}
	}
	for id, t := range round.trips.own {
		if t != nil && !t.Live() {
			b.forgetTrip(id, t)
		}
	}
	for id, o := range round.offers.own {
		if o != nil && !o.Open() {
			delete(b.offers.own, id)
		}
	}
	for id, k := range round.bookings.own {
		if k != nil && !k.Live() {
			delete(b.bookings.own, id)
		}
	}
	b.dropPools(round)
	b.dropTickets(round)
}

func (b *Book) forgetLoad(id freight.ID, l *freight.Load) {
	delete(b.loads.own, id)
	delete(b.refusals.own, id)
	delete(b.outings.own, id)
	delete(b.firsts.own, id)
	delete(b.laters.own, id)
	delete(b.offersFor.own, id)
	if l != nil && l.Ref != "" {
		delete(b.refs.own, refKey(freight.KindLoad, l.Org, l.Ref))
	}
}

func (b *Book) forgetTrip(id freight.ID, t *freight.Trip) {
	b.trips.drop(id)
	delete(b.offersOn.own, id)
	delete(b.bookedOn.own, id)
	delete(b.laters.own, id)
	delete(b.awaited.own, id)
	if t.Ref != "" {
		delete(b.refs.own, refKey(freight.KindTrip, t.Org, t.Ref))
	}
}

// Adopt brings rows into the live book that had left it, for a command that
// wants them back; Release lets go of those the round did not revive.
func (b *Book) Adopt(loads []freight.Load, trips []freight.Trip) {
	for i := range loads {
		if b.loads.get(loads[i].ID) == nil {
			b.loads.set(loads[i].ID, &loads[i])
		}
	}
	for i := range trips {
		b.trips.adopt(&trips[i])
	}
}

// Release drops the adopted rows that the round left as they were.
func (b *Book) Release(loads []freight.Load, trips []freight.Trip) {
	for i := range loads {
		if l := &loads[i]; b.loads.get(l.ID) == l {
			delete(b.loads.own, l.ID)
		}
	}
	for i := range trips {
		b.trips.release(&trips[i])
	}
}

// Load returns a live load, nil when there is none. The value is immutable.
func (b *Book) Load(id freight.ID) *freight.Load { return b.loads.get(id) }

// Trip returns a live trip, nil when there is none. The value is immutable.
func (b *Book) Trip(id freight.ID) *freight.Trip { return b.trips.get(id) }

// PackedTrip returns a trip of the live book as that keeps it.
func (b *Book) PackedTrip(id freight.ID) freight.PackedTrip { return b.trips.packed[id] }

// Offer returns an open offer, nil when there is none. The value is immutable.
func (b *Book) Offer(id freight.ID) *freight.Offer { return b.offers.get(id) }

// Refused returns which trips said no to a load. The value is immutable.
func (b *Book) Refused(load freight.ID) Refusals {
	if r := b.refusals.get(load); r != nil {
		return *r
	}
	return nil
}

// OpenOffers returns the open offers for a load, in the order they were made.
func (b *Book) OpenOffers(load freight.ID) []*freight.Offer {
	return b.openOffers(b.offersFor.get(load).list())
}

func (b *Book) openOffers(list []freight.ID) []*freight.Offer {
	open := make([]*freight.Offer, 0, len(list))
	for _, id := range list {
		if o := b.offers.get(id); o != nil && o.Open() {
			open = append(open, o)
		}
	}
	return open
}
