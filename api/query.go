package api

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pinhuo/freight"
)

// queryRead refuses a query string that cannot be read whole, that names a
// parameter twice, or whose numbers are none: what is passed over in silence is
// not what was asked for. Which parameters there are, each operation knows.
func queryRead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := plainQuery(r.URL.RawQuery); err != nil {
			callOf(r.Context()).refuse(w, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func plainQuery(raw string, known ...string) error {
	if raw == "" {
		return nil
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return unreadable("query", raw, err)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		given := values[name]
		switch {
		case len(given) > 1:
			return unreadable(freight.Shorten(name), given[1], errors.New("named twice"))
		case known != nil && !slices.Contains(known, name):
			return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemUnknown, Field: freight.Shorten(name)}
		case name == "limit" && (given[0] == "" || strings.HasPrefix(given[0], "+")):
			return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: name, Value: given[0], Want: "integer"}
		}
	}
	return nil
}
