package house

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// marks are the traces of one machine or one network that no file may carry. Each is
// written in two parts, so that this list is not found by itself.
var marks = []string{
	"/wo" + "rk/",
	"/tmp/ba" + "sh_jobs",
	"/ro" + "ot/",
	"proxy.go" + "lang.org",
	"sum.go" + "lang.org",
	"registry.np" + "mjs.org",
	"deb.de" + "bian.org",
	"snapshot.de" + "bian.org",
}

// tracked lists the files that are, or are about to be, part of the project.
func tracked(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("no git repository to list the files of: %v", err)
	}
	return strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")
}

func TestNoFileCarriesTheMarksOfAMachine(t *testing.T) {
	for _, name := range tracked(t) {
		text, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) { // removed, and the removal not yet committed
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		for _, mark := range marks {
			if at := bytes.Index(text, []byte(mark)); at >= 0 {
				t.Errorf("%s:%d names %s", name, 1+bytes.Count(text[:at], []byte("\n")), mark)
			}
		}
	}
}
