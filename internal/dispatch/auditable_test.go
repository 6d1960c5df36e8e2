package dispatch

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"pinhuo/freight"
)

// written is what a ledger keeps for an auditor beside its state.
type written struct {
	events       []freight.Event
	changes      []freight.Change
	explanations []freight.Explanation
	briefs       []freight.Brief
	proofs       []freight.Proof
	orgs         []freight.Org
}

// auditable lets the auditor read a ledger as it reads a database.
type auditable struct{ *ledger }

func rows[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, row := range list {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (l auditable) AuditMarkets(context.Context) ([]freight.State, error) {
	return []freight.State{{Market: l.state.Market, Epoch: l.state.Epoch, EventSeq: l.state.EventSeq, ChangeSeq: l.state.ChangeSeq,
		At: l.state.At, DeedSeq: l.state.DeedSeq, DeedHead: l.state.DeedHead, DeedRoot: freight.DeedRoot{Since: 1}}}, nil
}

func (l auditable) AuditOrgs(context.Context, freight.ID) iter.Seq2[freight.Org, error] {
	return rows(l.written.orgs)
}

func (l auditable) AuditVehicles(context.Context, freight.ID) iter.Seq2[freight.Vehicle, error] {
	return rows(l.state.Vehicles)
}

func (l auditable) AuditLoads(context.Context, freight.ID) iter.Seq2[freight.Load, error] {
	return rows(l.state.Loads)
}

func (l auditable) AuditTrips(context.Context, freight.ID) iter.Seq2[freight.Trip, error] {
	return rows(l.state.Trips)
}

func (l auditable) AuditOffers(context.Context, freight.ID) iter.Seq2[freight.Offer, error] {
	return rows(l.state.Offers)
}

func (l auditable) AuditBookings(context.Context, freight.ID) iter.Seq2[freight.Booking, error] {
	return rows(l.state.Bookings)
}

func (l auditable) AuditPools(context.Context, freight.ID) iter.Seq2[freight.Pool, error] {
	return rows(l.state.Pools)
}

func (l auditable) AuditMembers(context.Context, freight.ID) iter.Seq2[freight.Member, error] {
	return rows(l.state.Members)
}

func (l auditable) AuditTickets(context.Context, freight.ID) iter.Seq2[freight.Ticket, error] {
	return rows(l.state.Tickets)
}

func (l auditable) AuditOfficers(context.Context, freight.ID) iter.Seq2[freight.Officer, error] {
	return rows(l.state.Officers)
}

func (l auditable) AuditTallies(context.Context, freight.ID) iter.Seq2[freight.Tally, error] {
	return rows(l.state.Tallies)
}

func (l auditable) AuditProofs(context.Context, freight.ID) iter.Seq2[freight.Proof, error] {
	return rows(l.written.proofs)
}

func (l auditable) AuditPreferences(context.Context, freight.ID) iter.Seq2[freight.Preference, error] {
	return rows(l.state.Preferences)
}

func (l auditable) AuditBriefs(context.Context, freight.ID) iter.Seq2[freight.Brief, error] {
	return rows(l.written.briefs)
}

func (l auditable) AuditCosts(context.Context, freight.ID) iter.Seq2[freight.CostModel, error] {
	return rows(l.state.Costs)
}

func (l auditable) AuditRecords(context.Context, freight.ID) iter.Seq2[freight.TripRecord, error] {
	return rows(slices.SortedStableFunc(slices.Values(l.records), func(a, b freight.TripRecord) int {
		return cmp.Or(cmp.Compare(a.Trip.ID, b.Trip.ID), cmp.Compare(a.Trip.Version, b.Trip.Version))
	}))
}

func (l auditable) AuditExplanations(context.Context, freight.ID) iter.Seq2[freight.Explanation, error] {
	return rows(l.written.explanations)
}

func (l auditable) AuditEvents(context.Context, freight.ID) iter.Seq2[freight.Event, error] {
	return rows(l.written.events)
}

func (l auditable) AuditChanges(context.Context, freight.ID) iter.Seq2[freight.Change, error] {
	return rows(l.written.changes)
}

func (l auditable) AuditDeeds(context.Context, freight.ID) iter.Seq2[freight.Deed, error] {
	return rows(l.deeds)
}

func (l auditable) AuditAnswers(context.Context, freight.ID) iter.Seq2[freight.Answer, error] {
	list := make([]freight.Answer, 0, len(l.answers))
	for _, a := range l.answers {
		list = append(list, a)
	}
	return rows(list)
}
