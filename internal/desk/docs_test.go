package desk

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite what is made of the table")

// The picture and the clocks in the guide are those that the code goes by.
func TestTheGuideShowsTheTable(t *testing.T) {
	const path = "../../docs/desk.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	now := string(text)
	for mark, want := range map[string]string{"<!-- states -->\n": Picture(), "<!-- clocks -->\n": Clocks(), "<!-- answers -->\n": Answers()} {
		before, rest, ok := strings.Cut(now, mark)
		_, after, closed := strings.Cut(rest, "<!-- end -->")
		if !ok || !closed {
			t.Fatalf("%s has no %s", path, mark)
		}
		now = before + mark + want + "<!-- end -->" + after
	}
	if *update {
		if err := os.WriteFile(path, []byte(now), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if now != string(text) {
		t.Errorf("%s is not what the table says: run go test ./internal/desk -update", path)
	}
}
