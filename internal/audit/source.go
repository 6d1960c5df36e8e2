package audit

import (
	"context"
	"iter"

	"pinhuo/freight"
)

// Source is one database as it stood at one moment: all of its rows belong to
// the same snapshot. Sequences end with their first error.
type Source interface {
	// AuditMarkets returns every market and, as the row of its writer says, the
	// epoch of the last lease on it, the numbers of the last event, change and act
	// (all 0 when no writer ever took a lease) and the chain of that act, and where the
	// chain begins; the lists of the state are empty.
	AuditMarkets(ctx context.Context) ([]freight.State, error)
	// AuditOrgs returns the organizations of a market.
	AuditOrgs(ctx context.Context, market freight.ID) iter.Seq2[freight.Org, error]
	// AuditVehicles returns the vehicles of a market.
	AuditVehicles(ctx context.Context, market freight.ID) iter.Seq2[freight.Vehicle, error]
	// AuditLoads returns the loads of a market.
	AuditLoads(ctx context.Context, market freight.ID) iter.Seq2[freight.Load, error]
	// AuditTrips returns the trips of a market.
	AuditTrips(ctx context.Context, market freight.ID) iter.Seq2[freight.Trip, error]
	// AuditOffers returns the offers of a market.
	AuditOffers(ctx context.Context, market freight.ID) iter.Seq2[freight.Offer, error]
	// AuditBookings returns the bookings of a market.
	AuditBookings(ctx context.Context, market freight.ID) iter.Seq2[freight.Booking, error]
	// AuditPools returns the pools of a market.
	AuditPools(ctx context.Context, market freight.ID) iter.Seq2[freight.Pool, error]
	// AuditMembers returns the members of a market's pools.
	AuditMembers(ctx context.Context, market freight.ID) iter.Seq2[freight.Member, error]
	// AuditTickets returns the tickets of a market.
	AuditTickets(ctx context.Context, market freight.ID) iter.Seq2[freight.Ticket, error]
	// AuditOfficers returns the officers of a market's desk, also those who are none
	// any more.
	AuditOfficers(ctx context.Context, market freight.ID) iter.Seq2[freight.Officer, error]
	// AuditProofs returns the proofs of a market.
	AuditProofs(ctx context.Context, market freight.ID) iter.Seq2[freight.Proof, error]
	// AuditPreferences returns what the organizations of a market say about asking.
	AuditPreferences(ctx context.Context, market freight.ID) iter.Seq2[freight.Preference, error]
	// AuditBriefs returns the briefs of a market's desk.
	AuditBriefs(ctx context.Context, market freight.ID) iter.Seq2[freight.Brief, error]
	// AuditTallies returns what was counted of the organizations of a market, by
	// organization and day.
	AuditTallies(ctx context.Context, market freight.ID) iter.Seq2[freight.Tally, error]
	// AuditCosts returns the versions of a market's costs, in order of number.
	AuditCosts(ctx context.Context, market freight.ID) iter.Seq2[freight.CostModel, error]
	// AuditRecords returns the records of a market's trips, those of one trip
	// together and by version.
	AuditRecords(ctx context.Context, market freight.ID) iter.Seq2[freight.TripRecord, error]
	// AuditExplanations returns the explanations of a market's loads.
	AuditExplanations(ctx context.Context, market freight.ID) iter.Seq2[freight.Explanation, error]
	// AuditEvents returns the events of a market by number.
	AuditEvents(ctx context.Context, market freight.ID) iter.Seq2[freight.Event, error]
	// AuditChanges returns the changes of a market by number.
	AuditChanges(ctx context.Context, market freight.ID) iter.Seq2[freight.Change, error]
	// AuditDeeds returns the log of acts of a market by number, their bodies still sealed.
	AuditDeeds(ctx context.Context, market freight.ID) iter.Seq2[freight.Deed, error]
	// AuditAnswers returns the stored answers to keyed requests.
	AuditAnswers(ctx context.Context, market freight.ID) iter.Seq2[freight.Answer, error]
}
