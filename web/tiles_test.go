package web

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTilesCheck(t *testing.T) {
	for _, good := range []Tiles{
		{}, {URL: "https://tiles.example/{z}/{x}/{y}.png"}, {URL: "http://127.0.0.1:8080/t?x={x}&y={y}&z={z}", Datum: "gcj02", Attribution: "© 测绘"},
	} {
		if err := good.Check(); err != nil {
			t.Errorf("%+v: %v", good, err)
		}
	}
	for _, bad := range []Tiles{
		{URL: "tiles"}, {URL: "ftp://tiles.example/{z}/{x}/{y}"}, {URL: "https://tiles.example/{z}/{x}.png"}, {Datum: "gcj02"}, {Attribution: "x"},
		{URL: "https://tiles.example/{z}/{x}/{y}.png", Datum: "bd09"}, {URL: "https://a@b.example/{z}/{x}/{y}"},
		{URL: "https://x.example;script-src */{z}/{x}/{y}"}, {URL: "https:///{z}/{x}/{y}"}, {URL: "https://*/{z}/{x}/{y}"},
	} {
		if err := bad.Check(); !errors.Is(err, ErrTiles) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestTilesAreToldAndAllowed(t *testing.T) {
	page := func(tiles Tiles) (policy, body string) {
		w := httptest.NewRecorder()
		Handler(tiles).ServeHTTP(w, httptest.NewRequest("GET", "/loads", nil))
		return w.Header().Get("Content-Security-Policy"), w.Body.String()
	}
	policy, body := page(Tiles{URL: `https://tiles.example/{z}/{x}/{y}.png?"k"=1`, Datum: "gcj02", Attribution: "<b>甲</b>"})
	if !strings.Contains(policy, "img-src 'self' data: https://tiles.example;") {
		t.Errorf("policy %q", policy)
	}
	if !strings.Contains(body, `content="https://tiles.example/{z}/{x}/{y}.png?&#34;k&#34;=1" data-datum="gcj02" data-attribution="&lt;b&gt;甲&lt;/b&gt;"`) {
		t.Errorf("page %s", body)
	}
	if policy, body = page(Tiles{}); strings.Contains(policy, "https:") || strings.Contains(body, "pinhuo-tiles") {
		t.Errorf("without tiles: %q, %s", policy, body)
	}
}
