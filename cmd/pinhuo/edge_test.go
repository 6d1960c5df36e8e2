package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/pgtest"
)

// TestRefusalsAtTheEdgeStandInTheLog sends a running server what it refuses before the market
// sees it, kills it, and finds one row for each in the log of acts, and none for strangers.
func TestRefusalsAtTheEdgeStandInTheLog(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { refusedAtTheEdge(t, database{Data: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) {
		refusedAtTheEdge(t, database{Data: t.TempDir(), DatabaseURL: pgtest.URL(t)})
	})
}

func refusedAtTheEdge(t *testing.T, db database) {
	h := newHouse(t, db, 2, 1)
	h.limits = []string{"--rate", "0.001", "--burst", "30"}
	h.boot()
	const firm, other, carrier = 0, 1, 2
	posted, err := h.client(firm, nil).PostLoad(t.Context(), h.load("SO-1", 0))
	if err != nil {
		t.Fatal(err)
	}
	offer := string(minter{}.Mint(freight.PrefixOffer, wall()))
	type sent struct {
		org                     int
		method, path, body, key string
		status                  int
		act, subject, problem   string
	}
	counter, load := "/v1/offers/"+offer+"/counter", "/v1/loads/"+posted.ID
	list := []sent{
		{carrier, "POST", counter, `{"version": 1, "price_fen": 38.5}`, "yuan", 422, "counter_offer", offer, "malformed"},
		{carrier, "POST", counter, `{"version": 1, "price_fen": 3800, "tip": 1}`, "", 422, "counter_offer", offer, "unknown"},
		{carrier, "POST", counter, `{"version"`, "", 400, "counter_offer", offer, "malformed"},
		{firm, "POST", "/v1/trips", `{}`, "", 403, "announce_trip", "", "org_kind"},
		{other, "POST", load + "/withdraw", `{}`, "", 404, "withdraw_load", posted.ID, "unknown"}, // another tenant's
		{other, "POST", "/v1/loads/" + strings.ToLower(posted.ID) + "/withdraw", `{}`, "", 404, "withdraw_load", "", "unknown"},
		{firm, "POST", "/v1/loads", `{"goods": "x"}`, "", 422, "post_load", "", "required"},
	}
	for _, one := range list {
		h.refused(t, one.org, one.method, one.path, one.body, one.key, one.status)
		if one.key != "" { // a request that comes again adds no row
			h.refused(t, one.org, one.method, one.path, one.body, one.key, one.status)
		}
	}
	h.orgs = append(h.orgs, houseOrg{token: "nobody's"})
	h.refused(t, len(h.orgs)-1, "POST", counter, `{}`, "", 401)
	rated := 0
	for range 40 { // the firm's allowance is used up
		if h.sends(t, firm, "POST", load+"/withdraw", `{"odd": 1}`, "") == http.StatusTooManyRequests {
			rated++
		}
	}
	h.kill()
	s := h.openStore()
	defer s.Close()
	page, err := s.Deeds(context.Background(), freight.DeedQuery{Query: freight.Query{Scope: freight.Scope{Market: h.market, Desk: true}, Limit: 100}})
	if err != nil {
		t.Fatal(err)
	}
	rows := page.Rows
	if len(rows) != len(list)+40 || rated < 5 {
		t.Fatalf("%d rows of %d refusals, %d of them beyond the rate", len(rows), len(list)+40, rated)
	}
	for i, one := range list {
		d := rows[len(rows)-1-i]
		if string(d.Org) != h.orgs[one.org].id || d.What.Act != one.act || string(d.What.Subject) != one.subject || string(d.Problem) != one.problem || d.Key != one.key || d.Times != 1 {
			t.Errorf("%+v has the row %+v", one, d)
		}
	}
	if rows[0].Problem != freight.ProblemRate || rows[0].What.Act != "withdraw_load" || string(rows[0].What.Subject) != posted.ID {
		t.Errorf("the row of a request beyond the rate: %+v", rows[0])
	}
	if said := h.audit(); strings.Contains(said, "act_") {
		t.Errorf("audit: %s", said)
	}
}

// refused sends what must be refused with a status.
func (h *house) refused(t *testing.T, org int, method, path, body, key string, status int) {
	t.Helper()
	if got := h.sends(t, org, method, path, body, key); got != status {
		t.Fatalf("%s %s %s: %d, want %d", method, path, body, got, status)
	}
}

// sends sends a request, reads the answer to its end and returns its status.
func (h *house) sends(t *testing.T, org int, method, path, body, key string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+h.orgs[org].token)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}
