package matcher

import (
	"cmp"

	"pinhuo/freight"
)

// Counts returns how often each reason was met among the refused pairs, in
// judging order. unseen trips, which the index ruled out and nobody judged,
// count as no_candidate.
func Counts(judged []Judged, unseen int64) []freight.Count {
	met := map[freight.Reason]int64{freight.ReasonNoCandidate: unseen}
	for _, j := range judged {
		if !j.Verdict.OK {
			met[j.Verdict.Reason]++
		}
	}
	var counts []freight.Count
	for _, r := range freight.Reasons {
		if met[r] > 0 {
			counts = append(counts, freight.Count{Reason: r, N: met[r]})
		}
	}
	return counts
}

// Nearest returns the refused pair that came nearest to a match, nil when none
// was refused. Nearest is the one whose reason ranks highest; then the one
// whose amount is the smaller share of the limit that the operator set, where
// he set one (detour metres, detour seconds, extra stops; a limit of 0 counts
// as 1); then the one with the smaller amount, then the one with the smaller
// trip id. The other limits are the load's own, the same for every trip, so
// their shares compare as the amounts do.
func Nearest(judged []Judged) *freight.Near {
	best := nearestOf(judged)
	if best == nil {
		return nil
	}
	return &freight.Near{Trip: best.Trip.ID, Reason: best.Verdict.Reason, By: best.Verdict.By, Unit: best.Verdict.Unit}
}

// NearestLoad is Nearest among the loads judged for one trip, with the load's id:
// equals go to the smaller load id.
func NearestLoad(judged []Judged) *freight.Near {
	best := nearestOf(judged)
	if best == nil {
		return nil
	}
	return &freight.Near{Trip: best.Trip.ID, Load: best.Load.ID, Reason: best.Verdict.Reason, By: best.Verdict.By, Unit: best.Verdict.Unit}
}

func nearestOf(judged []Judged) *Judged {
	var best *Judged
	for k := range judged {
		j := &judged[k]
		if !j.Verdict.OK && (best == nil || nearer(j, best) < 0) {
			best = j
		}
	}
	return best
}

// nearer is below 0 where a came nearer than b.
func nearer(a, b *Judged) int {
	return cmp.Or(
		cmp.Compare(b.Verdict.Reason.Rank(), a.Verdict.Reason.Rank()),
		cmp.Compare(a.Verdict.By*limitOf(b), b.Verdict.By*limitOf(a)),
		cmp.Compare(a.Verdict.By, b.Verdict.By),
		cmp.Compare(a.Trip.ID, b.Trip.ID),
		cmp.Compare(a.Load.ID, b.Load.ID),
	)
}

func limitOf(j *Judged) int64 {
	switch limits := &j.Trip.Limits; j.Verdict.Reason {
	case freight.ReasonDetourDistance:
		return max(limits.DetourM, 1)
	case freight.ReasonDetourTime:
		return max(limits.DetourS, 1)
	case freight.ReasonStops:
		return max(limits.ExtraStops, 1)
	}
	return 1
}

// Parts returns into how many equal parts the load must be split so that each
// fits the spare room of some leg of some judged trip, as its operator stated
// it: 1 when the load fits whole, 0 when no split helps. A load of known pieces
// is not split into more parts than it has pieces.
func Parts(judged []Judged) int64 {
	var least int64
	for _, j := range judged {
		pieces := j.Load.Size.Count()
		for _, room := range j.Trip.Rooms {
			n := room.Parts(j.Load.Size.Room)
			if n > 1 && pieces > 0 && n > pieces {
				continue
			}
			if n > 0 && (least == 0 || n < least) {
				least = n
			}
		}
	}
	return least
}
