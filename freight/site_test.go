package freight

import (
	"errors"
	"strings"
	"testing"
)

func TestSiteCheck(t *testing.T) {
	good := Site{Name: "东门", Place: Place{Town: "海门"}, Hours: Hours{Open: 1320, Shut: 360}}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		change  func(*Site)
		field   string
		problem Problem
	}{
		"no name":         {func(s *Site) { s.Name = "" }, "name", ProblemRequired},
		"a long name":     {func(s *Site) { s.Name = strings.Repeat("门", 65) }, "name", ProblemRange},
		"no UTF-8":        {func(s *Site) { s.Note = "\xff" }, "note", ProblemRange},
		"no town":         {func(s *Site) { s.Place.Town = "" }, "place.town", ProblemRequired},
		"a long phone":    {func(s *Site) { s.Contact.Phone = strings.Repeat("1", 33) }, "contact.phone", ProblemRange},
		"a minute before": {func(s *Site) { s.Hours.Open = -1 }, "hours.open", ProblemRange},
		"a minute after":  {func(s *Site) { s.Hours.Shut = 1440 }, "hours.shut", ProblemRange},
		"never open":      {func(s *Site) { s.Hours = Hours{Open: 60, Shut: 60} }, "hours.shut", ProblemWindow},
	} {
		bad := good
		tc.change(&bad)
		err := bad.Check()
		known, ok := errors.AsType[*Error](err)
		if !ok || known.Field != tc.field || known.Problem != tc.problem || known.Code != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSiteSame(t *testing.T) {
	a := Site{Meta: Meta{ID: "st_1", Org: "og_1", Version: 1}, Name: "东门"}
	b := a
	b.ID, b.Version = "st_2", 7
	if !a.Same(&b) {
		t.Error("versions differ, words do not")
	}
	for _, change := range []func(*Site){
		func(s *Site) { s.Org = "og_2" }, func(s *Site) { s.Name = "西门" }, func(s *Site) { s.Place.Address = "x" },
		func(s *Site) { s.Contact.Phone = "1" }, func(s *Site) { s.Hours.Open = 1 }, func(s *Site) { s.Note = "x" },
	} {
		c := a
		if change(&c); a.Same(&c) {
			t.Errorf("%+v says something else", c)
		}
	}
}
