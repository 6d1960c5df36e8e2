package api

import (
	"strings"
	"testing"

	"pinhuo/freight"
)

// somePool has a load of the shipper, one of the other firm and one that refused.
func somePool(state freight.PoolState) freight.Company {
	mine, yours, gone := someLoad("mine", shipper), someLoad("yours", other), someLoad("gone", abroad)
	mine.Goods, yours.Goods, gone.Goods = "梳棉机配件", "家纺", "已退出的货"
	yours.Pickup.Contact.Phone, yours.Pickup.Place.Address = "13911112222", "常乐镇 9 号"
	p := freight.Pool{Meta: freight.Meta{ID: id("po", "x"), Market: market.ID, Version: 2}, State: state, Type: freight.Type9M6,
		Start: mine.Pickup, End: mine.Delivery.Place, Price: 90_000, Quorum: 2, Deadline: now + freight.Hour, Departs: now + 3*freight.Hour, Metres: 143_000}
	c := freight.Company{Pool: p, Loads: []freight.Load{mine, yours, gone}}
	for i, l := range c.Loads {
		c.Members = append(c.Members, freight.Member{Meta: freight.Meta{ID: id("me", string(rune('a'+i))), Org: l.Org, Version: 1}, Pool: p.ID, Load: l.ID,
			Place: int64(i), Consent: freight.ConsentAsked, Share: freight.Fen(50_001 - 10_002*i), Most: freight.Fen(60_011 + i), Alone: freight.Fen(70_013 + i)})
	}
	c.Members[1].Consent, c.Members[2].Consent, c.Members[2].Share = freight.ConsentGiven, freight.ConsentRefused, 33_333
	if state == freight.PoolCommitted {
		c.Pool.Carrier, c.Pool.Trip, c.Carrier = carrier.ID, id("tr", "x"), carrier
		c.Members[0].Consent, c.Members[1].Consent = freight.ConsentBooked, freight.ConsentBooked
	}
	return c
}

// Who may see what of a pool, by its bytes.
func TestPoolsAreMasked(t *testing.T) {
	const (
		phone, address, trip         = "13911112222", "常乐镇 9 号", "tr_"
		myShare, yourShare, yourMost = `"share_fen":50001`, `"share_fen":39999`, `"most_fen":60012`
		left, name                   = "已退出的货", "江海物流"
	)
	for _, tc := range []struct {
		as      string
		state   freight.PoolState
		told    []string
		hidden  []string
		missing bool
	}{
		{as: "clerk", state: freight.PoolConsenting, told: []string{myShare, "家纺", `"own":true`, `"shares_fen":[50001,39999]`, `"consents":1`},
			hidden: []string{phone, address, yourShare, yourMost, left, string(id("ld", "yours")), trip, "常乐家纺"}},
		{as: "stranger", state: freight.PoolTendered, told: []string{yourShare, yourMost, "梳棉机配件"}, hidden: []string{myShare, left, name}},
		{as: "driver", state: freight.PoolConsenting, missing: true},
		{as: "driver", state: freight.PoolTendered, told: []string{`"price_fen":90000`, "家纺", "梳棉机配件"},
			hidden: []string{myShare, yourShare, "alone_fen", phone, address, left, "海门纺机", string(id("ld", "mine"))}},
		{as: "driver", state: freight.PoolCommitted, told: []string{trip, name, string(id("ld", "yours"))}, hidden: []string{yourShare, phone}},
		{as: "clerk", state: freight.PoolCommitted, told: []string{name, `"consent":"booked"`}, hidden: []string{trip, phone}},
		{as: "officer", state: freight.PoolConsenting, told: []string{myShare, yourShare, left, `"share_fen":33333`}, hidden: []string{phone, address}},
	} {
		s := serve(t)
		s.pools = []freight.Company{somePool(tc.state)}
		status := 200
		if tc.missing {
			status = 404
		}
		body := string(s.want(status, request{"GET", "/v1/pools/" + string(id("po", "x")), "", tc.as, nil}).body)
		listed := string(s.want(200, request{"GET", "/v1/pools?state=open", "", tc.as, nil}).body)
		for _, text := range tc.told {
			if !strings.Contains(body, text) {
				t.Errorf("%s, %s: not told %s in %s", tc.as, tc.state, text, body)
			}
		}
		for _, text := range tc.hidden {
			if strings.Contains(body, text) || strings.Contains(listed, text) {
				t.Errorf("%s, %s: told %s", tc.as, tc.state, text)
			}
		}
	}
}

// An operator whom another has forestalled is told so, and nothing of the loads.
func TestAPoolThatAnotherTook(t *testing.T) {
	s := serve(t)
	c := somePool(freight.PoolCommitted)
	c.Pool.Carrier = id("og", "rival")
	s.pools = []freight.Company{c}
	s.do = func(freight.Command) (freight.Result, error) {
		return freight.Result{}, freight.Missing("pool", c.Pool.ID)
	}
	path := "/v1/pools/" + string(c.Pool.ID)
	a := s.want(409, request{"POST", path + "/take", `{"version": 2, "vehicle": {"plate": {"number": "苏F88888", "colour": "yellow"}, "type": "9.6m"}}`, "driver", nil})
	if a.at(t, "problem") != "taken" {
		t.Errorf("%s", a.body)
	}
	body := string(s.want(200, request{"GET", path, "", "driver", nil}).body)
	for _, text := range []string{"家纺", "梳棉机配件", "50001", "rival"} {
		if strings.Contains(body, text) {
			t.Errorf("told %s: %s", text, body)
		}
	}
	if a := s.want(409, request{"POST", path + "/consent", `{"version": 2}`, "clerk", nil}); a.at(t, "problem") != "taken" {
		t.Errorf("%s", a.body)
	}
}

func TestAnsweringAPool(t *testing.T) {
	s := serve(t)
	c := somePool(freight.PoolConsenting)
	s.pools = []freight.Company{c}
	s.do = func(cmd freight.Command) (freight.Result, error) { return freight.Result{Seq: 9, Pool: &c.Pool}, nil }
	path := "/v1/pools/" + string(c.Pool.ID)
	s.want(200, request{"POST", path + "/consent", `{"version": 2}`, "clerk", nil})
	s.want(200, request{"POST", path + "/decline", `{"reason": "price"}`, "clerk", nil})
	c.Pool.State = freight.PoolTendered
	s.pools = []freight.Company{c}
	s.want(200, request{"POST", path + "/take", `{"version": 2, "vehicle": {"plate": {"number": "苏F88888", "colour": "yellow"}, "type": "9.6m", "has": ["tail_lift"]}}`, "driver", nil})
	want := []freight.Act{
		freight.ConsentPool{Pool: c.Pool.ID, Version: 2}, freight.DeclinePool{Pool: c.Pool.ID, Reason: freight.ReasonPrice},
		freight.TakePool{Pool: c.Pool.ID, Version: 2, Vehicle: freight.VehicleTerms{Plate: freight.Plate{Number: "苏F88888", Colour: "yellow"}, Type: freight.Type9M6,
			Payload: 18_000_000, Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}, Has: freight.CapTailLift}},
	}
	for i, cmd := range s.commands {
		if cmd.Act != want[i] {
			t.Errorf("command %d: %+v, want %+v", i, cmd.Act, want[i])
		}
	}
	for body, as := range map[string]string{`{}`: "clerk", `{"version": 0}`: "clerk", `{"version": 2, "extra": 1}`: "clerk"} {
		if a := s.send(request{"POST", path + "/consent", body, as, nil}); a.StatusCode != 422 {
			t.Errorf("%s: %d %s", body, a.StatusCode, a.body)
		}
	}
}
