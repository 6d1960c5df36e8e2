package audit

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"pinhuo/freight"
)

// Claim is what the matcher said of a pair last: the verdict behind one of the
// counts of the load's explanation.
type Claim struct {
	Load        freight.ID
	Trip        freight.ID
	TripVersion int64 // judged
	At          freight.Instant
	Fits        bool
	Reason      freight.Reason
	By          int64
}

// Reasons is what Why found.
type Reasons struct {
	Explanations int // held against the claims behind them
	Sampled      int // claims derived anew
	Violations   []Violation
}

// Why holds the final explanation of every load without a deal against the
// claims behind it, each pair's last, and against the number of trips that were
// open while the load was, which [Missed] has counted. It derives sample of the
// claims anew, drawn with the seed.
func Why(ctx context.Context, src Source, judge *Judge, market freight.ID, claims []Claim, open map[freight.ID]int64, sample int, seed uint64) (Reasons, error) {
	w := newWorld(market)
	if err := w.read(ctx, src); err != nil {
		return Reasons{}, fmt.Errorf("why: %w", err)
	}
	refused := make([]Claim, 0, len(claims))
	said := map[freight.ID]*verdicts{}
	for _, c := range claims {
		if w.explanations[c.Load] == nil {
			continue
		}
		if said[c.Load] == nil {
			said[c.Load] = &verdicts{refused: map[freight.Reason]int64{}}
		}
		if c.Fits {
			said[c.Load].fitted++
			continue
		}
		said[c.Load].refused[c.Reason]++
		refused = append(refused, c)
	}
	slices.SortFunc(refused, func(a, b Claim) int { return cmp.Or(cmp.Compare(a.Load, b.Load), cmp.Compare(a.Trip, b.Trip)) })
	var found Reasons
	for _, id := range sorted(w.explanations) {
		e := w.explanations[id]
		if !e.Final {
			continue
		}
		found.Explanations++
		if e.Trips != open[id] || !said[id].sum(e) {
			w.note(ExplanationCounts, []Row{{"explanation", id}}, Number{"trips", e.Trips}, Number{"open_trips", open[id]})
		}
	}
	draw := rand.New(rand.NewPCG(seed, uint64(len(refused)))).Perm(len(refused))
	err := again(ctx, src, judge, w, refused, draw[:min(sample, len(draw))], &found)
	w.report.sort()
	found.Violations = w.report.List
	return found, err
}

// verdicts is what was said last of a load and the trips judged for it.
type verdicts struct {
	refused map[freight.Reason]int64
	fitted  int64 // trips that fitted and came to nothing otherwise
}

// sum tells whether a final explanation counts the verdicts: each reason as
// often as it was said, the trips that fitted by what became of asking them (also
// by an earlier no of their operator that still holds), the trips that nobody judged
// as not near.
func (v *verdicts) sum(e *freight.Explanation) bool {
	if v == nil {
		v = &verdicts{}
	}
	unseen, reasons, asked := e.Trips-v.fitted, len(v.refused), int64(0)
	for _, n := range v.refused {
		unseen -= n
	}
	for _, c := range e.Counts {
		switch {
		case c.Reason == freight.ReasonNoCandidate:
			if c.N != unseen {
				return false
			}
			unseen = 0
		case c.Reason.Rank() >= freight.ReasonDeclined.Rank():
			asked += c.N
		default:
			said := v.refused[c.Reason]
			if c.N < said || c.N > said && !slices.Contains(freight.Remembered, c.Reason) {
				return false
			}
			asked += c.N - said
			if said > 0 {
				reasons--
			}
		}
	}
	return unseen == 0 && reasons == 0 && asked == v.fitted
}

// again tries the drawn claims by driving.
func again(ctx context.Context, src Source, judge *Judge, w *world, claims []Claim, draw []int, found *Reasons) error {
	wanted := map[version][]Claim{}
	for _, i := range draw {
		v := version{claims[i].Trip, claims[i].TripVersion}
		wanted[v] = append(wanted[v], claims[i])
	}
	for rec, err := range src.AuditRecords(ctx, w.market.Market.ID) {
		if err != nil {
			return fmt.Errorf("why: %w", err)
		}
		for _, c := range wanted[version{rec.Trip.ID, rec.Trip.Version}] {
			found.Sampled++
			mine := judge.Try(&rec.Trip, w.loads[c.Load], c.At)
			if mine.Fits || mine.Reason != c.Reason || mine.By != c.By {
				w.note(ReasonWrong, []Row{{freight.KindLoad, c.Load}, {freight.KindTrip, c.Trip}}, Number{"version", c.TripVersion},
					Number{"said_rank", int64(c.Reason.Rank())}, Number{"rank", int64(mine.Reason.Rank())},
					Number{"said_by", c.By}, Number{"by", mine.By})
			}
		}
	}
	return nil
}
