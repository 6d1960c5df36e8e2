package dispatch

import (
	"cmp"

	"pinhuo/freight"
	"pinhuo/internal/book"
	"pinhuo/matcher"
)

// planExplain answers a load without a deal: counts by reason over every trip
// that was open while the load was, the nearest of them, and the parts in which
// the load would fit. A trip that fits and may still be asked has no reason.
func (e *Engine) planExplain(b *board, now freight.Instant, need book.Need) []freight.Act {
	if need.Said != nil {
		return []freight.Act{*need.Said}
	}
	l, at := need.Load, b.listing(need.ID)
	if at == nil {
		return nil // it has left
	}
	e.recall(b, at)
	judged := at.found.all(e.judgeLate)
	e.settled(b, judged, now, need.Final)
	why := freight.Explanation{Market: e.market.ID, Load: l.ID, Org: l.Org, At: now, Final: need.Final}
	why.Trips = max(b.opened.Load()-at.base, int64(len(judged)))
	why.Counts = matcher.Counts(judged, why.Trips-int64(len(judged)))
	why.Nearest = matcher.Nearest(judged)
	if why.Nearest == nil {
		why.Nearest = e.nearest(b, l)
	}
	why.Parts, why.LateS = e.parts(l, judged), l.LateS()
	why.Remedy = e.remedy(b, now, at, l)
	return []freight.Act{freight.ExplainLoad{Load: l.ID, Version: l.Version, Explanation: why}}
}

// judgeLate is the verdict of a trip that was noted and not judged, as it would
// have been then.
func (e *Engine) judgeLate(f *finding, trip *freight.Trip) matcher.Verdict {
	return e.judge(e.fit(f.at), f.view, trip).Verdict
}

// settled turns the yes of a trip that came to nothing into the reason why: its
// operator took it back, it takes no new loads any more, or nobody answered
// while the load was there.
func (e *Engine) settled(b *board, judged []matcher.Judged, now freight.Instant, final bool) {
	for i := range judged {
		pair := &judged[i]
		up := b.outline(pair.Trip.ID) != nil
		switch {
		case !pair.Verdict.OK || up && !final:
		case !up && now < pair.Trip.Lease:
			pair.Verdict = matcher.Verdict{Reason: freight.ReasonWithdrawn}
		case !up:
			pair.Verdict = matcher.Verdict{Reason: freight.ReasonLease}
		case e.quiet(b, now, pair):
			pair.Verdict = matcher.Verdict{Reason: freight.ReasonQuiet}
		default:
			pair.Verdict = matcher.Verdict{Reason: freight.ReasonExpiredOffer}
		}
	}
}

// nearest names the trip that came nearest where the index ruled all out, and
// the limit it broke when both had just come onto the board.
func (e *Engine) nearest(b *board, l *freight.Load) *freight.Near {
	trip := b.nearestTrip(l)
	if trip == nil {
		return nil
	}
	verdict := e.fit(max(l.Posted, trip.Made)).Fits(trip, l)
	return &freight.Near{Trip: trip.ID, Reason: cmp.Or(verdict.Reason, freight.ReasonNoCandidate), By: verdict.By, Unit: verdict.Unit}
}

// parts is in how many equal parts the load would fit where it is too large
// whole: for a trip that came near, else for a vehicle of the cost file; 0
// where size is not what stands in the way.
func (e *Engine) parts(l *freight.Load, judged []matcher.Judged) int64 {
	parts := matcher.Parts(judged)
	if len(judged) == 0 {
		_, parts = e.costs.Load().Alone(l.Size, l.Direct, 0)
	}
	if parts < 2 {
		return 0
	}
	return parts
}
