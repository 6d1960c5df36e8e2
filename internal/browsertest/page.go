package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// stepLimit is how long a page may take for one step, waiting for an element included.
// It is far more than any page should need: it ends tests that would hang.
const stepLimit = 30 * time.Second

// Screen is the size of a page's window in CSS pixels and what kind of device shows it.
type Screen struct {
	Width, Height int64
	Mobile        bool // touch, no hover, the viewport of a phone
}

// The screens that the page is built for.
var (
	Phone = Screen{Width: 360, Height: 740, Mobile: true} // the narrowest that must do
	Desk  = Screen{Width: 1280, Height: 800}
)

// Page is one person's browser window, with cookies and storage of its own. Its methods
// are for one goroutine, and fail the test when a step fails.
type Page struct {
	t   testing.TB
	who string
	ctx context.Context

	mu        sync.Mutex // guards what the browser's events write
	faults    []string
	tolerated []*regexp.Regexp
}

// Page opens a window named after who looks at it; the name stands in every message.
// When the test ends it fails for each fault that the page showed and Tolerate did not
// excuse.
func (b *Browser) Page(who string, screen Screen) *Page {
	b.t.Helper()
	p := &Page{t: b.t, who: who}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.listen))
	p.ctx = ctx
	b.t.Cleanup(func() {
		cancel()
		for _, fault := range p.Faults() {
			p.t.Errorf("%s's page: %s", p.who, fault)
		}
	})
	// Not bounded as other steps are: a window lives as long as its first context.
	if err := chromedp.Do(ctx, watchNetwork, emulate(screen)); err != nil {
		b.t.Fatalf("open %s's page: %v", who, err)
	}
	return p
}

func watchNetwork(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	return chromedp.Void{}, err
}

func emulate(s Screen) chromedp.Action[chromedp.Void] {
	if !s.Mobile {
		return chromedp.EmulateViewport(s.Width, s.Height)
	}
	return chromedp.EmulateViewport(s.Width, s.Height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
}

// Stand lets the page know where it is: at a point in degrees, within so many metres. The
// person has allowed it.
func (p *Page) Stand(lat, lng, accuracyM float64) {
	p.t.Helper()
	p.Do(func(ctx context.Context, _ *chromedp.Target) (none chromedp.Void, err error) {
		allowed := browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: "geolocation"}, Setting: "granted",
			BrowserContextID: chromedp.FromContext(ctx).BrowserContextID}
		if _, err = chromedp.CallBrowser(ctx, browser.SetPermission, allowed); err != nil {
			return none, err
		}
		_, err = chromedp.Call(ctx, emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{Latitude: &lat, Longitude: &lng, Accuracy: &accuracyM})
		return none, err
	})
}

// Line takes the page's network away, or gives it back; the page is told, as a phone's is.
func (p *Page) Line(up bool) {
	p.t.Helper()
	p.Do(func(ctx context.Context, _ *chromedp.Target) (none chromedp.Void, err error) {
		cut := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{}}
		if !up {
			cut.MatchedNetworkConditions = []*network.Conditions{{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}}
		}
		if _, err = chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, cut); err != nil {
			return none, err
		}
		_, err = chromedp.Call(ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !up, DownloadThroughput: -1, UploadThroughput: -1})
		return none, err
	})
}

// Do runs the steps in order and fails the test at the first that fails, saying what
// the page showed.
func (p *Page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	for i, step := range steps {
		ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
		err := chromedp.Do(ctx, step)
		cancel()
		if err != nil {
			p.fail(fmt.Sprintf("step %d of %d", i+1, len(steps)), err)
		}
	}
}

// Get runs an action that gives a value and returns it, or fails the test.
func Get[T any](p *Page, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		p.fail("read", err)
	}
	return v
}

// Eval evaluates a JavaScript expression in the page, waiting for its promise if it is
// one, and returns its value.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	return Get(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Until waits until a JavaScript expression is true in the page.
func (p *Page) Until(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(0))); err != nil {
		p.fail("until "+expression, err)
	}
}

// fail ends the test with the page's text and a picture of it.
func (p *Page) fail(doing string, err error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	text, terr := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if terr != nil {
		text = "nothing that can be read: " + terr.Error()
	}
	if shot, serr := chromedp.Run(ctx, chromedp.CaptureScreenshot()); serr == nil {
		name := filepath.Join(p.t.ArtifactDir(), p.who+".png")
		if werr := os.WriteFile(name, shot, 0o600); werr == nil {
			p.t.Logf("picture (kept with go test -artifacts): %s", name)
		}
	}
	p.t.Fatalf("%s's page, %s: %v\nfaults: %q\nit shows:\n%s", p.who, doing, err, p.Faults(), text)
}

// Tolerate excuses faults, past and to come, whose text matches the expression: a test
// that cuts the line on purpose will find that the page says so in its console.
func (p *Page) Tolerate(expression string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tolerated = append(p.tolerated, regexp.MustCompile(expression))
}

// Faults returns what the page has done so far that no user should meet, in order:
// errors in the console, exceptions that nothing caught, breaches of the content
// security policy, requests to other machines.
func (p *Page) Faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []string
	for _, fault := range p.faults {
		if !p.excused(fault) {
			left = append(left, fault)
		}
	}
	return left
}

// excused is called with mu held.
func (p *Page) excused(fault string) bool {
	for _, re := range p.tolerated {
		if re.MatchString(fault) {
			return true
		}
	}
	return false
}

// listen runs on the goroutine that reads the browser's messages: it only notes.
func (p *Page) listen(ev any) {
	if fault := faultOf(ev); fault != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.faults = append(p.faults, fault)
	}
}

// faultOf tells what is wrong with what an event reports, or "".
func faultOf(ev any) string {
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		return "exception: " + exceptionText(ev.ExceptionDetails)
	case *runtime.EventConsoleAPICalled:
		if ev.Type == "error" || ev.Type == "assert" {
			return "console: " + argsText(ev.Args)
		}
	case *log.EventEntryAdded: // the browser's own words: refused by policy, failed to load
		if ev.Entry.Level == "error" {
			return strings.TrimSpace(fmt.Sprintf("%s: %s %s", ev.Entry.Source, ev.Entry.Text, ev.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		return strayRequest(ev.Request.URL)
	case *network.EventWebSocketCreated:
		return strayRequest(ev.URL)
	}
	return ""
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

func argsText(args []*runtime.RemoteObject) string {
	words := make([]string, 0, len(args))
	for _, arg := range args {
		var word string
		if arg.Description != "" {
			word = arg.Description
		} else if err := json.Unmarshal(arg.Value, &word); err != nil {
			word = string(arg.Value) // a number or a truth value
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// strayRequest tells that an address lies on another machine, or "".
func strayRequest(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "request to an address that cannot be read: " + address
	}
	switch u.Scheme {
	case "data", "blob", "about", "chrome": // within the browser
		return ""
	}
	if u.Hostname() == "127.0.0.1" {
		return ""
	}
	return "request to another machine: " + address
}
