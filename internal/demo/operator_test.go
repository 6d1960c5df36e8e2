package demo

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pinhuo/api/client"
)

// A trip that a person announced is answered by that person.
func TestOffersOnAPersonsTripAreLeftAlone(t *testing.T) {
	for ref, want := range map[string]int{mark + "1-3": 1, "": 0, "苏F-7": 0} {
		answered := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			switch {
			case r.Method == http.MethodPost:
				answered++
				fmt.Fprint(w, `{"id": "bk_1"}`)
			case strings.HasPrefix(r.URL.Path, "/v1/offers/"):
				fmt.Fprint(w, `{"id": "of_1", "version": 1, "state": "sent", "trip_id": "tr_1"}`)
			default:
				fmt.Fprintf(w, `{"id": "tr_1", "ref": %q}`, ref)
			}
		}))
		t.Cleanup(server.Close)
		c, err := client.New(client.Config{Base: server.URL, Token: "pht_x"})
		if err != nil {
			t.Fatal(err)
		}
		op := &operator{client: c, random: rand.New(rand.NewPCG(1, 1)), log: slog.New(slog.DiscardHandler)}
		op.answer(t.Context(), "of_1", 0, true)
		if answered != want {
			t.Errorf("a trip with the reference %q: %d answers, want %d", ref, answered, want)
		}
	}
}
