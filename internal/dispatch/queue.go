package dispatch

import (
	"sync"

	"pinhuo/freight"
)

// lane orders what waits for the writer: what takes or frees room first, then
// what brings new loads and trips or notes a refusal, then what planners propose.
type lane int

const (
	laneAct lane = iota
	lanePost
	lanePlan
	lanes
)

var laneNames = [lanes]string{"act", "post", "plan"}

func laneOf(a freight.Act) lane {
	switch a.(type) {
	case freight.Propose, freight.ProposeSet, freight.AskLater, freight.ExplainLoad, freight.FormPool, freight.JoinPool, freight.ProposeReload, freight.KeepBrief:
		return lanePlan
	case freight.PostLoad, freight.EditLoad, freight.RepostLoad, freight.AnnounceTrip, freight.EditTrip, freight.RenewTrip, freight.NoteRefusal:
		return lanePost
	}
	return laneAct
}

// waiter is a command and the channel on which its asker waits; nil for
// commands that nobody waits for.
type waiter struct {
	cmd    freight.Command
	reply  chan Outcome
	packed bool // proposed by a round of the batch
}

// queue holds what waits for the writer. People's lanes are bounded: a full
// one refuses. The planners' lane holds what one plan makes of a trip, a
// proposal for each load that fits it, and planners wait before they add to a
// long one.
type queue struct {
	mu     sync.Mutex
	taken  *sync.Cond // on mu: the planners' lane has become shorter, or closed
	byLane [lanes][]waiter
	wake   chan struct{} // capacity 1: a doorbell for the writer
	most   int
	closed bool
}

func newQueue(most int) *queue {
	q := &queue{wake: make(chan struct{}, 1), most: most}
	q.taken = sync.NewCond(&q.mu)
	return q
}

// wait blocks a planner while the writer has more proposals than it can judge
// in a few rounds.
func (q *queue) wait() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.byLane[lanePlan]) > 4*maxBatch && !q.closed {
		q.taken.Wait()
	}
}

// put adds a command; it fails when the lane is full or the queue is closed.
func (q *queue) put(w waiter) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	at := laneOf(w.cmd.Act)
	switch {
	case q.closed:
		return &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStopping}
	case at != lanePlan && w.reply != nil && len(q.byLane[at]) >= q.most:
		return &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemOverload}
	}
	q.byLane[at] = append(q.byLane[at], w)
	q.ring()
	return nil
}

func (q *queue) ring() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take removes up to n commands, lane by lane, and rings again when some are
// left. A tenth of each batch is kept for the lower lanes, so that a flood of
// one kind starves nobody.
func (q *queue) take(n int) []waiter {
	q.mu.Lock()
	defer q.mu.Unlock()
	batch := make([]waiter, 0, min(n, len(q.byLane[0])+len(q.byLane[1])+len(q.byLane[2])))
	for at := range lanes {
		room := n - len(batch) - n/10*int(lanes-1-at)
		got := min(room, len(q.byLane[at]))
		batch = append(batch, q.byLane[at][:got]...)
		rest := q.byLane[at][got:]
		if len(rest) == 0 {
			rest = nil
		}
		q.byLane[at] = rest
	}
	q.taken.Broadcast()
	for at := range lanes {
		if len(q.byLane[at]) > 0 {
			q.ring()
			break
		}
	}
	return batch
}

// waiting is the number of commands in a lane.
func (q *queue) waiting(at lane) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.byLane[at])
}

// close refuses new commands from people; what waits is still taken.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.taken.Broadcast()
	q.ring()
}
