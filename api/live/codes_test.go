package live

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

const page = "../../docs/socket.md"

// The page that clients are written by has the table of this package.
func TestCloseCodesAreDocumented(t *testing.T) {
	file, err := os.Open(page)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	row := regexp.MustCompile(`^\| (\d{4}) \| (.+) \| (.+) \|$`)
	var told []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if m := row.FindStringSubmatch(lines.Text()); m != nil {
			told = append(told, strings.Join(m[1:], " | "))
		}
	}
	var ours []string
	for _, c := range Closes {
		ours = append(ours, fmt.Sprintf("%d | %s | %s", c.Code, c.Text, c.Advice))
	}
	if got, want := strings.Join(told, "\n"), strings.Join(ours, "\n"); got != want {
		t.Errorf("%s has\n%s\nwant\n%s", page, got, want)
	}
}

func TestThePageNamesOurFramesAndLimits(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{TypeHello, TypeBeat, TypeReload, "1,024 bytes", "64 of them", "retry_ms=<n>", "within 30 seconds"} {
		if !strings.Contains(string(text), word) {
			t.Errorf("%s does not say %q", page, word)
		}
	}
	if clientFrame != 1024 || clientFrames != 64 || recheck != 30*time.Second {
		t.Error("the limits have changed: change the page too")
	}
}

// A close frame holds at most 125 bytes, two of them for the code.
func TestReasonsFitTheCloseFrame(t *testing.T) {
	for _, c := range Closes {
		reason := c.reason(99 * time.Hour)
		if len(reason) > 123 {
			t.Errorf("%d: %d bytes", c.Code, len(reason))
		}
		if strings.Contains(reason, "retry_ms=") != (c.Advice == AdviceResume) {
			t.Errorf("%d: %q", c.Code, reason)
		}
	}
}
