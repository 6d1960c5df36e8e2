package api

import (
	"testing"

	"pinhuo/freight"
)

func TestPostLoadReachesTheExchangeInItsUnits(t *testing.T) {
	s := serve(t)
	a := s.want(201, request{"POST", "/v1/loads", goodLoad, "clerk", nil})
	if len(s.commands) != 1 {
		t.Fatalf("%d commands", len(s.commands))
	}
	cmd := s.commands[0]
	act, ok := cmd.Act.(freight.PostLoad)
	if !ok || cmd.Org != shipper.ID || cmd.Market != market.ID || cmd.Actor != principals["clerk"].User || cmd.Behalf != "" {
		t.Fatalf("command %+v", cmd)
	}
	terms := act.Terms
	if terms.Size.Grams != 844800 || terms.Size.Pieces[0] != (freight.Piece{Count: 12, LengthMM: 600, WidthMM: 400, HeightMM: 1200, Grams: 70400}) {
		t.Errorf("size %+v", terms.Size)
	}
	if terms.Pickup.Place.Point != (freight.Point{LatE7: 318712345, LngE7: 1211812345}) || terms.Pickup.ServiceS != 720+12*180 || terms.Delivery.ServiceS != 600 {
		t.Errorf("pickup %+v", terms.Pickup)
	}
	if terms.Needs != freight.CapTailLift|freight.CapCovered || terms.Ceiling != 90000 || terms.AnswerBy != 0 {
		t.Errorf("terms %+v", terms)
	}
	if got := a.Header.Get("ETag"); got != `"1"` {
		t.Errorf("ETag %s", got)
	}
	if a.at(t, "size.kg") != 844.8 || a.at(t, "pickup.place.address") != "工业园区88号" || a.at(t, "org.name") != shipper.Name {
		t.Errorf("answer %s", a.body)
	}
	if a.Header.Get("Pinhuo-Cursor") == "" {
		t.Error("no cursor")
	}
}
