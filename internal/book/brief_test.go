package book

import (
	"testing"

	"pinhuo/freight"
)

// A stretch of time is briefed once, and none that lies ahead.
func TestAStretchOfTimeIsBriefedOnce(t *testing.T) {
	w := newWorld(t)
	brief := func(from, to freight.Instant) freight.KeepBrief {
		return freight.KeepBrief{Brief: freight.Brief{From: from, To: to}}
	}
	if kept := w.must("og_desk", brief(w.now-freight.Day, w.now)).Brief; kept == nil || kept.Org != "og_desk" || kept.ID == "" {
		t.Fatalf("kept %+v", kept)
	}
	w.refused(freight.ProblemStale, "og_desk", brief(w.now-freight.Day, w.now))  // the same
	w.refused(freight.ProblemStale, "og_desk", brief(w.now-freight.Hour, w.now)) // overlaps it
	w.refused(freight.ProblemStale, "og_desk", brief(w.now, w.now))              // empty
	w.refused(freight.ProblemStale, "og_desk", brief(w.now, w.now+1))            // lies ahead
}

// The first officer is head and default, whatever is said; both are handed on and never
// given up, and a firm is bound to one officer.
func TestADeskAlwaysHasAHeadAndADefault(t *testing.T) {
	w := newWorld(t)
	set := func(user freight.ID, terms freight.OfficerTerms) *freight.Officer {
		terms.Name = string(user)
		return w.must("og_desk", freight.SetOfficer{User: user, Terms: terms}).Officer
	}
	if first := set("us_a", freight.OfficerTerms{}); !first.Head || !first.Default {
		t.Fatalf("the first: %+v", first)
	}
	w.refused(freight.ProblemState, "og_desk", freight.MarkOfficer{User: "us_a", Off: true})
	set("us_b", freight.OfficerTerms{Default: true, Firms: []freight.ID{"og_x", "og_y"}})
	set("us_a", freight.OfficerTerms{Firms: []freight.ID{"og_y"}}) // says nothing of being head: it stays
	r := w.book.Roster()
	if r.Head().User != "us_a" || r.Default().User != "us_b" || r.For("og_y").User != "us_a" || r.For("og_x").User != "us_b" || r.For("og_z").User != "us_b" {
		t.Errorf("head %s, default %s, y %s, x %s", r.Head().User, r.Default().User, r.For("og_y").User, r.For("og_x").User)
	}
	set("us_b", freight.OfficerTerms{Head: true})
	w.must("og_desk", freight.MarkOfficer{User: "us_a", Off: true})
	if r := w.book.Roster(); len(r) != 1 || r.Head().User != "us_b" || r.For("og_y").User != "us_b" {
		t.Errorf("after the head has left: %+v", r)
	}
	w.refused(freight.ProblemUnknown, "og_other", freight.MarkOfficer{User: "us_b", Away: true}) // another desk's
	w.refused(freight.ProblemUnknown, "og_desk", freight.SetOfficer{User: "us_b", Terms: freight.OfficerTerms{Name: "b", Deputy: "us_b"}})
}
