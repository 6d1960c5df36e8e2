package conformance

import (
	"fmt"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// site is a new site of an organization.
func (w *World) site(org freight.Org, name string) freight.Site {
	return freight.Site{
		Meta: freight.Meta{ID: w.ID(freight.PrefixSite), Market: w.Market.ID, Org: org.ID, Version: 1, Made: Start, Changed: Start, Actor: "us_x", Behalf: "og_y"},
		Name: name, Place: freight.Place{Point: freight.Point{LatE7: 318_960_000, LngE7: 1_211_730_000}, Town: "海门", Address: "开发区3号门"},
		Contact: freight.Contact{Name: "仓库", Phone: "0513-00000000"}, Hours: freight.Hours{Open: 480, Shut: 1050}, Note: "从西门进",
	}
}

// testSites checks organizations' own places.
func testSites(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx, s := t.Context(), w.Store
	gate, dock, theirs := w.site(w.Shipper, "东门"), w.site(w.Shipper, "二号库"), w.site(w.Carrier, "车队")
	for _, site := range []freight.Site{gate, dock, theirs} {
		w.ok(s.AddSite(ctx, site))
	}
	equal(t, "code of a taken id", freight.CodeOf(s.AddSite(ctx, gate)), freight.Conflict)
	wantMissing(t, "a site of nobody", s.AddSite(ctx, w.site(freight.Org{ID: "og_none"}, "无主")))
	equal(t, "sites", must(s.Sites(ctx, w.Shipper.ID))(t), []freight.Site{gate, dock})
	equal(t, "site", must(s.Site(ctx, w.Shipper.ID, gate.ID))(t), gate)
	_, err := s.Site(ctx, w.Carrier.ID, gate.ID)
	wantMissing(t, "another's site", err)
	gate.Touch(Start+5, "us_z", "")
	gate.Name, gate.Note, gate.Hours, gate.Contact = "西门", "", freight.Hours{}, freight.Contact{}
	w.ok(s.SetSite(ctx, gate))
	equal(t, "changed site", must(s.Site(ctx, w.Shipper.ID, gate.ID))(t), gate)
	equal(t, "an old version", freight.ProblemOf(s.SetSite(ctx, gate)), freight.ProblemStale)
	equal(t, "removing an old version", freight.ProblemOf(s.DropSite(ctx, w.Shipper.ID, gate.ID, 1)), freight.ProblemStale)
	stolen := theirs
	stolen.Org, stolen.Version = w.Shipper.ID, 2
	wantMissing(t, "changing another's", s.SetSite(ctx, stolen))
	wantMissing(t, "removing another's", s.DropSite(ctx, w.Shipper.ID, theirs.ID, 1))
	w.ok(s.DropSite(ctx, w.Shipper.ID, gate.ID, 2))
	wantMissing(t, "removing twice", s.DropSite(ctx, w.Shipper.ID, gate.ID, 2))
	equal(t, "sites left", must(s.Sites(ctx, w.Shipper.ID))(t), []freight.Site{dock})
	equal(t, "the other's", must(s.Sites(ctx, w.Carrier.ID))(t), []freight.Site{theirs})
	for i := 1; i < freight.MaxSites; i++ {
		w.ok(s.AddSite(ctx, w.site(w.Shipper, fmt.Sprint("门", i))))
	}
	equal(t, "one too many", freight.ProblemOf(s.AddSite(ctx, w.site(w.Shipper, "多"))), freight.ProblemRange)
}
