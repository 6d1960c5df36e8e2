// Package ch answers shortest paths on a directed graph of states exactly: a
// contraction hierarchy orders the states by importance, hub labels made from it
// answer a pair by one merge of two short lists.
//
// It knows nothing of roads. A Weight carries two figures that are minimised one
// after the other, and every answer is the least weight there is, not an estimate.
package ch

import (
	"errors"
	"fmt"
)

// Weight is milliseconds in the high half and centimetres in the low half, so
// that the order of sums is the order of time, and of length where times are
// equal. Differences of weights are weights too: Weight is linear in both.
type Weight int64

// Inf is the weight of no path. It may be added to once without harm.
const Inf Weight = 1 << 61

// NewWeight is the weight of a time in milliseconds and a length in centimetres,
// both from 0 to 2^31-1.
func NewWeight(ms, cm int64) Weight { return Weight(ms<<32 + cm) }

// Ms is the milliseconds of a weight that is not negative.
func (w Weight) Ms() int64 { return int64(w) >> 32 }

// Cm is the centimetres of a weight that is not negative.
func (w Weight) Cm() int64 { return int64(w) & (1<<32 - 1) }

// ErrGraph is wrapped where arcs or a stored hierarchy make no sense.
var ErrGraph = errors.New("graph of states")

// Arc leads from a state to another.
type Arc struct {
	From, To uint32
	Weight   Weight // not negative
}

// None is no state.
const None = ^uint32(0)

// Half is the arcs of a hierarchy that lead to more important states, by their
// less important end, in rank numbers: row v is First[v] to First[v+1].
type Half struct {
	First  []uint32
	To     []uint32
	Weight []Weight
	Middle []uint32 // the state a shortcut leads through, or None
}

// row is the range of a state's arcs.
func (h *Half) row(v uint32) (from, to uint32) { return h.First[v], h.First[v+1] }

// Hierarchy is a graph's states by importance: rank 0 is the most important, and
// everything but Build speaks of ranks. It is read-only.
type Hierarchy struct {
	Up   Half // arcs from a state to a more important one
	Down Half // arcs to a state from a more important one

	// The least way from a state back to itself over less important ones, Inf
	// where there is none, and the state it leads through.
	Loop       []Weight
	LoopMiddle []uint32
}

// Size is the number of states.
func (h *Hierarchy) Size() int { return len(h.Loop) }

// Check fails with ErrGraph where a hierarchy that was read from outside would
// lead out of its arrays.
func (h *Hierarchy) Check() error {
	n := h.Size()
	if len(h.LoopMiddle) != n {
		return fmt.Errorf("%d loops of %d: %w", len(h.LoopMiddle), n, ErrGraph)
	}
	for v, m := range h.LoopMiddle {
		if m != None && (int(m) >= n || int(m) <= v) || h.Loop[v] < 0 {
			return fmt.Errorf("loop of %d: %w", v, ErrGraph)
		}
	}
	return errors.Join(h.Up.check(n), h.Down.check(n))
}

func (h *Half) check(n int) error {
	if len(h.First) != n+1 || len(h.To) != len(h.Weight) || len(h.To) != len(h.Middle) || int(h.First[n]) != len(h.To) {
		return fmt.Errorf("%d rows, %d arcs: %w", len(h.First), len(h.To), ErrGraph)
	}
	for v := range n {
		if h.First[v] > h.First[v+1] {
			return fmt.Errorf("row %d ends before it begins: %w", v, ErrGraph)
		}
		for i := h.First[v]; i < h.First[v+1]; i++ {
			if int(h.To[i]) >= v || h.Middle[i] != None && (int(h.Middle[i]) >= n || int(h.Middle[i]) <= v) || h.Weight[i] < 0 {
				return fmt.Errorf("arc %d of row %d: %w", i, v, ErrGraph)
			}
		}
	}
	return nil
}
