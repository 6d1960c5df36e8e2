package live

import (
	"sync"

	"pinhuo/freight"
)

// intakeMost bounds what waits between the writer and the hub's pump: some
// 30 MB of events.
const intakeMost = 1 << 16

// intake takes committed events without ever keeping the writer waiting. When
// the pump is too far behind it lets everything go and says so: the events are
// in the database, and sockets read them from there.
type intake struct {
	wake chan struct{} // capacity 1: something is there

	mu     sync.Mutex
	events []freight.Event
	most   int
	lost   bool
}

func newIntake(most int) *intake { return &intake{wake: make(chan struct{}, 1), most: most} }

// put appends events; it reports false when it had to let go.
func (in *intake) put(events []freight.Event) bool {
	in.mu.Lock()
	kept := len(in.events)+len(events) <= in.most
	if kept {
		in.events = append(in.events, events...)
	} else {
		in.events, in.lost = nil, true
	}
	in.mu.Unlock()
	in.call()
	return kept
}

// lose says that something was let go elsewhere.
func (in *intake) lose() {
	in.mu.Lock()
	in.lost = true
	in.mu.Unlock()
	in.call()
}

func (in *intake) call() {
	select {
	case in.wake <- struct{}{}:
	default: // the pump is already called
	}
}

// take returns what is there, and whether something before it was let go.
func (in *intake) take() (events []freight.Event, lost bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	events, lost = in.events, in.lost
	in.events, in.lost = nil, false
	return events, lost
}
