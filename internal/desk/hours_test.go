package desk

import (
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
)

const zone = "Asia/Shanghai"

// wall reads an instant of November 2026, whose 23rd is a Monday: "Fri 17:30".
func wall(t *testing.T, text string) freight.Instant {
	t.Helper()
	days := map[string]string{"Mon": "23", "Tue": "24", "Wed": "25", "Thu": "26", "Fri": "27", "Sat": "28", "Sun": "29", "MON": "30"}
	day, clock, _ := strings.Cut(text, " ")
	at, err := time.Parse("2006-01-02 15:04 -0700", "2026-11-"+days[day]+" "+clock+" +0800")
	if err != nil {
		t.Fatal(err)
	}
	return freight.At(at)
}

// working is crew with hours: A Monday to Friday 8:30 to 17:30, B every night from 20:00
// to 6:00, H Monday to Saturday 9:00 to 18:00.
func working() Roster {
	r := crew()
	r[0].Hours = freight.Office{Days: 0b0011111, From: 8*60 + 30, Till: 17*60 + 30}
	r[1].Hours = freight.Office{From: 20 * 60, Till: 6 * 60}
	r[2].Hours = freight.Office{Days: 0b0111111, From: 9 * 60, Till: 18 * 60}
	return r
}

// These were written by hand, from the sentences of the guide.
func TestWhoHasATicketByHisHours(t *testing.T) {
	for _, tc := range []struct {
		what, asked, close string // close: the end of the pickup, "" where it is about no load
		away               string
		class              freight.TicketClass
		owner              freight.ID
		due                string
	}{
		{"in the morning", "Tue 10:00", "", "", freight.ClassOrdinary, "A", "Tue 11:00"},
		{"shortly before he goes home", "Tue 17:00", "", "", freight.ClassOrdinary, "A", "Wed 09:00"},
		{"on Friday evening, for Monday evening", "Fri 19:00", "MON 20:00", "", freight.ClassOrdinary, "A", "MON 09:30"},
		{"on Friday evening, for Saturday noon: it cannot wait for him, and who is there in the evening is not asked either", "Fri 19:00", "Sat 12:00", "", freight.ClassUrgent, "H", "Fri 19:10"},
		{"on Friday night, for Saturday noon: his deputy works by night", "Fri 23:00", "Sat 12:00", "", freight.ClassUrgent, "B", "Fri 23:10"},
		{"by night, and the goods leave in the morning", "Thu 03:00", "Thu 08:00", "", freight.ClassUrgent, "B", "Thu 03:10"},
		{"by night, and who works by night is away: the head, for somebody must", "Thu 03:00", "Thu 08:00", "B", freight.ClassUrgent, "H", "Thu 03:10"},
		{"in the morning and near", "Thu 10:00", "Thu 12:00", "", freight.ClassUrgent, "A", "Thu 10:10"},
		{"near, and he is away: his deputy sleeps", "Thu 10:00", "Thu 12:00", "A", freight.ClassUrgent, "H", "Thu 10:10"},
		{"he is away, his deputy has it in the evening when he begins", "Thu 10:00", "", "A", freight.ClassOrdinary, "B", "Thu 21:00"},
		{"on Saturday, for Monday morning: he would not see it in time", "Sat 10:00", "MON 10:00", "", freight.ClassUrgent, "H", "Sat 10:10"},
	} {
		r := working()
		for _, o := range r {
			o.Away = strings.Contains(tc.away, string(o.User))
		}
		a := Act{Event: freight.TicketAsk, At: wall(t, tc.asked), Side: SideAsker, Org: firm, Zone: zone}
		if tc.close != "" {
			a.Near = wall(t, tc.close) - urgent
		}
		tk, err := Step(freight.Ticket{Meta: freight.Meta{Org: firm}, Kind: freight.TicketHelp, Class: freight.ClassOrdinary}, r, a)
		if err != nil || tk.Class != tc.class || tk.Owner != tc.owner || tk.Due != wall(t, tc.due) {
			t.Errorf("%s: %s, %s until %s (%v), want %s, %s until %s", tc.what, tk.Class, tk.Owner, tk.Due, err, tc.class, tc.owner, wall(t, tc.due))
		}
	}
}

// A clock that runs out gives a ticket to somebody who is there then.
func TestEscalationFindsSomebodyWhoIsThere(t *testing.T) {
	for _, tc := range []struct {
		what, at string
		rung     freight.Rung
		want     freight.ID
		late     bool
	}{
		{"by night his deputy is there", "Tue 22:00", freight.RungOwner, "B", false},
		{"by day the head is, his deputy is not", "Tue 11:00", freight.RungOwner, "H", false},
		{"on Sunday at noon nobody is: the head", "Sun 12:00", freight.RungOwner, "H", false},
		{"nobody is above the head", "Tue 11:00", freight.RungHead, "A", true},
	} {
		tk := freight.Ticket{Meta: freight.Meta{Org: firm}, Kind: freight.TicketHelp, Class: freight.ClassUrgent, State: freight.TicketOpen,
			Owner: "A", Desk: desk, Rung: tc.rung, Due: wall(t, tc.at) - 1, Log: []freight.TicketEntry{{Event: freight.TicketAsk}}}
		next, err := Step(tk, working(), Act{Event: freight.TicketEscalate, At: wall(t, tc.at), Side: SideExchange, Zone: zone})
		if err != nil || next.Owner != tc.want || (next.Late != 0) != tc.late {
			t.Errorf("%s: %s, late %d (%v), want %s", tc.what, next.Owner, next.Late, err, tc.want)
		}
	}
}

// Time at work against a count of it minute by minute.
func TestTimeAtWork(t *testing.T) {
	o := freight.Office{Days: 0b0011111, From: 8*60 + 30, Till: 17*60 + 30, Free: []string{"2026-11-25"}}
	for _, tc := range []struct {
		from string
		span freight.Instant
		want string
	}{
		{"Mon 08:30", 9 * freight.Hour, "Mon 17:30"},
		{"Mon 08:30", 9*freight.Hour + freight.Minute, "Tue 08:31"},
		{"Tue 16:30", 2 * freight.Hour, "Thu 09:30"}, // Wednesday is free
		{"Mon 10:00", freight.Day, "Tue 10:00"},
		{"Mon 10:00", 3 * freight.Day, "Fri 10:00"},
		{"Fri 20:00", freight.Hour, "MON 09:30"},
		{"Sun 20:00", freight.Day + freight.Hour, "MON 09:30"},
	} {
		want := wall(t, tc.want)
		if tc.from == "Sun 20:00" {
			want += freight.Day
		}
		if got := o.Plus(wall(t, tc.from), tc.span, zone); got != want {
			t.Errorf("%d h from %s: %s, want %s", tc.span/freight.Hour, tc.from, got, want)
		}
		if tc.span >= freight.Day {
			continue
		}
		left := tc.span
		at := wall(t, tc.from)
		for ; left > 0; at += freight.Minute {
			if o.Open(at, zone) {
				left -= freight.Minute
			}
		}
		if at != want {
			t.Errorf("%d h from %s, counted: %s, want %s", tc.span/freight.Hour, tc.from, at, want)
		}
	}
}
