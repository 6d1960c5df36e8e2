// Package web is the page that people use: its sources (TypeScript, in src) and the
// built files (in dist), which are embedded so that building the server needs no Node.
// `make web` rebuilds dist after a change in the sources.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// policy lets the page load its own files and talk to its own server, and nothing else.
const policy = "default-src 'self'; img-src 'self' data:; style-src 'self'; connect-src 'self' ws: wss:; " +
	"object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

const (
	always = "public, max-age=31536000, immutable" // the name changes with the content
	ask    = "no-cache"                            // keep it, but ask whether it is current
)

// file is one embedded file, ready to be sent.
type file struct {
	body   []byte
	small  []byte // gzip, nil where that saves nothing
	kind   string
	cache  string
	policy string
	tag    string // ETag of body; small has the same with "-gzip" before the quote
}

type page map[string]*file

// rooms are the first parts of the page's own paths, as web/src/app.tsx has them.
var rooms = map[string]bool{"": true, "acts": true, "standing": true, "loads": true, "trips": true, "offers": true, "pools": true, "bookings": true, "board": true, "asking": true, "desk": true, "costs": true, "sites": true, "tickets": true}

// Handler serves the page: its files, and index.html under the paths of the page's
// own, since the page finds its way from there. The tiles have passed
// their Check.
func Handler(tiles Tiles) http.Handler {
	files, err := load(dist, tiles)
	if err != nil { // the files are part of the program
		panic(fmt.Sprintf("web: embedded page: %v", err))
	}
	return files
}

func load(from fs.FS, tiles Tiles) (page, error) {
	files := page{}
	err := fs.WalkDir(from, "dist", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		served := strings.TrimPrefix(name, "dist")
		if served == "/index.html" {
			body = tiles.told(body)
		}
		files[served] = newFile(served, body)
		files[served].policy = tiles.allowed()
		return nil
	})
	if err == nil && files["/index.html"] == nil {
		err = fs.ErrNotExist
	}
	return files, err
}

func newFile(name string, body []byte) *file {
	sum := sha256.Sum256(body)
	f := &file{body: body, kind: mime.TypeByExtension(path.Ext(name)), cache: ask, tag: `"` + hex.EncodeToString(sum[:12]) + `"`}
	if kind, ok := kinds[path.Ext(name)]; ok { // whatever this machine's own table says
		f.kind = kind
	}
	if strings.HasPrefix(name, "/assets/") {
		f.cache = always
	}
	if small := shrink(body); len(small) < len(body)*9/10 {
		f.small = small
	}
	return f
}

var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
}

// shrink compresses once, when the server starts. The compressed files are not
// committed: their bytes would differ between versions of the build's tools.
func shrink(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil { // neither the level nor a bytes.Buffer can fail
		panic(fmt.Sprintf("web: compress: %v", err))
	}
	return out.Bytes()
}

// ServeHTTP answers GET and HEAD.
func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	f := p.find(r.URL.Path)
	if f == nil {
		http.NotFound(w, r)
		return
	}
	f.serve(w, r)
}

// find returns the file at the path, index.html where the path is one of the page's
// own, and nil where there is nothing.
func (p page) find(at string) *file {
	if f := p[path.Clean("/"+at)]; f != nil {
		return f
	}
	room, _, _ := strings.Cut(strings.TrimPrefix(path.Clean("/"+at), "/"), "/")
	if !rooms[room] || path.Ext(at) != "" {
		return nil
	}
	return p["/index.html"]
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Type", f.kind)
	head.Set("Cache-Control", f.cache)
	head.Set("Content-Security-Policy", f.policy)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "same-origin")
	body, tag := f.body, f.tag
	if f.small != nil {
		head.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Values("Accept-Encoding")) {
			body, tag = f.small, strings.TrimSuffix(tag, `"`)+`-gzip"`
			head.Set("Content-Encoding", "gzip")
		}
	}
	head.Set("ETag", tag)
	if matches(r.Header.Values("If-None-Match"), tag) {
		head.Del("Content-Type")
		head.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	head.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	w.Write(body) // a client that has gone misses nothing
}

// takesGzip tells whether Accept-Encoding allows gzip: named, or by a star, and not
// with a weight of zero.
func takesGzip(values []string) bool {
	star := false
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		name, params, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "gzip" && name != "*" {
			continue
		}
		allowed := weight(params) > 0
		if name == "gzip" {
			return allowed
		}
		star = allowed
	}
	return star
}

// weight reads "q=0.5"; anything else is 1.
func weight(params string) float64 {
	q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(params)), "q=")
	if !ok {
		return 1
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
	if err != nil {
		return 1
	}
	return n
}

// matches tells whether If-None-Match names the tag, weakly compared.
func matches(values []string, tag string) bool {
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == tag || part == "*" {
			return true
		}
	}
	return false
}
