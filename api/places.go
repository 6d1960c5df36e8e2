package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// FindPlaces asks for towns.
type FindPlaces struct {
	Text  string `query:"q" maxLength:"64" doc:"A name, its beginning or its initials, in Han or Latin; the names of larger units may stand before. Without it: what lies at the point"`
	Lat   string `query:"lat" maxLength:"32" doc:"Degrees, WGS-84; with lng: towns near it first"`
	Lng   string `query:"lng" maxLength:"32" doc:"Degrees"`
	Limit int    `query:"limit" default:"10" minimum:"1" maximum:"50"`
}

// Found is a town.
type Found struct {
	ID       string  `json:"id" doc:"The GB/T 2260 code in China, else of the gazetteer"`
	Kind     string  `json:"kind" enum:"site,province,prefecture,county,town,village,city,country"`
	Name     string  `json:"name" doc:"As people say it, in Han where known"`
	Full     string  `json:"full_name" doc:"With its rank"`
	Latin    string  `json:"latin"`
	Parent   string  `json:"parent" doc:"The larger units, the largest first"`
	Lat      Decimal `json:"lat"`
	Lng      Decimal `json:"lng"`
	Bookable bool    `json:"bookable" doc:"False: the point is that of a larger unit, and a truck needs a better one"`
	Site     *Site   `json:"site,omitempty" doc:"Of kind site: the organization's own place"`
}

// FoundPlaces lists towns, the likeliest first.
type FoundPlaces struct {
	Items []Found `json:"items"`
}

// FoundList is the answer with towns.
type FoundList struct{ Body FoundPlaces }

func (s *server) places() {
	handle(s, huma.Operation{
		OperationID: "find-places", Method: http.MethodGet, Path: "/v1/places", Tags: []string{"places"},
		Summary: "Find towns by name, by a point, or by both; ambiguous names return all with their parents",
	}, mayRead, s.findPlaces)
	s.sites()
	s.asking()
	s.standing()
	s.route()
}

func (s *server) findPlaces(ctx context.Context, c *call, in *FindPlaces) (*FoundList, error) {
	near, err := in.near()
	if err != nil {
		return nil, err
	}
	if in.Text == "" && near == nil {
		return nil, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: "q"}
	}
	own, err := s.cfg.Sites.Sites(ctx, c.org)
	if err != nil {
		return nil, err
	}
	var towns []Town
	if in.Text == "" {
		own = nil
		towns, err = s.cfg.Towns.At(*near)
	} else {
		if near == nil && len(own) > 0 {
			near = &own[0].Place.Point // home
		}
		towns, err = s.cfg.Towns.Search(in.Text, near, in.Limit)
	}
	if err != nil {
		return nil, err
	}
	out := &FoundList{FoundPlaces{[]Found{}}}
	for i := range own {
		if s.cfg.Towns.Reads(own[i].Name, in.Text) {
			out.Body.Items = append(out.Body.Items, foundSite(&own[i]))
		}
	}
	for _, t := range towns {
		out.Body.Items = append(out.Body.Items, foundOf(t))
	}
	out.Body.Items = out.Body.Items[:min(in.Limit, len(out.Body.Items))]
	return out, nil
}

// foundSite shows an organization's own place among towns.
func foundSite(site *freight.Site) Found {
	view := viewSite(site)
	return Found{
		ID: string(site.ID), Kind: "site", Name: site.Name, Full: site.Name, Parent: site.Place.Town,
		Lat: view.Place.Lat, Lng: view.Place.Lng, Bookable: true, Site: &view,
	}
}

func foundOf(t Town) Found {
	return Found{
		ID: t.ID, Kind: t.Kind, Name: t.Name, Full: t.Full, Latin: t.Latin, Parent: t.Parent,
		Lat: degrees(t.Point.LatE7), Lng: degrees(t.Point.LngE7), Bookable: t.Bookable,
	}
}

func (in *FindPlaces) near() (*freight.Point, error) {
	if in.Lat == "" && in.Lng == "" {
		return nil, nil
	}
	var r reader
	r.faults.Require(in.Lat != "", "lat", freight.ProblemRequired, "")
	r.faults.Require(in.Lng != "", "lng", freight.ProblemRequired, "")
	if err := r.faults.Err(); err != nil {
		return nil, err
	}
	p := &freight.Point{LatE7: r.degrees("lat", Decimal(in.Lat), 90), LngE7: r.degrees("lng", Decimal(in.Lng), 180)}
	return p, r.faults.Err()
}

// loadTerms reads a load's terms and asks for a pin where a place is only roughly known.
func (s *server) loadTerms(in *LoadTerms) (freight.LoadTerms, error) {
	terms, err := in.terms()
	if err != nil {
		return terms, err
	}
	var faults freight.Faults
	s.pinned(&faults, "pickup.place", terms.Pickup.Place)
	s.pinned(&faults, "delivery.place", terms.Delivery.Place)
	return terms, faults.Err()
}

// tripTerms does so for a trip.
func (s *server) tripTerms(in *TripTerms) (freight.TripTerms, error) {
	terms, err := in.terms(&s.cfg.Costs)
	if err != nil {
		return terms, err
	}
	var faults freight.Faults
	for i := range terms.Stops {
		s.pinned(&faults, fmt.Sprintf("stops[%d].place", i), terms.Stops[i].Place)
	}
	return terms, faults.Err()
}

func (s *server) pinned(faults *freight.Faults, field string, p freight.Place) {
	faults.Require(!s.cfg.Towns.Rough(p.Town, p.Point), field, freight.ProblemPin, p.Town)
}
