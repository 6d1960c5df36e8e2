package main

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"pinhuo/api/client"
)

// smallDisk mounts a file system of so many MiB in memory.
func smallDisk(t *testing.T, mib int) (dir string, grow func(mib int)) {
	t.Helper()
	dir = t.TempDir()
	size := func(mib int) string { return fmt.Sprintf("size=%dm", mib) }
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, size(mib)); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir, func(mib int) {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, size(mib)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAFullDisk: the server answers 503 and says that it is not ready for as
// long as the disk is full, works on when there is room again, and has lost
// nothing that it acknowledged.
func TestAFullDisk(t *testing.T) {
	dir, grow := smallDisk(t, 4)
	h := newHouse(t, database{Data: dir + "/data"}, 1, 1)
	h.boot()
	once, err := client.New(client.Config{Base: h.base, Token: h.orgs[0].token, Tries: 1})
	if err != nil {
		t.Fatal(err)
	}
	posted := 0
	for ; err == nil && posted < 10_000; posted++ {
		_, err = once.PostLoad(t.Context(), h.load(fmt.Sprintf("full-%d", posted), posted), client.Key(fmt.Sprintf("full-%d", posted)))
	}
	posted-- // the last one was refused
	if err == nil || posted == 0 {
		t.Fatalf("%d loads fit a small disk: %v", posted, err)
	}
	poll := time.NewTicker(300 * time.Millisecond)
	defer poll.Stop()
	for range 10 {
		if status, text := fetch(t, h.base+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(text, `"writes"`) {
			t.Fatalf("on a full disk: %d %s", status, text)
		}
		<-poll.C
	}
	grow(64)
	limit := time.After(30 * time.Second)
	for status := 0; status != http.StatusOK; {
		select {
		case <-poll.C:
			status, _ = fetch(t, h.base+"/readyz")
		case <-limit:
			t.Fatal("there is room again, and the server does not notice")
		}
	}
	if _, err := once.PostLoad(t.Context(), h.load("full-again", 1), client.Key("full-again")); err != nil {
		t.Errorf("a post with room: %v", err)
	}
	page, err := once.Loads(t.Context(), client.List{Limit: 200})
	for err == nil && page.Next != "" {
		more := page
		page, err = once.Loads(t.Context(), client.List{Limit: 200, After: more.Next})
		posted -= len(more.Items)
	}
	if err != nil || len(page.Items) != posted+1 {
		t.Errorf("%d loads more than were acknowledged, %v", len(page.Items)-posted-1, err)
	}
	if out := h.audit(); !strings.Contains(out, "violations: 0") {
		t.Errorf("audit:\n%s", out)
	}
}
