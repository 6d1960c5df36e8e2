package api

import (
	"errors"
	"strings"
	"testing"

	"pinhuo/freight"
)

// A refusal names what stands in the way, not the nearest word for it.
func TestRefusalsNameTheirReason(t *testing.T) {
	s := serve(t)
	token := member(freight.Org{ID: carrier.ID, Market: market.ID, Kind: freight.OrgCarrier}, freight.RoleAPI)
	desk := member(freight.Org{ID: id("og", "bureau"), Market: market.ID, Kind: freight.OrgDesk}, freight.RoleAPI)
	principals["token"], principals["desk token"] = token, desk
	t.Cleanup(func() { delete(principals, "token"); delete(principals, "desk token") })
	l := someLoad("x", shipper)
	s.loads = []freight.Load{l}
	why := "/v1/loads/" + string(l.ID) + "/explanation"
	for name, tc := range map[string]struct {
		r       request
		status  int
		problem freight.Problem
		says    string
	}{
		"a carrier's token posts":   {request{"POST", "/v1/loads", goodLoad, "token", nil}, 403, freight.ProblemOrgKind, "enterprise"},
		"a driver posts":            {request{"POST", "/v1/loads", goodLoad, "driver", nil}, 403, freight.ProblemOrgKind, "carrier"},
		"a clerk announces":         {request{"POST", "/v1/trips", goodTrip, "clerk", nil}, 403, freight.ProblemOrgKind, "carrier"},
		"a clerk asks for the desk": {request{"GET", "/v1/desk/unanswered", "", "clerk", nil}, 403, freight.ProblemOrgKind, "desk"},
		"a desk's token posts":      {request{"POST", "/v1/loads", goodLoad, "desk token", nil}, 403, freight.ProblemToken, "cannot be changed"},
		"a desk's token acts":       {request{"POST", "/v1/loads", goodLoad, "desk token", map[string]string{BehalfHeader: string(shipper.ID)}}, 403, freight.ProblemToken, "token"},
		"ops post":                  {request{"POST", "/v1/loads", goodLoad, "ops", nil}, 403, freight.ProblemRole, "ops"},
		"not yet explained":         {request{"GET", why, "", "clerk", nil}, 404, freight.ProblemNotYet, l.AnswerBy.String()},
		"no such method":            {request{"PUT", "/v1/me", "{}", "clerk", nil}, 405, freight.ProblemMethod, "GET"},
		"broken off":                {request{"POST", "/v1/loads", "{\"goods\":\n 1,,}", "clerk", nil}, 400, freight.ProblemMalformed, "JSON, 2:"},
		"a capability to come":      {request{"POST", "/v1/loads", strings.Replace(goodLoad, `"covered"`, `"crane"`, 1), "clerk", nil}, 422, freight.ProblemUnsupported, "tail_lift"},
		"an unheard capability":     {request{"POST", "/v1/loads", strings.Replace(goodLoad, `"covered"`, `"wings"`, 1), "clerk", nil}, 422, freight.ProblemMalformed, "tail_lift"},
	} {
		if tc.r.header == nil {
			tc.r.header = map[string]string{}
		}
		tc.r.header["Accept-Language"] = "en"
		a := s.want(tc.status, tc.r)
		if problem, detail := a.at(t, "problem"), a.at(t, "detail").(string); problem != string(tc.problem) || !strings.Contains(detail, tc.says) {
			t.Errorf("%s: %s", name, a.body)
		}
	}
}

// The type of a problem is an address that says what it means.
func TestTypesOfProblemsAnswer(t *testing.T) {
	s := serve(t)
	for problem := range wordsOf {
		if a := s.want(200, request{"GET", "/problems/" + string(problem), "", "", nil}); !isHan(string(a.body)) {
			t.Errorf("%s: %q", problem, a.body)
		}
	}
	s.want(404, request{"GET", "/problems/none", "", "", nil})
}

func TestErrorsOnTheCommandLine(t *testing.T) {
	unknown := errors.New("plain")
	for _, tc := range []struct {
		err  error
		says string
	}{
		{unknown, "plain"},
		{&freight.Error{Code: freight.Internal, Problem: freight.ProblemInternal, Cause: unknown}, "internal: internal: plain"},
		{freight.Missing("org", "og_none"), "org: There is no such thing (og_none)"},
		{&freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: "size.kg", Value: "0g", Min: "1g",
			More: []freight.Error{{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: "goods"}}}, "least 0.001 kg. Change it to an allowed value and send it again.\nThe required field \"goods\""},
	} {
		if said := Say(tc.err); !strings.Contains(said, tc.says) {
			t.Errorf("said %q, want %q", said, tc.says)
		}
	}
}

// A load that no clock allows is taken, and said to be one at once.
func TestALoadThatNoClockAllowsSaysSo(t *testing.T) {
	l := someLoad("x", shipper)
	l.Pickup.ServiceS, l.Direct.Seconds = 900, 3600
	for close, want := range map[freight.Instant]int64{
		l.Pickup.Window.Open + 4500*freight.Second:     0,
		l.Pickup.Window.Open + 4500*freight.Second - 1: 1,
		l.Pickup.Window.Open + freight.Hour:            900,
	} {
		l.Delivery.Window.Close = close
		if got := l.LateS(); got != want {
			t.Errorf("closes %d s after pickup opens: %d s late, want %d", (close-l.Pickup.Window.Open)/freight.Second, got, want)
		}
	}
	l.Delivery.Window.Close = l.Pickup.Window.Open + freight.Hour
	if shown := ofBoard.load(&l, freight.Org{}); shown.LateS != 0 {
		t.Error("a stranger is told")
	}
	if shown := ofOwn.load(&l, freight.Org{}); shown.LateS != 900 {
		t.Errorf("the shipper is told %d s", shown.LateS)
	}
}
