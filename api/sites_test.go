package api

import (
	"strings"
	"testing"

	"pinhuo/freight"
)

const goodSite = `{"name": "东门仓库", "place": {"lat": 31.8967, "lng": 121.1734, "town": "海门", "address": "开发区3号门"},
	"contact": {"name": "值班室", "phone": "0513-00000000"}, "opens": "22:00", "shuts": "06:30", "note": "从西门进"}`

func TestSitesAreKeptAndFoundFirst(t *testing.T) {
	s := serve(t)
	key := map[string]string{"Idempotency-Key": "gate"}
	made := s.want(201, request{"POST", "/v1/sites", goodSite, "clerk", key})
	again := s.want(201, request{"POST", "/v1/sites", goodSite, "clerk", key})
	if string(made.body) != string(again.body) || len(s.sites) != 1 {
		t.Fatalf("sent twice: %s, %s", made.body, again.body)
	}
	other := s.want(409, request{"POST", "/v1/sites", strings.Replace(goodSite, "东门", "西门", 1), "clerk", key})
	if other.at(t, "problem") != string(freight.ProblemKeyReused) {
		t.Errorf("%s", other.body)
	}
	id := made.at(t, "id").(string)
	if made.at(t, "opens") != "22:00" || made.at(t, "shuts") != "06:30" || made.at(t, "contact.name") != "值班室" || made.Header.Get("ETag") != `"1"` {
		t.Errorf("%s", made.body)
	}
	found := s.want(200, request{"GET", "/v1/places?q=东门", "", "clerk", nil})
	if found.at(t, "items.0.kind") != "site" || found.at(t, "items.0.id") != id || found.at(t, "items.0.site.note") != "从西门进" || found.at(t, "items.0.bookable") != true {
		t.Errorf("%s", found.body)
	}
	if a := s.want(200, request{"GET", "/v1/places?q=东门", "", "stranger", nil}); len(a.json(t)["items"].([]any)) != 0 {
		t.Errorf("another firm finds %s", a.body)
	}
	path, match := "/v1/sites/"+id, map[string]string{"If-Match": `"1"`}
	s.want(404, request{"PUT", path, goodSite, "stranger", match})
	s.want(404, request{"DELETE", path, "", "stranger", match})
	s.want(422, request{"PUT", path, goodSite, "clerk", nil})
	plain := `{"name": "东门", "place": {"lat": 31.8967, "lng": 121.1734, "town": "海门"}}`
	changed := s.want(200, request{"PUT", path, plain, "clerk", match})
	if changed.at(t, "version") != 2.0 || changed.at(t, "opens") != nil || changed.at(t, "contact") != nil {
		t.Errorf("%s", changed.body)
	}
	s.want(200, request{"PUT", path, plain, "clerk", match}) // sent again
	s.want(412, request{"PUT", path, goodSite, "clerk", match})
	s.want(412, request{"DELETE", path, "", "clerk", match})
	s.want(204, request{"DELETE", path, "", "clerk", map[string]string{"If-Match": `"2"`}})
	if a := s.want(200, request{"GET", "/v1/sites", "", "clerk", nil}); len(a.json(t)["items"].([]any)) != 0 {
		t.Errorf("%s", a.body)
	}
}

func TestBadSites(t *testing.T) {
	s := serve(t)
	for body, field := range map[string]string{
		strings.Replace(goodSite, `"东门仓库"`, `" "`, 1):              "name",
		strings.Replace(goodSite, `"22:00"`, `"24:00"`, 1):         "opens",
		strings.Replace(goodSite, `"22:00"`, `""`, 1):              "opens",
		strings.Replace(goodSite, `"06:30"`, `"22:00"`, 1):         "hours.shut",
		strings.Replace(goodSite, `31.8967`, `121.1734`, 1):        "place.lat",
		strings.Replace(goodSite, `"town": "海门"`, `"town": ""`, 1): "place.town",
		strings.Replace(goodSite, `, "shuts": "06:30"`, ``, 1):     "shuts",
	} {
		a := s.want(422, request{"POST", "/v1/sites", body, "clerk", nil})
		if a.at(t, "field") != field {
			t.Errorf("%s: %s", field, a.body)
		}
	}
	if len(s.sites) != 0 {
		t.Errorf("%d sites kept", len(s.sites))
	}
}

func TestOfficersKeepSitesOfAFirm(t *testing.T) {
	s := serve(t)
	a := s.want(201, request{"POST", "/v1/sites", goodSite, "officer", map[string]string{BehalfHeader: string(carrier.ID)}})
	site := s.sites[freight.ID(a.at(t, "id").(string))]
	if site.Org != carrier.ID || site.Behalf != carrier.ID || site.Actor != principals["officer"].User {
		t.Errorf("%+v", site)
	}
}
