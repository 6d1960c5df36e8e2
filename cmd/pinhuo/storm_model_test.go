package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// stormAct is one thing that a client did, and what it saw of it: an accept, or a read
// of a load or of a trip.
type stormAct struct {
	client      int
	call, reply time.Time
	reads       bool
	load, trip  string
	offer       string // accepted
	booked      string // the booking, "" for none
	problem     string // of an accept that was refused
	aboard      int    // loads that a trip was seen with
}

// stormJudged is how long judging one history may take.
const stormJudged = 2 * time.Minute

// A load is booked once: an accept that succeeds finds it free, and a read sees the
// booking there is. A refusal may be about the room or the price: it says nothing.
var loadModel = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		held, act := state.(string), input.(stormAct)
		if act.reads {
			return act.booked == held, held
		}
		return held == "", act.booked
	},
	DescribeOperation: describe,
}

// A trip takes as many loads as it has room for, and a read sees as many as were
// booked.
var tripModel = porcupine.Model{
	Init: func() any { return 0 },
	Step: func(state, input, output any) (bool, any) {
		aboard, act := state.(int), input.(stormAct)
		if act.reads {
			return act.aboard == aboard, aboard
		}
		return aboard < stormRoom, aboard + 1
	},
	DescribeOperation: describe,
}

func describe(input, _ any) string { return fmt.Sprintf("%+v", input) }

// linearizable judges each load's and each trip's part of the history by itself.
func (s *stormRun) linearizable() {
	loads, trips := map[string][]porcupine.Operation{}, map[string][]porcupine.Operation{}
	for _, act := range s.history {
		if !act.reads && act.booked == "" {
			continue // whatever was there, it may have been refused
		}
		op := porcupine.Operation{ClientId: act.client, Input: act, Call: act.call.UnixNano(), Return: act.reply.UnixNano()}
		if act.load != "" {
			loads[act.load] = append(loads[act.load], op)
		}
		if act.trip != "" {
			trips[act.trip] = append(trips[act.trip], op)
		}
	}
	judge(s.t, "loads", loadModel, loads)
	judge(s.t, "trips", tripModel, trips)
}

func judge(t *testing.T, what string, model porcupine.Model, parts map[string][]porcupine.Operation) {
	t.Helper()
	model.Partition = func([]porcupine.Operation) (list [][]porcupine.Operation) {
		for _, part := range parts {
			list = append(list, part)
		}
		return list
	}
	result, info := porcupine.CheckOperationsVerbose(model, nil, stormJudged)
	if result == porcupine.Ok {
		return
	}
	path := filepath.Join(t.TempDir(), what+".html")
	t.Errorf("the history of %s is %s; drawn in %s (%v)", what, result, path, porcupine.VisualizePath(model, info, path))
}

// The judge must be able to say no.
func TestStormJudgeNoticesWhatCannotBe(t *testing.T) {
	at := func(call, reply int64, act stormAct) porcupine.Operation {
		return porcupine.Operation{Input: act, Call: call, Return: reply}
	}
	booked, read := stormAct{booked: "b"}, stormAct{reads: true}
	for name, c := range map[string]struct {
		model porcupine.Model
		list  []porcupine.Operation
		want  bool
	}{
		"booked twice":               {loadModel, []porcupine.Operation{at(1, 2, booked), at(1, 3, stormAct{booked: "c"})}, false},
		"read before the booking":    {loadModel, []porcupine.Operation{at(1, 2, read), at(3, 4, booked)}, true},
		"a booking that was lost":    {loadModel, []porcupine.Operation{at(1, 2, booked), at(3, 4, read)}, false},
		"seen before it was":         {loadModel, []porcupine.Operation{at(1, 2, stormAct{reads: true, booked: "b"}), at(3, 4, booked)}, false},
		"as many as there are":       {tripModel, []porcupine.Operation{at(1, 2, booked), at(3, 4, stormAct{reads: true, aboard: 1})}, true},
		"one more than were booked":  {tripModel, []porcupine.Operation{at(1, 2, booked), at(3, 4, stormAct{reads: true, aboard: 2})}, false},
		"one more than there is for": {tripModel, overbooked(at), false},
	} {
		if got := porcupine.CheckOperations(c.model, c.list); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func overbooked(at func(int64, int64, stormAct) porcupine.Operation) (list []porcupine.Operation) {
	for n := range int64(stormRoom + 1) {
		list = append(list, at(2*n+1, 2*n+2, stormAct{booked: fmt.Sprint(n)}))
	}
	return list
}
