package ch

// item is a state on its way through a search.
type item struct {
	key  Weight
	node uint32
}

// heap is a queue of four children a node. A state may stand in it more than
// once; whoever takes it out knows which time counts.
type heap []item

func (h *heap) push(key Weight, node uint32) {
	*h = append(*h, item{})
	q := *h
	i := len(q) - 1
	for i > 0 {
		p := (i - 1) / 4
		if q[p].key <= key {
			break
		}
		q[i] = q[p]
		i = p
	}
	q[i] = item{key, node}
}

func (h *heap) pop() item {
	q := *h
	top, last := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	*h = q
	if len(q) == 0 {
		return top
	}
	i := 0
	for {
		least := 4*i + 1
		if least >= len(q) {
			break
		}
		for c := least + 1; c < min(4*i+5, len(q)); c++ {
			if q[c].key < q[least].key {
				least = c
			}
		}
		if q[least].key >= last.key {
			break
		}
		q[i] = q[least]
		i = least
	}
	q[i] = last
	return top
}
