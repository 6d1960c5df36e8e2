package dispatch

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// These were written by hand, before the table was.
func TestActsByHand(t *testing.T) {
	text, err := os.ReadFile("testdata/acts/byhand.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		line, _, _ = strings.Cut(line, "#")
		sequence, want, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if !ok {
			continue
		}
		n++
		if got := playOut(t, movesOf(t, sequence), time.Millisecond); got != want {
			t.Errorf("%s\n got %s\nwant %s", sequence, got, want)
		}
	}
	if n < 15 {
		t.Errorf("%d rows", n)
	}
}

// movesOf reads a sequence as it stands in a table.
func movesOf(t *testing.T, text string) (moves []move) {
	for part := range strings.SplitSeq(text, ", ") {
		cut := strings.LastIndex(part, " ")
		at, err := strconv.Atoi(part[cut+1:])
		if err != nil {
			t.Fatal(err)
		}
		moves = append(moves, move{part[:cut], at})
	}
	return moves
}
