package desk

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pinhuo/freight"
)

const (
	firm = freight.ID("og_firm")
	desk = freight.ID("og_desk")
	noon = freight.Instant(1_700_000_000_000)
)

// crew is three officers: A answers for the firm, B is his deputy, H the head.
func crew() Roster {
	person := func(user, deputy freight.ID) *freight.Officer {
		return &freight.Officer{Meta: freight.Meta{ID: "oc_" + user, Org: desk}, User: user, OfficerTerms: freight.OfficerTerms{Deputy: deputy}}
	}
	a, b, h := person("A", "B"), person("B", "H"), person("H", "")
	a.Firms, h.Head, h.Default = []freight.ID{firm}, true, true
	return Roster{a, b, h}
}

// moves are what can befall a ticket; who does it stands in the name.
var moves = []struct {
	name string
	act  Act
}{
	{"A takes", Act{Event: freight.TicketTake, Side: SideDesk, Actor: "A", Org: desk}},
	{"B takes", Act{Event: freight.TicketTake, Side: SideDesk, Actor: "B", Org: desk}},
	{"A to H", Act{Event: freight.TicketHandOver, Side: SideDesk, Actor: "A", Org: desk, To: "H"}},
	{"A answers", Act{Event: freight.TicketFinish, Side: SideDesk, Actor: "A", Org: desk}},
	{"firm notes", Act{Event: freight.TicketNote, Side: SideAsker, Actor: "F", Org: firm}},
	{"confirms", Act{Event: freight.TicketConfirm, Side: SideAsker, Actor: "F", Org: firm}},
	{"reopens", Act{Event: freight.TicketReopen, Side: SideAsker, Actor: "F", Org: firm}},
	{"A away", Act{Event: freight.TicketStandIn, Side: SideExchange}},
	{"booked", Act{Event: freight.TicketSettle, Side: SideExchange}},
	{"clock", Act{Side: SideExchange}}, // nothing but time
}

func opened(t *testing.T) freight.Ticket {
	t.Helper()
	tk, err := Step(freight.Ticket{Meta: freight.Meta{Org: firm, Made: noon}, Kind: freight.TicketUnanswered, Class: freight.ClassOrdinary}, crew(),
		Act{Event: freight.TicketAsk, At: noon, Side: SideExchange})
	if err != nil {
		t.Fatal(err)
	}
	return tk
}

// lapse lets the ticket's clock take effect, as the writer does before anything else
// of that instant.
func lapse(tk freight.Ticket, r Roster, at freight.Instant) freight.Ticket {
	event := freight.TicketEscalate
	if tk.State == freight.TicketDone {
		event = freight.TicketLapse
	}
	if next, err := Step(tk, r, Act{Event: event, At: at, Side: SideExchange}); err == nil {
		return next
	}
	return tk
}

// play lets a move happen so many milliseconds from when the ticket's clock runs out;
// said is the refusal, "" for none.
func play(tk freight.Ticket, move int, from freight.Instant) (after freight.Ticket, said string) {
	r := crew()
	at := max(tk.Due+from, tk.Log[len(tk.Log)-1].At)
	tk = lapse(tk, r, at)
	a := moves[move].act
	if a.Event == "" {
		return tk, ""
	}
	if a.Event == freight.TicketStandIn {
		r[0].Away = true
		if tk.Owner != "A" {
			return tk, "" // nothing of his
		}
	}
	a.At = at
	next, err := Step(tk, r, a)
	if err != nil {
		return tk, string(freight.ProblemOf(err))
	}
	return next, ""
}

// brief is a ticket in a few letters: its state, who has it, and ! where it is late.
func brief(tk freight.Ticket) string {
	text := string(tk.State) + " " + string(tk.Owner)
	if tk.Late != 0 {
		text += "!"
	}
	return text
}

// sound holds what is true of every ticket, whatever befell it.
func sound(t *testing.T, tk freight.Ticket, how string) {
	t.Helper()
	live := tk.State != freight.TicketClosed
	last := tk.Log[len(tk.Log)-1]
	switch {
	case tk.Owner == "" || tk.Desk != desk || live && tk.Due == 0 || !live && tk.Due != 0:
		t.Fatalf("%s: without owner or clock: %+v", how, tk)
	case !live && last.Event != freight.TicketConfirm && last.Event != freight.TicketLapse:
		t.Fatalf("%s: closed by %s", how, last.Event)
	case tk.Late != 0 && (tk.Rung != freight.RungHead || tk.State != freight.TicketOpen):
		t.Fatalf("%s: late without being the head's: %+v", how, tk)
	}
}

