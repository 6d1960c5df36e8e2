package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pinhuo/freight"
)

// Picture draws the states of a ticket for docs/desk.md, from the table that the code
// goes by.
func Picture() string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	name := func(s freight.TicketState) string {
		if s == "" || s == freight.TicketClosed {
			return "[*]"
		}
		return string(s)
	}
	for _, from := range freight.TicketStates {
		to := map[freight.TicketState][]string{}
		for _, event := range freight.TicketEvents {
			if next, err := freight.NextTicket(from, event); err == nil {
				to[next] = append(to[next], string(event))
			}
		}
		for _, next := range freight.TicketStates {
			if len(to[next]) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", name(from), name(next), strings.Join(to[next], ", "))
			}
		}
	}
	b.WriteString("```\n\n| event | whose |\n|---|---|\n")
	for _, event := range freight.TicketEvents {
		var who []string
		for _, s := range sides[event] {
			who = append(who, string(s))
		}
		slices.Sort(who)
		fmt.Fprintf(&b, "| `%s` | %s |\n", event, strings.Join(who, ", "))
	}
	return b.String()
}

// Clocks writes the table of the clocks for docs/desk.md.
func Clocks() string {
	var b strings.Builder
	b.WriteString("| kind | class | to be taken up in | to be answered in | the firm's word within |\n|---|---|---|---|---|\n")
	for _, kind := range []freight.TicketKind{freight.TicketUnanswered, freight.TicketHelp, freight.TicketCustody, freight.TicketDispute, freight.TicketUnconfirmed, freight.TicketShort} {
		for _, class := range []freight.TicketClass{freight.ClassUrgent, freight.ClassOrdinary} {
			s := SpansOf(kind, class)
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", kind, class, span(s.Take), span(s.Work), span(s.Wait))
		}
	}
	return b.String()
}

func span(i freight.Instant) string {
	d := time.Duration(i) * time.Millisecond
	if d < time.Hour {
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d h", d/time.Hour)
}

// Answers writes the table of what makes a ticket for docs/desk.md.
func Answers() string {
	var b strings.Builder
	b.WriteString("| cause | a ticket opens by itself when | because |\n|---|---|---|\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.cause, r.when, r.because)
	}
	return b.String()
}
