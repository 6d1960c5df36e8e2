package dispatch

import (
	"context"
	"runtime"
	"sync"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// needs is what waits for a planner, each need at most once: a need that comes
// while its like is waiting changes nothing, because the plan will read the
// board as it is then. Loads that are first in line are planned before all else.
type needs struct {
	mu    sync.Mutex
	cond  *sync.Cond
	first []book.Need
	list  []book.Need
	set   map[needKey]struct{}
	done  bool
}

type needKey struct {
	kind book.NeedKind
	id   freight.ID
}

func newNeeds() *needs {
	n := &needs{set: map[needKey]struct{}{}}
	n.cond = sync.NewCond(&n.mu)
	return n
}

// add returns how many of the list did not wait already.
func (n *needs) add(list []book.Need) (added int) {
	if len(list) == 0 {
		return 0
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, need := range list {
		key := needKey{need.Kind, need.ID}
		if _, waiting := n.set[key]; waiting && need.Kind != book.NeedExplain && need.Kind != book.NeedOutlook {
			continue
		}
		n.set[key] = struct{}{}
		if need.First {
			n.first = append(n.first, need)
		} else {
			n.list = append(n.list, need)
		}
		added++
	}
	n.cond.Broadcast()
	return added
}

// next waits for a need; false when the planners are to stop.
func (n *needs) next() (book.Need, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for len(n.first)+len(n.list) == 0 && !n.done {
		n.cond.Wait()
	}
	if n.done {
		return book.Need{}, false
	}
	line := &n.list
	if len(n.first) > 0 {
		line = &n.first
	}
	need := (*line)[0]
	*line = (*line)[1:]
	delete(n.set, needKey{need.Kind, need.ID})
	return need, true
}

func (n *needs) stop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.done = true
	n.cond.Broadcast()
}

// planner answers needs until it is stopped. It shares nothing with the writer
// but the board and the queue, so a planner that never returns delays nobody.
func (d *Dispatcher) planner(ctx context.Context) {
	for {
		d.queue.wait()
		need, ok := d.needs.next()
		if !ok || ctx.Err() != nil {
			return
		}
		began := time.Now()
		if !d.put(d.plan(d.time(), need), false) {
			return
		}
		d.engine.cfg.Metrics.plans.Dec()
		// Whoever waits for a processor, above all the writer coming back from the
		// disk, goes first: a plan more or less is never urgent.
		runtime.Gosched()
		if d.queue.waiting(laneAct) > 0 { // people wait for the writer: leave it two thirds of the time
			time.Sleep(2 * time.Since(began))
		}
	}
}
