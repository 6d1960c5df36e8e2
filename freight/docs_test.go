package freight

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// machine is one of the deal's in docs/deal.md: its states in the order of a life, and what
// each of its events is, and whose.
type machine struct {
	name   string
	states []string // the first is where a life begins
	events [][3]string
	next   func(state, event string) (string, bool)
}

// of reads a machine's table by the names of its states and events.
func of[S, E ~string](t table[S, E]) func(string, string) (string, bool) {
	return func(state, event string) (string, bool) {
		to, ok := t.next(S(state), E(event))
		return string(to), ok
	}
}

var machines = []machine{
	{"load", []string{"draft", "posted", "committed", "closed"}, [][3]string{
		{"post", "shipper", "it is on the market; again after it was withdrawn, has expired or has lapsed"},
		{"book", "carrier", "an offer for it was accepted"},
		{"release", "carrier, shipper, exchange", "its booking ended before it was aboard: it is on the market again at once"},
		{"withdraw", "shipper", "the firm takes it back, also out of a booking while the truck is not on its way to it"},
		{"expire", "exchange", "its pickup window ended; its last word goes with it"},
		{"lapse", "exchange", "its shipper was asked whether it is still there and did not say so; its last word goes with it"},
		{"outside", "shipper", "settled without the exchange"},
		{"deliver", "carrier", "handed over"},
		{"fail", "carrier, shipper", "it went back"},
	}, of(loadTable)},
	{"trip", []string{"announced", "open", "underway", "lapsed", "overdue", "stopped", "completed", "cancelled"}, [][3]string{
		{"open", "carrier", "announced: loads are looked for"},
		{"depart", "exchange", "it has left its first stop; it still takes loads further on"},
		{"lapse", "exchange", "its lease ended, or nobody said that it is still true: nothing new, and every booking stays"},
		{"renew", "carrier", "announced anew with new times, or said to be true after all"},
		{"overrun", "exchange", "its plan has ended and it is not known to be empty: nothing is released, its sides are told, and two hours later the desk has a ticket for everything on it"},
		{"break", "carrier", "its truck broke down: what is not aboard is on the market again, first in line, in the same transaction; what is, or may be, stays where it is, each with a ticket"},
		{"complete", "exchange", "its plan has ended, or its truck broke down, and all that it carried was handed over or went back"},
		{"cancel", "carrier", "taken back: its loads are on the market again, first in line, in the same transaction"},
	}, of(tripTable)},
	{"offer", []string{"sent", "seen", "countered", "accepted", "declined", "expired", "superseded", "withdrawn"}, [][3]string{
		{"see", "carrier", "the operator has it on screen"},
		{"accept", "carrier or shipper, whom it asks", "the load is booked: the one place where room is taken"},
		{"decline", "carrier, or the shipper where it is asked", "no, with a reason that is remembered"},
		{"counter", "carrier or shipper, whom it asks", "another price, a new version, a new clock"},
		{"expire", "exchange", "nobody answered in time"},
		{"supersede", "exchange", "another offer for the load was accepted"},
		{"withdraw", "exchange", "the match behind it is gone: load or trip taken back or changed, the room taken"},
		{"reprice", "exchange", "the truck's plan has changed: new terms under a new version; prices named before are void"},
	}, of(offerTable)},
	{"booking", []string{"held", "firm", "aboard", "handed_over", "proven", "released", "returned"}, [][3]string{
		{"confirm", "shipper", "who looked first says yes"},
		{"release", "carrier, shipper, exchange", "it ended before it was aboard, with who ended it and why: the fee table says who owes what"},
		{"arrive", "carrier", "the truck is where the goods go in, or out"},
		{"load", "carrier", "the goods are on the truck"},
		{"hand_over", "carrier, shipper", "they are with the consignee: from then on their room is free"},
		{"prove", "carrier, shipper", "with proof"},
		{"refuse", "carrier", "the consignee does not take them: they stay aboard, their room stays taken, and the desk has a ticket at once"},
		{"cancel", "carrier", "he does not fetch them: he owes the fee of the table, and the load is on the market again, first in line"},
		{"no_show", "carrier", "he was there in the pickup's window, waited until its end and they were not: the shipper owes the fee of the table, and the load is closed"},
		{"strand", "carrier", "the truck that they are on, or by its plan may be, broke down: their room stays taken, and the desk has a ticket at once"},
		{"return", "carrier, shipper", "they are back with the shipper, or where he wants them: their room is free"},
	}, of(bookingTable)},
	{"pool", []string{"forming", "consenting", "tendered", "committed", "dissolved"}, [][3]string{
		{"ask", "exchange", "its members' firms are asked to share a truck"},
		{"reprice", "exchange", "a member left, the others share anew and nobody above his most"},
		{"tender", "exchange", "enough said yes: any operator with such a vehicle may take it"},
		{"commit", "carrier", "one took it: its trip and all its bookings in one transaction"},
		{"dissolve", "exchange", "too few, too late or nobody: its members were on the market all the while"},
	}, of(poolTable)},
	{"member", []string{"asked", "given", "refused", "lapsed", "dropped", "booked", "released"}, [][3]string{
		{"give", "shipper", "yes, at the share shown"},
		{"refuse", "shipper", "no, or a yes taken back"},
		{"lapse", "exchange", "the deadline came first"},
		{"drop", "exchange", "its load left the market, or the pool cannot carry it any more"},
		{"book", "carrier", "an operator took the pool"},
		{"release", "exchange", "the pool was dissolved"},
	}, of(memberTable)},
}

