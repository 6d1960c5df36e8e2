package demo

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pinhuo/api/client"
)

// What a person announced or posted is answered by that person.
func TestWhatIsAPersonsIsLeftAlone(t *testing.T) {
	const pool = `{"id": "po_1", "version": 1, "state": %q, "vehicle_type": "9.6m", "needs": ["box"], "members": [{"own": true, "load_id": "ld_1"}, {"load": {}}]}`
	for _, c := range []struct {
		name  string
		react reaction
		state string // of the pool
		ref   string // of the trip or load
		likes bool
		want  []string
	}{
		{"offer on the play's trip", answerOffer, "", mark + "1", true, []string{"/v1/offers/x/accept"}},
		{"offer not liked", answerOffer, "", mark + "1", false, []string{"/v1/offers/x/decline"}},
		{"offer on a person's trip", answerOffer, "", "苏F-7", true, nil},
		{"offer on a trip without a reference", answerOffer, "", "", true, nil},
		{"pool of the play's load", answerPool, "consenting", mark + "1", true, []string{"/v1/pools/x/consent"}},
		{"pool not liked", answerPool, "consenting", mark + "1", false, []string{"/v1/pools/x/decline"}},
		{"pool of a person's load", answerPool, "consenting", "K-7", true, nil},
		{"pool that is gone", answerPool, "dissolved", mark + "1", true, nil},
		{"pool to take", takePool, "tendered", "", true, []string{"/v1/pools/x/take"}},
		{"pool that is taken", takePool, "committed", "", true, nil},
		{"pool not liked by a carrier", takePool, "tendered", "", false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var posted []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				kind := strings.Split(r.URL.Path, "/")[2]
				switch {
				case r.Method == http.MethodPost:
					posted = append(posted, r.URL.Path)
					fmt.Fprint(w, `{"id": "x"}`)
				case kind == "offers":
					fmt.Fprint(w, `{"id": "x", "version": 1, "state": "sent", "trip_id": "tr_1"}`)
				case kind == "pools":
					fmt.Fprintf(w, pool, c.state)
				default:
					fmt.Fprintf(w, `{"id": "y", "ref": %q}`, c.ref)
				}
			}))
			t.Cleanup(server.Close)
			api, err := client.New(client.Config{Base: server.URL, Token: "pht_x"})
			if err != nil {
				t.Fatal(err)
			}
			p := &part{client: api, random: rand.New(rand.NewPCG(1, 1)), log: slog.New(slog.DiscardHandler)}
			p.answer(t.Context(), c.react, "x", 0, c.likes)
			if !slices.Equal(posted, c.want) {
				t.Errorf("posted %v, want %v", posted, c.want)
			}
		})
	}
}
