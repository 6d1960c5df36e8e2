package main

import (
	"fmt"
	"strings"
	"testing"

	"pinhuo/internal/browsertest"
)

// TestTheDeskSetsWhatVehiclesCost plays it in a real browser: the head of the desk changes
// a rate, an officer who had the older version on the phone is told, and sets another on
// top of it; both read who changed what.
func TestTheDeskSetsWhatVehiclesCost(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 0, 0)
	h.man("王主任", "李调度")
	h.boot()
	head := h.person(b, "head", browsertest.Desk, 0)
	officer := h.person(b, "officer", browsertest.Phone, 1)
	for _, p := range []*person{head, officer} {
		p.open("/costs")
		p.see("costs-form")
	}
	head.put("in-types[0].per_km_fen", "二")
	head.tap("submit-costs")
	head.Until(`document.activeElement === hands.at('in-types[0].per_km_fen')`) // where the fault is
	head.put("in-types[0].per_km_fen", "2.75")
	head.tap("submit-costs")
	head.see("costs-saved")

	officer.tap("costs-newest")
	officer.Until(`hands.at('costs-form').dataset.version === '1' && hands.at('in-types[0].per_km_fen').value === '2.75'`)
	officer.put("in-margin_percent", "120")
	officer.tap("submit-costs")
	officer.see("costs-saved")
	head.Until(`hands.at('costs-versions').children.length === 3`)
	said := head.text("costs-versions")
	for _, part := range []string{"李调度", "王主任", "→ 120", "→ ¥2.75"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q is not in what the versions say:\n%s", part, said)
		}
	}
	var out strings.Builder
	if code := run(t.Context(), []string{"audit", "--data", h.db.Data}, nil, streams{&out, &out}); code != 0 {
		t.Error(fmt.Sprint("audit: exit ", code, "\n", out.String()))
	}
}
