package audit_test

import (
	"os"
	"strings"
	"testing"

	"pinhuo/internal/audit"
)

func TestEveryViolationIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/replay.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range audit.Names {
		if !strings.Contains(string(text), "| `"+string(name)+"` |") {
			t.Errorf("docs/replay.md does not say what %s is", name)
		}
	}
}
