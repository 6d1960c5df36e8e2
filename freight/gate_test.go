package freight

import "testing"

const gateMonday = Instant(1_790_035_200_000) - Day // 2026-09-21, a Monday, 00:00 UTC

func TestGate(t *testing.T) {
	week := [7]Hours{}
	for d := range 5 {
		week[d] = Hours{Open: 8 * 60, Shut: 17 * 60}
	}
	week[5] = Hours{Open: 8 * 60, Shut: 12 * 60}
	gate, err := NewGate(week, "Asia/Shanghai", gateMonday)
	if err != nil || gate[:16] != "+0800 0800-1700 " || !gate.Sound() || gate.Days() != week {
		t.Fatalf("%q, %v", gate, err)
	}
	at := func(day, hour, minute Instant) Instant { return gateMonday + day*Day + (hour-8)*Hour + minute*Minute }
	for _, c := range []struct{ at, next, last Instant }{
		{at(0, 9, 0), at(0, 9, 0), at(0, 9, 0)},
		{at(0, 7, 59), at(0, 8, 0), at(-2, 12, 0)},
		{at(0, 17, 0), at(0, 17, 0), at(0, 17, 0)},
		{at(0, 17, 1), at(1, 8, 0), at(0, 17, 0)},
		{at(5, 12, 1), at(7, 8, 0), at(5, 12, 0)},
	} {
		if got := gate.Next(c.at); got != c.next {
			t.Errorf("next from %v: %v, want %v", c.at, got, c.next)
		}
		if got := gate.Last(c.at); got != c.last {
			t.Errorf("last up to %v: %v, want %v", c.at, got, c.last)
		}
	}
	if Gate("").Next(7) != 7 || Gate("").Last(7) != 7 {
		t.Error("a place without a gate is shut")
	}
	late := Gate("-0330 2200-2400 0000-0100 0000-0000 0000-0000 0000-0000 0000-0000 0000-0000")
	for n := range 14 * 24 * 6 {
		now := gateMonday + Instant(n)*10*Minute
		if next := late.Next(now); next < now || late.Next(next) != next || late.Last(next) != next {
			t.Fatalf("from %v the gate opens at %v", now, next)
		}
		if last := late.Last(now); last > now || late.Last(last) != last || late.Next(last) != last {
			t.Fatalf("up to %v the gate was open at %v", now, last)
		}
	}
	for _, broken := range []Gate{"x", gate[1:], gate[:10] + "x" + gate[11:], "+0800 1700-0800" + gate[15:], gate[:5] + " 0000-2460" + gate[15:], neverOpen} {
		if broken.Sound() {
			t.Errorf("%q is sound", broken)
		}
	}
	if _, err := NewGate(week, "Nowhere/Here", 0); CodeOf(err) != Invalid {
		t.Errorf("a zone that does not exist: %v", err)
	}
}

const neverOpen = Gate("+0800 0000-0000 0000-0000 0000-0000 0000-0000 0000-0000 0000-0000 0000-0000")

func TestGateIsReadByTheMarketsClock(t *testing.T) {
	gate := func(l *LoadTerms) {
		l.Pickup.Gate = "+0000 0000-2400 0000-2400 0000-2400 0000-2400 0000-2400 0000-2400 0000-2400"
	}
	if got := told(gate); got != nil {
		t.Errorf("refused %q", got)
	}
	shut := func(l *LoadTerms) {
		l.Pickup.Gate = "+0000 0800-0900 0000-0000 0000-0000 0000-0000 0000-0000 0000-0000 0000-0000"
	}
	if got := told(shut); len(got) != 1 || got[0] != "pickup.gate_hours" {
		t.Errorf("refused %q", got)
	}
	if got := told(func(l *LoadTerms) { l.Pickup.Gate = "weekdays" }); len(got) != 1 || got[0] != "pickup.gate_hours" {
		t.Errorf("refused %q", got)
	}
}
