package browsertest

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const html = `<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>货源</title><link rel="icon" href="data:,">
<h1>零担货源</h1>
<input id="pieces"><button onclick="document.querySelector('output').textContent = '已发布 ' + document.querySelector('input').value + ' 件'">发布</button>
<output></output>`

// serve starts a site on loopback whose page is html and whatever follows it.
func serve(t *testing.T, more string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'self' 'unsafe-inline'; img-src 'self' data: http://other.example")
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		w.Write([]byte(html + "<p id=cookie>" + r.Header.Get("Cookie") + "</p>" + more))
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestAPageIsPlayed(t *testing.T) {
	url := serve(t, "")
	b := Open(t)
	t.Log(b)
	p := b.Page("clerk", Desk)
	p.Do(chromedp.Navigate(url),
		chromedp.SendKeys(chromedp.CSS("#pieces"), "12"),
		chromedp.Click(chromedp.CSS("button")))
	p.Until("document.querySelector('output').textContent !== ''")
	if got := Get(p, chromedp.Text(chromedp.CSS("output"))); got != "已发布 12 件" {
		t.Fatalf("the page says %q", got)
	}
}

func TestThePageIsInChinaOnAPhone(t *testing.T) {
	p := Open(t).Page("driver", Phone)
	p.Do(chromedp.Navigate(serve(t, "")))
	for expression, want := range map[string]string{
		"navigator.language": "zh-CN",
		"Intl.DateTimeFormat().resolvedOptions().timeZone": Zone,
		"new Date(0).toLocaleString()":                     "1970/1/1 08:00:00",
		"String(innerWidth)":                               "360",
		"String(matchMedia('(pointer: coarse)').matches)":  "true",
		"fetch('/').then(r => String(r.status))":           "200",
	} {
		if got := Eval[string](p, expression); got != want {
			t.Errorf("%s is %q, want %q", expression, got, want)
		}
	}
}

func TestPeopleShareNoCookies(t *testing.T) {
	url := serve(t, "")
	b := Open(t)
	clerk, driver := b.Page("clerk", Desk), b.Page("driver", Phone)
	clerk.Do(chromedp.Navigate(url), chromedp.Navigate(url))
	driver.Do(chromedp.Navigate(url))
	if got := Get(clerk, chromedp.Text(chromedp.CSS("#cookie"))); got != "seen=1" {
		t.Errorf("the clerk's own cookie came back as %q", got)
	}
	if got := Eval[string](driver, "document.querySelector('#cookie').textContent"); got != "" {
		t.Errorf("the driver's page was asked for with the clerk's cookie %q", got)
	}
}

func TestFaultsAreNoticed(t *testing.T) {
	b := Open(t)
	for _, tc := range []struct{ name, more, want string }{
		{"an error in the console", `<script>console.error("no", {why: 1})</script>`, "console: "},
		{"an exception", `<script>nowhere.at.all</script>`, "exception: ReferenceError"},
		{"a promise nobody minds", `<script>Promise.reject(new Error("lost"))</script>`, "exception: Error: lost"},
		{"a breach of the policy", `<img src="http://127.0.0.1:1/x.png">`, "security: "},
		{"a missing file", `<img src="/missing.png">`, "network: "},
		{"another machine", `<img src="http://other.example/x.png">`, "request to another machine: http://other.example/x.png"},
		{"a socket to another machine", `<script>new WebSocket("ws://other.example/")</script>`, "other.example"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			url := serve(t, tc.more)
			p := b.Page("clerk", Desk)
			p.Do(chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("h1")))
			p.Until("document.readyState === 'complete'")
			found := strings.Join(p.Faults(), "\n")
			p.Tolerate(".") // seen and judged here, not at the test's end
			if !strings.Contains(found, tc.want) {
				t.Fatalf("found %q, want %q", found, tc.want)
			}
			if left := p.Faults(); len(left) != 0 {
				t.Fatalf("not excused: %q", left)
			}
		})
	}
}

// recorder is a testing.TB that keeps the verdict on a page to itself.
type recorder struct {
	testing.TB
	cleanups []func()
	errors   []string
}

func (r *recorder) Cleanup(f func())          { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(f string, a ...any) { r.errors = append(r.errors, fmt.Sprintf(f, a...)) }
func (r *recorder) Fatalf(f string, a ...any) { panic("fatal: " + fmt.Sprintf(f, a...)) }
func (r *recorder) Skipf(f string, a ...any)  { panic("skip: " + fmt.Sprintf(f, a...)) }

func TestAFaultFailsTheTest(t *testing.T) {
	b := Open(t)
	r := &recorder{TB: t}
	b.t = r
	p := b.Page("clerk", Desk)
	p.Do(chromedp.Navigate(serve(t, `<script>console.error("no room")</script>`)))
	p.Until("document.readyState === 'complete'")
	for _, f := range r.cleanups {
		f()
	}
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], "clerk's page: console: no room") {
		t.Fatalf("the test's errors are %q", r.errors)
	}
}

func TestAFailedStepShowsThePage(t *testing.T) {
	b := Open(t)
	r := &recorder{TB: t}
	b.t = r
	p := b.Page("clerk", Desk)
	p.Do(chromedp.Navigate(serve(t, "")))
	defer func() {
		if said := fmt.Sprint(recover()); !strings.Contains(said, "零担货源") || !strings.Contains(said, "nowhere") {
			t.Fatalf("the failure says %q: neither what was wrong nor what the page shows", said)
		}
		for _, f := range r.cleanups {
			f()
		}
	}()
	Eval[string](p, "nowhere")
}

func TestAbsence(t *testing.T) {
	for ci, want := range map[string]string{"": "skip: ", "true": "fatal: "} {
		t.Run("CI="+ci, func(t *testing.T) {
			t.Setenv("CI", ci)
			t.Setenv("PATH", t.TempDir())
			_, err := find()
			if !errors.Is(err, ErrMissing) {
				t.Fatalf("found a browser on an empty path (%v)", err)
			}
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, want) || !strings.Contains(got, ErrMissing.Error()) {
					t.Fatalf("got %q, want it to begin with %q and to say %q", got, want, ErrMissing)
				}
			}()
			absent(&recorder{TB: t}, err)
		})
	}
}
