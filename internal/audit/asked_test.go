package audit

import (
	"testing"

	"pinhuo/internal/outreach"
)

// The auditor knows by itself how many operators are asked at once; whoever
// changes it changes both.
func TestAsManyAreAskedAsTheAuditorThinks(t *testing.T) {
	if asked != outreach.Asked {
		t.Errorf("outreach asks %d operators at once, the auditor lets a load wait for %d: change asked in missed.go too", outreach.Asked, asked)
	}
}
