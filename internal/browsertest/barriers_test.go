package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Each barrier is found in a page that has it, and none in one that has none.
func TestBarriersAreFound(t *testing.T) {
	b := Open(t)
	long := strings.Repeat("<p>货源</p>", 12)
	for _, tc := range []struct{ name, more, want string }{
		{"none", `<main><label>件数 <input></label></main><style>#pieces{display:none}</style>` + long, ""},
		{"an input without a name", `<main><input class="bare"></main>` + long, "<input .bare> has no name"},
		{"faint text", `<main><p style="color:#999">看不清</p></main>` + long, "contrast 2.85"},
		{"faint text on a faint ground", `<main style="background:#333"><p style="color:#fff4">看不清</p></main>` + long, "contrast"},
		{"small text", `<main><small style="font-size:9px">太小</small></main>` + long, "9 px"},
		{"what is too wide", `<main><div style="width:2000px">宽</div></main>` + long, "px wide in 1280"},
		{"what moves", `<main><p style="animation:a 1s infinite">动</p></main><style>@keyframes a{to{opacity:.9}}</style>` + long, "moves"},
		{"nothing to look at", `<main></main>`, "nothing was looked at"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := b.Page("clerk", Desk)
			p.Prefer(map[string]string{"prefers-reduced-motion": "reduce"})
			p.Do(chromedp.Navigate(serve(t, tc.more)))
			p.Until("document.readyState === 'complete'")
			browserHides := Eval[bool](p, `(document.querySelector('#pieces').setAttribute('aria-label', '件数'), true)`)
			found := strings.Join(p.Barriers(), "\n")
			if !browserHides || tc.want == "" && found != "" || !strings.Contains(found, tc.want) {
				t.Errorf("found %q, want %q", found, tc.want)
			}
		})
	}
}

// Where nothing shows the focus, going by Tab says so.
func TestFocusThatIsNotShown(t *testing.T) {
	b := Open(t)
	p := b.Page("clerk", Desk)
	p.Do(chromedp.Navigate(serve(t, `<style>#bare:focus{outline:none}</style><button id="good">好</button><button id="bare">无</button>`)))
	p.TabTo("#good")
	r := &recorder{TB: t}
	p.t = r
	p.TabTo("#bare")
	p.t = t
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], "bare") {
		t.Errorf("the test's errors are %q", r.errors)
	}
}
