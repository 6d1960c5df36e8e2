package audit

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/outreach"
)

// The auditor knows by itself how many operators are asked at once; whoever
// changes it changes both.
func TestAsManyAreAskedAsTheAuditorThinks(t *testing.T) {
	if asked != outreach.Asked {
		t.Errorf("outreach asks %d operators at once, the auditor lets a load wait for %d: change asked in missed.go too", outreach.Asked, asked)
	}
}

// TestEveryTypeOfEventIsKnown: what is told is about a row that the auditor reads.
func TestEveryTypeOfEventIsKnown(t *testing.T) {
	for _, what := range freight.EventTypes {
		if about[what] == "" {
			t.Errorf("%s is about nothing", what)
		}
	}
	if len(about) != len(freight.EventTypes) {
		t.Errorf("%d types are known, %d there are", len(about), len(freight.EventTypes))
	}
	p := freight.Preference{Meta: freight.Meta{ID: "pr_1", Org: "og_1", Version: 2}}
	w := &world{preferences: map[freight.ID]*freight.Preference{p.ID: &p}}
	if w.version(freight.KindPreference, p.ID) != 2 || w.version(freight.KindPreference, "pr_2") != 0 || w.parties(freight.KindPreference, p.ID)[0] != "og_1" {
		t.Error("what an organization says about asking is not read")
	}
}
