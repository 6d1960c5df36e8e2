package api

import (
	"testing"

	"pinhuo/freight"
)

// TestTheBoardIsQuoted: each of one's own is quoted, those that fit first, and the rest is
// counted by reason; what is booked names what was quoted.
func TestTheBoardIsQuoted(t *testing.T) {
	s := serve(t)
	s.loads, s.trips = []freight.Load{someLoad("y", shipper), someLoad("x", shipper)}, []freight.Trip{someTrip("x", carrier)}
	s.loads[0].Size.Grams = 9_500_000
	s.deals = []freight.Deal{someDeal("x", freight.BookingFirm)}
	load, trip := string(id("ld", "x")), string(id("tr", "x"))
	for path, as := range map[string]string{
		"/v1/board/loads/" + load + "/quote": "driver", "/v1/board/loads/" + load + "/quote?trip_id=" + trip: "driver",
		"/v1/board/trips/" + trip + "/quote": "clerk", "/v1/board/trips/" + trip + "/quote?load_id=" + load: "clerk",
	} {
		a := s.want(200, request{"GET", path, "", as, nil})
		if a.at(t, "items.0.ok") != true || a.at(t, "items.0.price_fen") != 28000.0 || a.at(t, "items.0.load_id") != load || a.at(t, "items.0.detour.metres") != 3000.0 {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	a := s.want(200, request{"GET", "/v1/board/trips/" + trip + "/quote", "", "clerk", nil})
	if a.at(t, "items.1.ok") != false || a.at(t, "items.1.refusal.reason") != "weight" || a.at(t, "items.1.price_fen") != nil || a.at(t, "counts.0.n") != 1.0 {
		t.Errorf("what does not fit: %s", a.body)
	}

	book := func(path, body, as string) freight.BookNow {
		t.Helper()
		s.commands = nil
		s.want(200, request{"POST", path, body + goodTake, as, nil})
		act, _ := s.commands[0].Act.(freight.BookNow)
		return act
	}
	want := freight.BookNow{Load: freight.ID(load), Trip: freight.ID(trip), LoadVersion: 1, TripVersion: 1, Price: 28000, DetourM: 3000, DetourS: 240}
	if got := book("/v1/board/loads/"+load+"/book", `{"trip_id": "`+trip+`", `, "driver"); got != want {
		t.Errorf("the operator takes %+v", got)
	}
	if got := book("/v1/board/trips/"+trip+"/book", `{"load_id": "`+load+`", `, "clerk"); got != want {
		t.Errorf("the shipper takes %+v", got)
	}
}
