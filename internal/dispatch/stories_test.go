package dispatch

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pinhuo/freight"
)

var update = flag.Bool("update", false, "rewrite the expected lines of the stories below testdata")

// story is one file of a folder below testdata while it is played: what people do and how
// time goes by, and below the line ---- what is told to whom.
type story interface {
	line(line string)
	tale() string
}

// playStories plays every story of a folder, of which there are at least so many, and
// compares what was told.
func playStories(t *testing.T, folder string, least int, begin func(t *testing.T, script string) story) {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.txt"))
	if err != nil || len(files) < least {
		t.Fatalf("%d stories: %v", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			script, want, _ := strings.Cut(string(text), "\n----\n")
			s := begin(t, script)
			for line := range strings.SplitSeq(script, "\n") {
				if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
					s.line(line)
				}
			}
			if *update {
				if err := os.WriteFile(path, []byte(script+"\n----\n"+s.tale()), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got := s.tale(); got != want {
				t.Errorf("%s says\n%s\nbut\n%s", path, want, got)
			}
		})
	}
}

// pass lets the clocks run out up to an instant, each at its own, and tells after each.
func (r *rig) pass(until freight.Instant, tell func()) {
	for next := r.engine.NextClock(); next != 0 && next <= until; next = r.engine.NextClock() {
		r.now = max(r.now, next)
		r.round(r.engine.Due(r.now)...)
		r.settle()
		tell()
	}
	r.now = until
}