// table writes what every pair of moves comes to around the ticket's clock, and every
// triple of them at the same distance from it.
func table(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# A ticket of A's firm (deputy B, head H), fresh. Each move happens 1 ms before the present clock runs out, when it does,\n" +
		"# or 1 ms after; what has run out takes effect before the move. \"no: ...\" is a refusal, after which all is as before.\n\n## pairs\n")
	offsets := []freight.Instant{-1, 0, 1}
	for first := range moves {
		for second := range moves {
			for _, x := range offsets {
				fmt.Fprintf(&b, "%-10s %+d, %-10s", moves[first].name, x, moves[second].name)
				one, no := play(opened(t), first, x)
				sound(t, one, moves[first].name)
				for _, y := range offsets {
					two, said := play(one, second, y)
					sound(t, two, moves[first].name+", "+moves[second].name)
					fmt.Fprintf(&b, " | %+d %-8s%s", y, brief(two), refused(said))
				}
				b.WriteString(refused(no) + "\n")
			}
		}
	}
	for _, x := range offsets {
		fmt.Fprintf(&b, "\n## triples, each move at %+d\n", x)
		for first := range moves {
			for second := range moves {
				one, _ := play(opened(t), first, x)
				two, _ := play(one, second, x)
				fmt.Fprintf(&b, "%-10s %-10s:", moves[first].name, moves[second].name)
				for third := range moves {
					three, said := play(two, third, x)
					sound(t, three, "a triple")
					fmt.Fprintf(&b, " %s %s%s,", moves[third].name, brief(three), refused(said))
				}
				b.WriteString("\n")
			}
		}
	}
	return b.String()
}

func refused(said string) string {
	if said == "" {
		return ""
	}
	return " no: " + said
}

// Every pair and triple of moves around the clocks comes to what the committed table
// says.
func TestAllPairsAndTriplesOfMoves(t *testing.T) {
	const path = "testdata/moves.txt"
	got := table(t)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	old := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(old) || line != old[i] {
			t.Fatalf("line %d of %s (rewrite it with -update):\n got %s", i+1, path, line)
		}
	}
}

// These were written by hand, before the table was.
func TestMovesByHand(t *testing.T) {
	type step struct {
		move string
		at   freight.Instant // from the present clock
	}
	for _, tc := range []struct {
		steps []step
		want  string // of the ticket after all of them
		last  string // what the last was refused for
	}{
		{[]step{{"A takes", 0}}, "taken A", ""},
		{[]step{{"A takes", 1}}, "taken A", ""}, // B had it for a moment
		{[]step{{"clock", 0}}, "open A", ""},
		{[]step{{"clock", 1}}, "open B", ""},
		{[]step{{"clock", 1}, {"clock", 1}}, "open H", ""},
		{[]step{{"clock", 1}, {"clock", 1}, {"clock", 1}}, "open H!", ""},
		{[]step{{"clock", 1}, {"clock", 1}, {"clock", 1}, {"clock", 1}}, "open H!", ""},
		{[]step{{"clock", 1}, {"clock", 1}, {"clock", 1}, {"B takes", 1}}, "taken B", ""},
		{[]step{{"A takes", 0}, {"A takes", 0}}, "taken A", "state"},
		{[]step{{"A takes", 0}, {"clock", 1}}, "open B", ""},
		{[]step{{"B takes", 0}, {"A answers", 0}}, "taken B", "other_officer"},
		{[]step{{"A answers", 0}, {"clock", 0}}, "done A", ""},
		{[]step{{"A answers", 0}, {"clock", 1}}, "closed A", ""},
		{[]step{{"A answers", 0}, {"reopens", 0}}, "open A", ""},
		{[]step{{"A answers", 0}, {"reopens", 1}}, "closed A", "state"},
		{[]step{{"A answers", 0}, {"confirms", 0}}, "closed A", ""},
		{[]step{{"confirms", -1}}, "closed A", ""},
		{[]step{{"confirms", -1}, {"firm notes", 0}}, "closed A", "state"},
		{[]step{{"A away", 0}}, "open B", ""},
		{[]step{{"A takes", 0}, {"A away", 0}}, "open B", ""},
		{[]step{{"A takes", 0}, {"booked", 0}}, "done A", ""},
		{[]step{{"A to H", 0}, {"clock", 1}}, "open H!", ""}, // nobody is above the head
	} {
		tk, said := opened(t), ""
		for _, s := range tc.steps {
			at := slices.IndexFunc(moves, func(m struct {
				name string
				act  Act
			}) bool {
				return m.name == s.move
			})
			tk, said = play(tk, at, s.at)
		}
		if brief(tk) != tc.want || said != tc.last {
			t.Errorf("%v: %s %q, want %s %q", tc.steps, brief(tk), said, tc.want, tc.last)
		}
	}
}

