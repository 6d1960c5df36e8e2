package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler(Tiles{}).ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var assetName = regexp.MustCompile(`/assets/[^"]+`)

// asset returns the name of a built file of the kind, as index.html names it.
func asset(t *testing.T, suffix string) string {
	t.Helper()
	for _, name := range assetName.FindAllString(string(body(t, get(t, "/"))), -1) {
		if strings.HasSuffix(name, suffix) {
			return name
		}
	}
	t.Fatalf("index.html names no %s: dist is not the built page", suffix)
	return ""
}

func TestThePageIsEmbedded(t *testing.T) {
	index := string(body(t, get(t, "/")))
	if !strings.Contains(index, `<div id="app">`) || strings.Contains(index, "/src/main.tsx") {
		t.Fatalf("index.html is not the built one:\n%s", index)
	}
	if strings.Contains(index, "<style") || regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(index) || strings.Contains(index, "style=") {
		t.Fatal("index.html holds inline script or style, which its policy forbids")
	}
	for _, name := range assetName.FindAllString(index, -1) {
		if r := get(t, name); r.StatusCode != http.StatusOK || len(body(t, r)) == 0 {
			t.Errorf("%s, which index.html names: %s", name, r.Status)
		}
	}
}

// Every path that the page goes to is served, and no other.
func TestThePagesOwnPathsAreServed(t *testing.T) {
	text, err := os.ReadFile("src/app.tsx")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{"": true}
	for _, match := range regexp.MustCompile(`room === "([a-z]+)"`).FindAllSubmatch(text, -1) {
		found[string(match[1])] = true
	}
	if !maps.Equal(found, rooms) {
		t.Errorf("app.tsx has the rooms %v, web.go serves %v", found, rooms)
	}
}

func TestIndexHeaders(t *testing.T) {
	for _, path := range []string{"/", "/loads", "/loads/ld_1/edit", "/index.html"} {
		r := get(t, path)
		head := r.Header
		if r.StatusCode != http.StatusOK || head.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %s, %s", path, r.Status, head.Get("Content-Type"))
		}
		if head.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: Cache-Control %q: an old page would ask for assets that are gone", path, head.Get("Cache-Control"))
		}
		if head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: no nosniff", path)
		}
		for _, rule := range []string{
			"default-src 'self'", "img-src 'self' data:", "style-src 'self';", "connect-src 'self' ws: wss:",
			"frame-ancestors 'none'", "base-uri 'none'",
		} {
			if csp := head.Get("Content-Security-Policy"); !strings.Contains(csp, rule) || strings.Contains(csp, "unsafe") {
				t.Errorf("%s: the policy %q lacks %q or allows too much", path, csp, rule)
			}
		}
	}
}

func TestAssetsAreKeptForGood(t *testing.T) {
	for suffix, kind := range map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"} {
		r := get(t, asset(t, suffix))
		if got := r.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: Cache-Control %q", suffix, got)
		}
		if got := r.Header.Get("Content-Type"); got != kind {
			t.Errorf("%s: Content-Type %q", suffix, got)
		}
	}
}

func TestCompressionIsNegotiated(t *testing.T) {
	name := asset(t, ".js")
	plain := get(t, name)
	want := body(t, plain)
	for accept, zipped := range map[string]bool{
		"gzip": true, "br, gzip": true, "GZIP;q=0.5": true, "*": true, "gzip, *;q=0": true,
		"": false, "br": false, "gzip;q=0": false, "gzip;q=0, *": false, "identity": false,
	} {
		r := get(t, name, "Accept-Encoding", accept)
		got := body(t, r)
		if is := r.Header.Get("Content-Encoding") == "gzip"; is != zipped {
			t.Errorf("Accept-Encoding %q: compressed is %v", accept, is)
			continue
		}
		if r.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: a cache is not told that it matters", accept)
		}
		if same := r.Header.Get("ETag") == plain.Header.Get("ETag"); same == zipped {
			t.Errorf("Accept-Encoding %q: ETag %s does not tell the encodings apart", accept, r.Header.Get("ETag"))
		}
		if zipped {
			got = unzip(t, got)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("Accept-Encoding %q: other bytes", accept)
		}
	}
}

func unzip(t *testing.T, b []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatIsKnownIsNotSentAgain(t *testing.T) {
	for _, encoding := range []string{"", "gzip"} {
		tag := get(t, "/", "Accept-Encoding", encoding).Header.Get("ETag")
		for given, status := range map[string]int{
			tag: 304, "W/" + tag: 304, `"other", ` + tag: 304, "*": 304, `"other"`: 200, "": 200,
		} {
			r := get(t, "/", "If-None-Match", given, "Accept-Encoding", encoding)
			if r.StatusCode != status {
				t.Errorf("If-None-Match %s: %s", given, r.Status)
			}
			if n := len(body(t, r)); (n == 0) != (status == 304) {
				t.Errorf("If-None-Match %s: %d bytes", given, n)
			}
		}
	}
}

func TestOnlyThePageFallsBack(t *testing.T) {
	for _, path := range []string{"/assets/gone.js", "/assets/", "/robots.txt", "/loads/x.php", "/../web.go", "/wp-login", "/v2/loads", "/problems/none", "/metrics"} {
		if r := get(t, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
}

func TestMethods(t *testing.T) {
	for method, status := range map[string]int{"HEAD": 200, "POST": 405, "DELETE": 405} {
		w := httptest.NewRecorder()
		Handler(Tiles{}).ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		if w.Code != status || method == "HEAD" && w.Body.Len() != 0 {
			t.Errorf("%s: %d with %d bytes", method, w.Code, w.Body.Len())
		}
	}
}

func TestABuildWithoutIndexIsRefused(t *testing.T) {
	if _, err := load(fstest.MapFS{"dist/icon.svg": {}}, Tiles{}); err == nil {
		t.Fatal("loaded a page without index.html")
	}
}
