package browsertest

import (
	"context"
	_ "embed" // the script that looks for barriers
	"fmt"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed barriers.js
var barriers string

// Barriers returns what of the page as it is shown now would keep a person from using it:
// inputs and buttons without a name, text below a contrast of 4.5 to 1 (3 to 1 where it is
// large, as WCAG 2.2 has it) or below 12 px, what lies beyond the window's edge, and what
// moves where the person wants it still. Controls that are switched off are left out.
func (p *Page) Barriers() []string {
	p.t.Helper()
	return Eval[[]string](p, barriers)
}

// Prefer sets what the person has told the browser to prefer, such as
// "prefers-color-scheme" "dark", until it is called again.
func (p *Page) Prefer(features map[string]string) {
	p.t.Helper()
	params := emulation.SetEmulatedMediaParams{}
	for name, value := range features {
		params.Features = append(params.Features, &emulation.MediaFeature{Name: name, Value: value})
	}
	p.Do(func(ctx context.Context, _ *chromedp.Target) (none chromedp.Void, err error) {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, params)
		return none, err
	})
}

// Press types keys into whatever has the focus: text, or a key of chromedp's kb.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.Do(chromedp.KeyEvent(keys))
}

// Enter presses that key as a keyboard does: where the page takes it for itself, nothing
// else comes of it. Press sends the letter of a key in any case.
func (p *Page) Enter() {
	p.t.Helper()
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: kb.Enter, WindowsVirtualKeyCode: 13}
	up := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
	p.Do(func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		for _, one := range []input.DispatchKeyEventParams{down, up} {
			if _, err = chromedp.Call(ctx, input.DispatchKeyEvent, one); err != nil {
				return none, err
			}
		}
		return none, nil
	})
}

// focusShown tells whether a person sees where the focus is: by an outline on it, or on
// the label or field that stands for it.
const focusShown = `(() => {
	for (let e = document.activeElement, n = 0; e && n < 3; e = e.parentElement, n++) {
		for (const one of [e, e.nextElementSibling]) {
			if (!one) continue;
			const { outlineStyle, outlineWidth } = getComputedStyle(one);
			if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) return true;
		}
	}
	return false;
})()`

// mostStops bounds the way of the focus through a page.
const mostStops = 120

// TabTo moves the focus by the Tab key alone until the element of a CSS selector has it,
// and fails the test where it never does, or where on the way nothing shows where it is. A
// new view takes the focus to its top by itself, which is no stop of the key's.
func (p *Page) TabTo(selector string) {
	p.t.Helper()
	at := fmt.Sprintf("document.activeElement.matches(%q)", selector)
	for range mostStops {
		p.Press(kb.Tab)
		if Eval[bool](p, "document.activeElement.tabIndex >= 0 && !"+focusShown) {
			p.t.Errorf("%s's page: nothing shows that the focus is on %s", p.who, Eval[string](p, "document.activeElement.outerHTML.slice(0, 160)"))
		}
		if Eval[bool](p, at) {
			return
		}
	}
	p.t.Fatalf("%s's page: %d times Tab does not lead to %s", p.who, mostStops, selector)
}
