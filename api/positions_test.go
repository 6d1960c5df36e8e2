package api

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
)

const goodPositions = `{"positions": [{"at": "2026-11-22T10:00:00Z", "lat": 31.8712345, "lng": 121.1812345, "accuracy_m": 12}]}`

// wayOf writes a report of positions a minute and so many thousandths of a degree apart, the
// last of them now.
func wayOf(n int, step float64) string {
	var all []string
	for i := range n {
		at := now.Time().Add(time.Duration(i+1-n) * time.Minute)
		all = append(all, fmt.Sprintf(`{"at": %q, "lat": %.7f, "lng": 121.18}`, at.Format(time.RFC3339), 31.87+float64(i)*step/1000))
	}
	return `{"positions": [` + strings.Join(all, ", ") + `]}`
}

func TestBothSidesOfABookingKnowWhereTheTruckIs(t *testing.T) {
	s := serve(t)
	trip := someTrip("x", carrier)
	trip.Plan[0].Leave = now - freight.Hour
	s.trips, s.deals = []freight.Trip{trip}, []freight.Deal{someDeal("x", freight.BookingFirm)}
	track, whereabouts := "/v1/trips/"+string(trip.ID)+"/positions", "/v1/bookings/"+string(id("bk", "x"))+"/position"
	if a := s.want(200, request{"GET", whereabouts, "", "clerk", nil}); a.at(t, "position") != nil {
		t.Errorf("nothing told yet: %s", a.body)
	}
	told := s.want(200, request{"POST", track, wayOf(5, 9), "driver", nil})
	if told.at(t, "kept") != 5.0 || told.at(t, "thinned") != 0.0 {
		t.Errorf("%s", told.body)
	}
	again := s.want(200, request{"POST", track, wayOf(5, 9), "driver", nil})
	if again.at(t, "kept") != 0.0 || again.at(t, "thinned") != 5.0 {
		t.Errorf("sent again: %s", again.body)
	}
	for _, who := range []string{"clerk", "driver", "officer"} {
		a := s.want(200, request{"GET", whereabouts, "", who, nil})
		if a.at(t, "trip_id") != string(trip.ID) || a.at(t, "position.lat") != 31.906 || a.at(t, "position.at") != now.Time().Format(time.RFC3339) {
			t.Errorf("%s: %s", who, a.body)
		}
	}
	page := s.want(200, request{"GET", track + "?limit=2&from=" + now.Time().Add(-3*time.Minute).Format(time.RFC3339), "", "driver", nil})
	if len(page.at(t, "items").([]any)) != 2 || page.at(t, "more") != true || page.at(t, "items.0.lat") != 31.879 {
		t.Errorf("%s", page.body)
	}
	s.want(404, request{"GET", track, "", "clerk", nil})
	s.want(404, request{"GET", whereabouts, "", "stranger", nil})
	s.deals[0].Booking.State = freight.BookingReleased
	if a := s.want(409, request{"GET", whereabouts, "", "clerk", nil}); a.at(t, "problem") != string(freight.ProblemState) {
		t.Errorf("after the end: %s", a.body)
	}
}

func TestBadPositions(t *testing.T) {
	s := serve(t)
	trip := someTrip("x", carrier)
	trip.Plan[0].Leave = now - freight.Hour
	s.trips = []freight.Trip{trip}
	track := "/v1/trips/" + string(trip.ID) + "/positions"
	for body, field := range map[string]string{
		strings.Replace(goodPositions, "31.8712345", "121.18", 1):        "positions[0].lat",
		strings.Replace(goodPositions, "T10:00", "T10:03", 1):            "positions[0].at",
		strings.Replace(goodPositions, "11-22", "11-19", 1):              "positions[0].at",
		strings.Replace(goodPositions, `"accuracy_m": 12`, `"a": 12`, 1): "positions[0].a",
		`{"positions": []}`: "positions",
		wayOf(301, 0.1):     "positions",
	} {
		if a := s.want(422, request{"POST", track, body, "driver", nil}); a.at(t, "field") != field {
			t.Errorf("%s: %s", field, a.body)
		}
	}
	a := s.want(200, request{"POST", track, wayOf(2, 45), "driver", nil}) // 5 km in a minute
	if a.at(t, "kept") != 1.0 || a.at(t, "refused.0.problem") != "too_fast" || a.at(t, "refused.0.field") != "positions[1].at" ||
		!strings.Contains(a.at(t, "refused.0.detail").(string), "km/h") {
		t.Errorf("%s", a.body)
	}
	if len(s.positions) != 1 {
		t.Errorf("%d kept", len(s.positions))
	}
}
