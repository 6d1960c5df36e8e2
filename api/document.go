package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/api/live"
	"pinhuo/freight"
)

// Document returns the OpenAPI 3.1 description of the API, indented and the
// same for every build of the same source. The socket's messages are among its
// components.
func Document() ([]byte, error) { return document(newServer(Config{}).api) }

func document(api huma.API) ([]byte, error) {
	describe(api.OpenAPI())
	compact, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("api: openapi: %w", err)
	}
	var text bytes.Buffer
	if err := json.Indent(&text, compact, "", "  "); err != nil {
		return nil, fmt.Errorf("api: openapi: %w", err)
	}
	text.WriteByte('\n')
	return text.Bytes(), nil
}

// describe adds what no operation says by itself.
func describe(doc *huma.OpenAPI) {
	doc.Info.Description = "Matchmaking for pooled freight: loads, trips with room to spare, offers and bookings. " +
		"Money in fen, weight in kg, volume in litres, length in metres, points in degrees of WGS-84, times in RFC 3339. " +
		"docs/api.md is the guide."
	doc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: SessionCookie, Description: "Set by signing in"},
		"token":   {Type: "http", Scheme: "bearer", Description: "An API token of an organization"},
	}
	doc.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	for _, message := range []any{live.Hello{}, live.Beat{}, live.Reload{}} {
		t := reflect.TypeOf(message)
		doc.Components.Schemas.Schema(t, true, t.Name())
	}
	doc.AddOperation(&huma.Operation{
		OperationID: "stream", Method: http.MethodGet, Path: streamPath, Tags: []string{"events"},
		Summary: "A WebSocket on which events arrive as they happen",
		Description: "Frames are Event messages; the first is pinhuo.hello with Hello as its data, then pinhuo.beat with Beat " +
			"now and again, and pinhuo.reload with Reload before a close with code 4410. docs/socket.md is the protocol.",
		Parameters: []*huma.Param{{
			Name: "after", In: "query", Description: "A cursor to resume after; from now on when left out",
			Schema: &huma.Schema{Type: huma.TypeString},
		}},
		Responses: map[string]*huma.Response{"101": {Description: "The socket is open"}},
	})
	for name, path := range map[string]string{"healthz": "The process serves requests", "readyz": "Every part is ready"} {
		doc.AddOperation(&huma.Operation{
			OperationID: name, Method: http.MethodGet, Path: "/" + name, Tags: []string{"health"}, Summary: path,
			Security: []map[string][]string{{}},
			Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
				"application/json": {Schema: doc.Components.Schemas.Schema(reflect.TypeFor[Health](), true, "Health")},
			}}},
		})
	}
	for _, s := range doc.Components.Schemas.Map() {
		for _, name := range []string{"reason", "cause"} {
			if p := s.Properties[name]; p != nil && p.Enum == nil {
				p.Enum = sorted(reasonWords)
			}
		}
	}
	open(doc)
}

// open lets answers grow: what no request holds may have further properties in
// a later version, and clients pass over those they do not know.
func open(doc *huma.OpenAPI) {
	schemas := doc.Components.Schemas
	asked := map[*huma.Schema]bool{}
	var mark func(s *huma.Schema)
	mark = func(s *huma.Schema) {
		if s == nil || asked[s] {
			return
		}
		asked[s] = true
		if s.Ref != "" {
			mark(schemas.SchemaFromRef(s.Ref))
		}
		mark(s.Items)
		for _, p := range s.Properties {
			mark(p)
		}
	}
	for _, path := range doc.Paths {
		for _, op := range []*huma.Operation{path.Post, path.Put} {
			if op != nil && op.RequestBody != nil {
				for _, form := range op.RequestBody.Content {
					mark(form.Schema)
				}
			}
		}
	}
	for _, s := range schemas.Map() {
		if !asked[s] {
			s.AdditionalProperties = nil
		}
	}
}

// TransformSchema lists the closed sets.
func (Fault) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["code"].Enum = sorted(statuses)
	s.Properties["problem"].Enum = sorted(wordsOf)
	return s
}

// TransformSchema lists the closed set of types.
func (Event) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	for _, t := range freight.EventTypes {
		s.Properties["type"].Enum = append(s.Properties["type"].Enum, string(t))
	}
	return s
}

// sorted lists the keys of a table in order.
func sorted[K ~string, V any](table map[K]V) []any {
	keys := slices.Sorted(maps.Keys(table))
	list := make([]any, len(keys))
	for i, k := range keys {
		list[i] = string(k)
	}
	return list
}