// picture draws the states of a machine from the table that the code goes by.
func (m *machine) picture() string {
	var b strings.Builder
	fmt.Fprintf(&b, "```mermaid\nstateDiagram-v2\n    [*] --> %s\n", m.states[0])
	for _, from := range m.states {
		ends := true
		for _, to := range m.states {
			var by []string
			for _, event := range m.events {
				if next, ok := m.next(from, event[0]); ok && next == to {
					by = append(by, event[0])
				}
			}
			if len(by) > 0 {
				ends = false
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, strings.Join(by, ", "))
			}
		}
		if ends {
			fmt.Fprintf(&b, "    %s --> [*]\n", from)
		}
	}
	b.WriteString("```\n\n| event | whose | what it means |\n|---|---|---|\n")
	for _, event := range m.events {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", event[0], event[1], event[2])
	}
	return b.String()
}

// The pictures of the guide are drawn from the tables that the code goes by.
func TestTheGuideShowsTheTables(t *testing.T) {
	const path = "../docs/deal.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	now := string(text)
	for _, m := range machines {
		mark := "<!-- " + m.name + " -->\n"
		before, rest, ok := strings.Cut(now, mark)
		_, after, closed := strings.Cut(rest, "<!-- end -->")
		if !ok || !closed {
			t.Fatalf("%s has no %s", path, mark)
		}
		now = before + mark + m.picture() + "<!-- end -->" + after
	}
	if *update {
		if err := os.WriteFile(path, []byte(now), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if now != string(text) {
		t.Errorf("%s is not what the tables say: run go test -run Guide ./freight -update", path)
	}
}

// No state and no event of a table is left out of its picture.
func TestThePicturesAreWhole(t *testing.T) {
	counts := map[string][2]int{}
	count(counts, "load", loadTable)
	count(counts, "trip", tripTable)
	count(counts, "offer", offerTable)
	count(counts, "booking", bookingTable)
	count(counts, "pool", poolTable)
	count(counts, "member", memberTable)
	for _, m := range machines {
		if got := [2]int{len(m.states), len(m.events)}; got != counts[m.name] {
			t.Errorf("%s has %v states and events in the picture, %v in the table", m.name, got, counts[m.name])
		}
	}
}

func count[S, E comparable](into map[string][2]int, name string, t table[S, E]) {
	events := map[E]bool{}
	for _, moves := range t {
		for event := range moves {
			events[event] = true
		}
	}
	into[name] = [2]int{len(t), len(events)}
}
