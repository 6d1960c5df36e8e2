package osm

import "iter"

// pileChunk is how many values lie together; a power of two.
const pileChunk = 1 << 15

// pile is a list that grows without being copied: an extract does not say beforehand how
// much it holds.
type pile[T any] struct {
	chunks [][]T
	n      int
}

func (p *pile[T]) add(x T) {
	if p.n%pileChunk == 0 {
		p.chunks = append(p.chunks, make([]T, 0, pileChunk))
	}
	last := &p.chunks[len(p.chunks)-1]
	*last = append(*last, x)
	p.n++
}

func (p *pile[T]) at(i int) *T { return &p.chunks[i/pileChunk][i%pileChunk] }

// all hands out the values in order.
func (p *pile[T]) all() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, chunk := range p.chunks {
			for _, x := range chunk {
				if !yield(x) {
					return
				}
			}
		}
	}
}
