package main

import (
	"bufio"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

var bookedMetric = regexp.MustCompile(`(?m)^pinhuo_bookings_total\{outcome="firm"\} [1-9]`)

// TestTheDemoMeetsByItself starts the demonstration and waits for its first
// booking: nobody clicks.
func TestTheDemoMeetsByItself(t *testing.T) {
	metrics := freePort(t)
	cmd := exec.Command(binary(t), "serve", "--demo", "--listen", "127.0.0.1:0", "--metrics-addr", metrics, "--data", t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	var base string
	links := 0
	lines := bufio.NewScanner(out)
	for links < 3 && lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "ready at "); ok {
			base = url
		}
		links += strings.Count(lines.Text(), "#link=phl_")
	}
	go io.Copy(io.Discard, out)
	if base == "" || links != 3 {
		t.Fatalf("address %q and %d sign-in links", base, links)
	}
	poll := time.NewTicker(200 * time.Millisecond)
	defer poll.Stop()
	limit := time.After(3 * time.Minute)
	for {
		select {
		case <-poll.C:
		case <-limit:
			t.Fatal("no load and truck have met")
		}
		if _, text := fetch(t, "http://"+metrics+"/metrics"); bookedMetric.MatchString(text) {
			return
		}
	}
}
