// Package browsertest plays pages in a real browser: a headless Chromium that speaks
// Chinese, lives in China's time zone and reaches nothing but this machine.
//
// A test opens a [Browser], on it one [Page] for each person who takes part (each with
// cookies of its own), and drives the pages with chromedp's actions. Whatever a page
// does that no user should meet fails the test: an error in its console, a breach of
// its content security policy, a request to another machine. Where there is no
// Chromium a test is skipped with the reason; with CI=true it fails, because there its
// result is wanted.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// ErrMissing says that no browser was found on this machine.
var ErrMissing = errors.New("no Chromium here: on Debian, apt-get install chromium chromium-l10n fonts-noto-cjk")

// Zone is the time zone that every page lives in.
const Zone = "Asia/Shanghai"

// closeLimit bounds the wait for the browser to close in good order.
const closeLimit = 20 * time.Second

// Browser is one headless Chromium with a fresh profile. It ends with its test, and
// with the test's process however that ends.
type Browser struct {
	t   testing.TB
	ctx context.Context
}

// Open starts a browser for t.
func Open(t testing.TB) *Browser {
	t.Helper()
	path, err := find()
	if err != nil {
		absent(t, err)
	}
	// The browser's life is that of this context, so it must carry no deadline.
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), options(path, t.TempDir())...)
	ctx, cancelTab := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		defer cancel()
		defer cancelTab()
		closing, stop := context.WithTimeout(ctx, closeLimit)
		defer stop()
		if err := chromedp.Cancel(closing); err != nil {
			t.Logf("close the browser: %v", err)
		}
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return &Browser{t: t, ctx: ctx}
}

// options are the command line of a browser that keeps to itself.
func options(path, profile string) []chromedp.ExecAllocatorOption {
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		// No name is resolved, so nothing can leave this machine.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"),
		chromedp.Flag("lang", "zh-CN"),
		chromedp.Env("LANGUAGE=zh_CN", "TZ="+Zone), // Chromium on Linux takes its language from here
	)
	if os.Geteuid() == 0 { // Chromium's sandbox refuses root
		opts = append(opts, chromedp.NoSandbox)
	}
	return opts
}

// find returns the path of a browser, or an error that wraps ErrMissing.
func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}

// absent ends t: skipped on somebody's machine, failed where its result was asked for.
func absent(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") != "true" {
		t.Skipf("%v", err)
	}
	t.Fatalf("start a browser: %v", err)
}

// String names the browser and its version, for a test's log.
func (b *Browser) String() string {
	agent, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("navigator.userAgent"))
	if err != nil {
		return fmt.Sprintf("a browser that does not answer: %v", err)
	}
	return agent
}
