package api

import (
	"strings"
	"testing"

	"pinhuo/freight"
)

// bound has the operator of a trip told that it could carry load x home.
func bound(t *freight.Trip) {
	home := t.Stops[0].Place
	t.Chain = &freight.Chain{Home: &home, After: id("tr", "before")}
	t.Tie = &freight.Tie{Next: id("tr", "next"), Reload: &freight.Reload{At: now, Told: 1, Departs: freight.Window{Open: now + freight.Hour, Close: now + 9*freight.Hour},
		Back: now + 20*freight.Hour, Until: now + 5*freight.Hour, Drive: freight.Leg{Metres: 120_000, Seconds: 7200, Method: "fallback", Version: "1"},
		Lines: []freight.ReloadLine{{Load: id("ld", "x"), Stated: 1, Price: 41_000, Pickup: now + 2*freight.Hour, Drop: now + 5*freight.Hour}},
		Price: 41_000, First: 30_000, Then: 60_000, Risk: 100, Value: 84_000, Named: []freight.ID{id("ld", "x")}}}
}

func TestWhatATruckCouldCarryHome(t *testing.T) {
	s := serve(t)
	s.loads, s.trips = []freight.Load{someLoad("x", shipper)}, []freight.Trip{someTrip("x", carrier)}
	s.loads[0].Stated = 1
	path := "/v1/trips/" + string(id("tr", "x"))
	if a := s.want(404, request{"GET", path + "/reload", "", "driver", nil}); a.at(t, "problem") != "not_yet" {
		t.Errorf("%s", a.body)
	}
	bound(&s.trips[0])
	a := s.want(200, request{"GET", path + "/reload", "", "driver", nil})
	for field, want := range map[string]any{
		"value_fen": 84_000.0, "risk_permille": 100.0, "first_value_fen": 30_000.0, "then_value_fen": 60_000.0, "price_fen": 41_000.0,
		"next_trip_id": string(id("tr", "next")), "loads.0.open": true, "loads.0.price_fen": 41_000.0, "home.town": s.trips[0].Stops[0].Place.Town,
	} {
		if got := a.at(t, field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
	for _, secret := range []string{s.loads[0].Pickup.Place.Address, s.loads[0].Pickup.Contact.Phone, "ceiling", string(shipper.ID), shipper.Name} {
		if secret != "" && strings.Contains(string(a.body), secret) {
			t.Errorf("an operator without a booking reads %q: %s", secret, a.body)
		}
	}
	trip := s.want(200, request{"GET", path, "", "driver", nil})
	if trip.at(t, "after") != string(id("tr", "before")) || trip.at(t, "next_trip_id") != string(id("tr", "next")) || trip.at(t, "home.town") == nil || trip.at(t, "reload_at") == nil {
		t.Errorf("%s", trip.body)
	}
	if board := s.want(200, request{"GET", "/v1/board/trips", "", "stranger", nil}); strings.Contains(string(board.body), "home") || strings.Contains(string(board.body), "after") || strings.Contains(string(board.body), "reload") {
		t.Errorf("the board tells where a truck belongs: %s", board.body)
	}
	s.loads[0].Stated = 2
	if again := s.want(200, request{"GET", path + "/reload", "", "driver", nil}); again.at(t, "loads.0.open") != nil && again.at(t, "loads.0.open") != false {
		t.Errorf("a load that was stated anew is shown as it was: %s", again.body)
	}
}

func TestATripSaysWhereItBelongsAndWhatItFollows(t *testing.T) {
	s := serve(t)
	body := strings.Replace(goodTrip, "{", `{"home": {"lat": 31.9, "lng": 121.17, "town": "海门"}, "after": "tr_x", `, 1)
	var terms freight.TripTerms
	s.do = func(cmd freight.Command) (freight.Result, error) {
		terms = cmd.Act.(freight.AnnounceTrip).Terms
		trip := someTrip("x", carrier)
		return freight.Result{Trip: &trip}, nil
	}
	s.want(201, request{"POST", "/v1/trips", body, "driver", nil})
	if terms.After() != "tr_x" || terms.Home() == nil || *terms.Home() != (freight.Place{Point: freight.Point{LatE7: 319_000_000, LngE7: 1_211_700_000}, Town: "海门"}) {
		t.Errorf("%+v", terms.Chain)
	}
	s.want(201, request{"POST", "/v1/trips", goodTrip, "driver", nil})
	if terms.Chain != nil {
		t.Errorf("%+v", terms.Chain)
	}
}
