package ch

import (
	"context"
	"fmt"
	"slices"
)

// Side is one direction of hub labels: row v is First[v] to First[v+1], hubs by
// ascending rank, so the most important come first.
type Side struct {
	First  []uint32
	Hub    []uint32
	Weight []Weight
}

// Row is the label of a rank.
func (s *Side) Row(v uint32) ([]uint32, []Weight) {
	from, to := s.First[v], s.First[v+1]
	return s.Hub[from:to], s.Weight[from:to]
}

// Labels hold for every state the hubs it reaches and is reached from: the least
// weight from a to b is the least sum over the hubs that stand in both.
type Labels struct {
	From Side // from the state to its hubs
	To   Side // from the hubs to the state
}

// Entries is the number of hubs in all rows.
func (l *Labels) Entries() int { return len(l.From.Hub) + len(l.To.Hub) }

// Check fails with ErrGraph where labels read from outside do not belong to a
// hierarchy of n states.
func (l *Labels) Check(n int) error {
	for _, s := range []*Side{&l.From, &l.To} {
		if len(s.First) != n+1 || len(s.Hub) != len(s.Weight) || int(s.First[n]) != len(s.Hub) {
			return fmt.Errorf("labels of %d states for %d: %w", len(s.First)-1, n, ErrGraph)
		}
		for v := range n {
			if s.First[v] > s.First[v+1] {
				return fmt.Errorf("label %d ends before it begins: %w", v, ErrGraph)
			}
		}
		for _, h := range s.Hub {
			if int(h) >= n {
				return fmt.Errorf("hub %d of %d: %w", h, n, ErrGraph)
			}
		}
	}
	return nil
}

// labeller makes labels from the top of the hierarchy down.
type labeller struct {
	best    []Weight // by hub, for the row being made
	touched []uint32
}

// NewLabels makes the labels of a hierarchy. Where they would hold more than
// most entries it gives up and returns nil: the hierarchy answers alone, only
// slower. It fails with the context's error.
func NewLabels(ctx context.Context, h *Hierarchy, most int) (*Labels, error) {
	n := h.Size()
	l := &Labels{From: Side{First: make([]uint32, 1, n+1)}, To: Side{First: make([]uint32, 1, n+1)}}
	m := labeller{best: make([]Weight, n)}
	for i := range m.best {
		m.best[i] = Inf
	}
	for v := range uint32(n) {
		if v%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("labels: %w", err)
			}
		}
		m.row(v, &h.Up, &l.From, &l.To)
		m.row(v, &h.Down, &l.To, &l.From)
		if l.Entries() > most {
			return nil, nil
		}
	}
	return l, nil
}

// row appends the label of v to side: those of its more important neighbours,
// an arc farther, less the hubs that are reached better over another. The last
// is proved by the labels of the hubs themselves, which are complete.
func (m *labeller) row(v uint32, arcs *Half, side, other *Side) {
	for i, end := arcs.row(v); i < end; i++ {
		hubs, weights := side.Row(arcs.To[i])
		for k, hub := range hubs {
			w := weights[k] + arcs.Weight[i]
			if m.best[hub] == Inf {
				m.touched = append(m.touched, hub)
			}
			m.best[hub] = min(m.best[hub], w)
		}
	}
	slices.Sort(m.touched)
	for _, hub := range m.touched {
		if w := m.best[hub]; !m.beaten(hub, w, other) {
			side.Hub, side.Weight = append(side.Hub, hub), append(side.Weight, w)
		}
	}
	side.Hub, side.Weight = append(side.Hub, v), append(side.Weight, 0)
	side.First = append(side.First, uint32(len(side.Hub)))
	for _, hub := range m.touched {
		m.best[hub] = Inf
	}
	m.touched = m.touched[:0]
}

// beaten tells whether another hub leads to this one with less or equal weight.
func (m *labeller) beaten(hub uint32, w Weight, other *Side) bool {
	hubs, weights := other.Row(hub)
	for k, x := range hubs {
		if x != hub && m.best[x]+weights[k] <= w {
			return true
		}
	}
	return false
}

// Pair is the least weight from rank a to rank b, or Inf.
func (l *Labels) Pair(a, b uint32) Weight {
	ha, wa := l.From.Row(a)
	hb, wb := l.To.Row(b)
	best := Inf
	for i, j := 0, 0; i < len(ha) && j < len(hb); {
		ahead := int64(hb[j]) - int64(ha[i])
		if ahead == 0 {
			best = min(best, wa[i]+wb[j])
		}
		// Which list goes on is as good as chance: steps by sign spare the
		// processor its guesses.
		i += 1 + int(ahead>>63)
		j += 1 + int(-ahead>>63)
	}
	return best
}
