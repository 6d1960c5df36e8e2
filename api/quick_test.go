package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pinhuo/internal/seed"
)

// walked is what reading token by token makes of a body.
func walked(raw []byte) error {
	walk := walker{raw: raw, decoder: json.NewDecoder(bytes.NewReader(raw))}
	walk.decoder.UseNumber()
	return walk.value("")
}

func compacted(t testing.TB, raw string) []byte {
	t.Helper()
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(raw)); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return compact.Bytes()
}

func TestQuickLookSeesTheOrdinary(t *testing.T) {
	for _, text := range []string{
		`{}`, `{"a":1}`, `{"a":{"b":[]},"c":[1,"x",{"a":null}],"d":-1.5e3,"e":true}`, `{"a":[[],[{}]],"b":"\"},{\\"}`,
		`{"a":{"a":{"a":1}},"b":{"a":2}}`, `{"":{"":""}}`, `{ "pickup" : { "lat" : 31.9 , "lng" : 121.1 } , "needs" : [ "box" ] }`,
	} {
		if !plainly(compacted(t, text)) {
			t.Errorf("%s is ordinary", text)
		}
	}
}

func TestQuickLookDoubts(t *testing.T) {
	many := make([]string, maxValues+1)
	for i := range many {
		many[i] = "1"
	}
	for name, text := range map[string]string{
		"array": `[1]`, "number": `1`, "twice": `{"a":1,"b":2,"a":3}`, "twice inside": `{"x":[{"a":1,"a":1}]}`, "twice after an object": `{"a":{"c":1},"b":1,"a":2}`,
		"twice by escape": `{"a":1,"\u0061":2}`, "deep": strings.Repeat(`{"a":`, maxDepth+1) + "1" + strings.Repeat("}", maxDepth+1),
		"long": `{"a":[` + strings.Join(many, ",") + `]}`,
	} {
		if plainly(compacted(t, text)) {
			t.Errorf("%s: %.80s passes the quick look", name, text)
		}
	}
}

// TestQuickLookPromisesNoMoreThanIsSo: on random JSON, also with names given twice
// and of any depth, what passes the quick look passes token by token.
func TestQuickLookPromisesNoMoreThanIsSo(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 0))
	names := []string{`"a"`, `"b"`, `"c"`, `"\u0061"`, `"{"`, `"a\"b"`, `"长"`}
	var draw func(depth int) string
	draw = func(depth int) string {
		kind := r.IntN(8)
		if depth < 3 || r.IntN(3) > 0 {
			kind = min(kind, r.IntN(8))
		}
		if depth > maxDepth+2 {
			kind = 2 + r.IntN(6)
		}
		inside := 0
		if kind < 2 {
			inside = r.IntN(4)
		}
		var parts []string
		for range inside {
			part := draw(depth + 1)
			if kind == 0 {
				part = names[r.IntN(len(names))] + ":" + part
			}
			parts = append(parts, part)
		}
		switch kind {
		case 0:
			return "{" + strings.Join(parts, ",") + "}"
		case 1:
			return "[" + strings.Join(parts, " , ") + "]"
		case 2:
			return fmt.Sprint(r.IntN(1000))
		case 3:
			return names[r.IntN(len(names))]
		}
		return []string{"true", "null", "-1.5e3", `"x, y]}"`}[kind-4]
	}
	passed, refused := 0, 0
	for range 20_000 {
		text := "{" + names[r.IntN(3)] + ":" + draw(1) + ",  " + names[r.IntN(3)] + ":" + draw(1) + "}"
		quick, slow := plainly(compacted(t, text)), walked([]byte(text))
		if quick && slow != nil {
			t.Fatalf("%s passes the quick look: %v", text, slow)
		}
		if quick {
			passed++
		} else if slow != nil {
			refused++
		}
	}
	if passed == 0 || refused == 0 {
		t.Errorf("%d passed, %d refused", passed, refused)
	}
}

func BenchmarkCanonical(b *testing.B) {
	raw := []byte(`{"ref":"PO-1","goods":"纺织品","pickup":{"place":{"lat":31.9,"lng":121.17,"town":"海门","address":"工业路 8 号"},` +
		`"window":{"open":"2026-01-01T08:00:00Z","close":"2026-01-01T12:00:00Z"},"service_s":900,"contact":{"name":"值班室","phone":"0513-1"}},` +
		`"delivery":{"place":{"lat":31.8,"lng":119.97,"town":"常州"},"window":{"open":"2026-01-01T08:00:00Z","close":"2026-01-02T12:00:00Z"}},` +
		`"size":{"pieces":[{"count":3,"length_m":0.6,"width_m":0.4,"height_m":0.4,"kg":30}]}}`)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := canonical(raw); err != nil {
			b.Fatal(err)
		}
	}
}
