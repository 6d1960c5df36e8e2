package api

import (
	"testing"

	"pinhuo/freight"
)

// bundled is a world with a bundle of three: one open, one booked, one taken by another.
func bundled(t *testing.T) (*testServer, string) {
	s := serve(t)
	open, booked, gone := someDeal("x", ""), someDeal("y", freight.BookingFirm), someDeal("z", "")
	for i, d := range []*freight.Deal{&open, &booked, &gone} {
		d.Offer.Bundle, d.Offer.Edition = id("bn", "x"), int64(i+2)
	}
	booked.Offer.State, gone.Offer.State = freight.OfferAccepted, freight.OfferSuperseded
	s.deals = []freight.Deal{open, booked, gone}
	return s, "/v1/bundles/" + string(id("bn", "x"))
}

func TestABundleShowsWhatIsOpenTogether(t *testing.T) {
	s, path := bundled(t)
	for _, method := range []request{{"GET", path, "", "driver", nil}, {"GET", path, "", "officer", nil}} {
		a := s.want(200, method)
		if a.at(t, "version") != 4.0 || a.at(t, "state") != "open" || a.at(t, "price_fen") != 45678.0 || a.at(t, "detour.metres") != 12345.0 ||
			len(a.at(t, "lines").([]any)) != 3 {
			t.Errorf("%s", a.body)
		}
	}
	line := s.want(200, request{"GET", path, "", "driver", nil}).at(t, "lines").([]any)[1].(map[string]any)
	if line["booking_id"] != string(id("bk", "y")) || line["offer"].(map[string]any)["bundle_id"] != string(id("bn", "x")) {
		t.Errorf("line %v", line)
	}
	s.want(404, request{"GET", path, "", "clerk", nil}) // the shipper sees its own offer alone
	if a := s.want(200, request{"GET", "/v1/offers/" + string(id("of", "x")), "", "clerk", nil}); a.at(t, "bundle_id") != nil {
		t.Errorf("%s", a.body)
	}
}

func TestAnsweringABundle(t *testing.T) {
	s, path := bundled(t)
	line := string(id("of", "x"))
	s.do = func(freight.Command) (freight.Result, error) { return freight.Result{}, nil }
	s.want(200, request{"POST", path + "/accept", `{"version": 4}`, "driver", nil})
	s.want(200, request{"POST", path + "/accept", `{"version": 4, "lines": ["` + line + `"]}`, "driver", nil})
	s.want(200, request{"POST", path + "/decline", `{"version": 4, "lines": ["` + line + `"], "reason": "price"}`, "driver", nil})
	var named int
	for _, cmd := range s.commands {
		switch act := cmd.Act.(type) {
		case freight.AcceptBundle:
			named += len(act.Lines)
		case freight.DeclineBundle:
			named += len(act.Lines)
		}
	}
	if named != 2 || len(s.commands) != 3 {
		t.Errorf("%+v", s.commands)
	}
	for _, body := range []string{`{}`, `{"version": 0}`, `{"version": 4, "lines": []}`, `{"version": 4, "lines": ["` + line + `", "` + line + `"]}`, `{"version": 4, "lines": "all"}`} {
		s.want(422, request{"POST", path + "/accept", body, "driver", nil})
	}
	if len(s.commands) != 3 {
		t.Errorf("what is wrong was sent on: %+v", s.commands[3:])
	}
}

// A refusal names each line that is gone, and how.
func TestWhatHasGoneOfABundle(t *testing.T) {
	s, path := bundled(t)
	accept := request{"POST", path + "/accept", `{"version": 3}`, "driver", nil}
	s.do = func(freight.Command) (freight.Result, error) {
		e := freight.Refuse(freight.ProblemStale, "version", "3")
		e.Want = "4"
		return freight.Result{}, e
	}
	a := s.want(409, accept)
	if list := a.at(t, "errors").([]any); a.at(t, "want") != "4" || len(list) != 2 ||
		list[0].(map[string]any)["problem"] != "state" || list[1].(map[string]any)["problem"] != "taken" {
		t.Errorf("%s", a.body)
	}
	s.do = func(freight.Command) (freight.Result, error) {
		return freight.Result{}, freight.Missing(freight.KindBundle, id("bn", "x"))
	}
	s.want(404, accept) // one line is open: it is not there for the asker
	s.deals[0].Offer.State = freight.OfferExpired
	if a := s.want(409, accept); a.at(t, "problem") != "expired" || len(a.at(t, "errors").([]any)) != 2 {
		t.Errorf("%s", a.body)
	}
	s.deals[0].Offer.Org = other.ID
	s.want(404, accept)
}