// Whoever an event does not belong to is refused, in every state.
func TestOnlyTheSideOfAnEventBringsItAbout(t *testing.T) {
	for _, event := range freight.TicketEvents {
		for _, side := range []Side{SideAsker, SideOther, SideDesk, SideExchange} {
			if slices.Contains(Sides(event), side) {
				continue
			}
			for _, state := range freight.TicketStates {
				tk := opened(t)
				tk.State = state
				if next, err := Step(tk, crew(), Act{Event: event, Side: side, At: noon + freight.Day, Actor: "A", Org: desk, To: "B"}); err == nil {
					t.Errorf("%s by the %s in state %q: %+v", event, side, state, next)
				}
			}
		}
	}
	stranger := Act{Event: freight.TicketTake, Side: SideDesk, Actor: "nobody", Org: desk, At: noon}
	if _, err := Step(opened(t), crew(), stranger); freight.CodeOf(err) != freight.Forbidden {
		t.Errorf("a user of the desk who is no officer: %v", err)
	}
}

func TestWhoStandsIn(t *testing.T) {
	for _, tc := range []struct {
		away string
		want freight.ID
		rung freight.Rung
	}{
		{"", "A", freight.RungOwner}, {"A", "B", freight.RungDeputy}, {"AB", "H", freight.RungDeputy}, {"ABH", "H", freight.RungHead},
		{"AH", "B", freight.RungDeputy},
	} {
		r := crew()
		for _, o := range r {
			o.Away = strings.Contains(tc.away, string(o.User))
		}
		if o, rung := r.Present(r.For(firm), Moment{}); o.User != tc.want || rung != tc.rung {
			t.Errorf("with %q away %s stands in as %s, want %s as %s", tc.away, o.User, rung, tc.want, tc.rung)
		}
	}
	r := crew()
	if o := r.For("og_unbound"); o.User != "H" {
		t.Errorf("%s answers for a firm that is bound to nobody", o.User)
	}
	r[0].Deputy, r[1].Deputy = "B", "A" // each other's
	r[0].Away, r[1].Away = true, true
	if o, _ := r.Present(r[0], Moment{}); o.User != "H" {
		t.Errorf("of two who stand in for each other and are away, %s has it", o.User)
	}
	if missing := (Roster{}).Missing(); len(missing) != 2 {
		t.Errorf("an empty roster lacks %v", missing)
	}
}

// A brief says what the logs say, and that of a day that has passed never changes.
func TestABriefCountsTheLogs(t *testing.T) {
	r := crew()
	act := func(tk freight.Ticket, at freight.Instant, a Act) freight.Ticket {
		a.At = at
		next, err := Step(tk, r, a)
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	tk := opened(t)
	tk = lapse(tk, r, tk.Due+1) // B has it
	tk = act(tk, tk.Due, Act{Event: freight.TicketTake, Side: SideDesk, Actor: "B", Org: desk})
	tk = act(tk, tk.Due, Act{Event: freight.TicketFinish, Side: SideDesk, Actor: "B", Org: desk})
	evening := tk.Log[len(tk.Log)-1].At + 1
	day := Brief([]freight.Ticket{tk}, noon, evening)
	tk = act(tk, evening+1, Act{Event: freight.TicketReopen, Side: SideAsker, Actor: "F", Org: firm})
	for range 3 {
		tk = lapse(tk, r, tk.Due+1)
	}
	if again := Brief([]freight.Ticket{tk}, noon, evening); fmt.Sprint(again) != fmt.Sprint(day) {
		t.Errorf("the day was %+v and became %+v", day, again)
	}
	if want := (freight.BriefLine{Asked: 1, Answered: 1, Raised: 1, Waiting: 1}); day.Sum != want {
		t.Errorf("the day: %+v, want %+v", day.Sum, want)
	}
	next := Brief([]freight.Ticket{tk}, evening, tk.Late+1)
	if want := (freight.BriefLine{Reopened: 1, Raised: 2, Waiting: 1, Late: 1}); next.Sum != want {
		t.Errorf("the next: %+v, want %+v", next.Sum, want)
	}
	if len(next.Lines) != 2 || next.Lines[0].Officer != "B" || next.Lines[1].Officer != "H" || next.Lines[1].Late != 1 {
		t.Errorf("by officer: %+v", next.Lines)
	}
}
