package api

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// SiteTerms is what an organization says of a place of its own.
type SiteTerms struct {
	Name    string   `json:"name" minLength:"1" maxLength:"64" doc:"What the organization calls it"`
	Place   Place    `json:"place"`
	Contact *Contact `json:"contact,omitempty"`
	Opens   string   `json:"opens,omitempty" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"When the dock opens, in the market's time zone; with shuts, or neither"`
	Shuts   string   `json:"shuts,omitempty" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"May be past midnight"`
	Note    string   `json:"note,omitempty" maxLength:"200" doc:"How to find the gate"`
}

// Site is a place that an organization has given a name. Nobody else sees it.
type Site struct {
	ID      freight.ID `json:"id"`
	Version int64      `json:"version"`
	SiteTerms
}

// SiteList lists sites.
type SiteList struct {
	Body struct {
		Items []Site `json:"items"`
	}
}

// OneSite is a site with its version.
type OneSite struct {
	ETag string `header:"ETag" doc:"The version, for If-Match"`
	Body Site
}

// AddSite is a site to add.
type AddSite struct {
	Keyed
	Body SiteTerms
}

// SetSite is a site to change.
type SetSite struct {
	Keyed
	Conditional
	Named
	Body SiteTerms
}

// DropSite is a site to remove.
type DropSite struct {
	Keyed
	Conditional
	Named
}

// Sites keeps the places that organizations have given names. An organization's
// own are all it can reach: others are freight.Missing. A version that is not
// the present one is a conflict.
type Sites interface {
	// AddSite adds a site; a conflict when its id is taken.
	AddSite(ctx context.Context, site freight.Site) error
	// SetSite replaces the words of a site by those of its next version.
	SetSite(ctx context.Context, site freight.Site) error
	// DropSite removes a site.
	DropSite(ctx context.Context, org, id freight.ID, version int64) error
	// Site returns one site.
	Site(ctx context.Context, org, id freight.ID) (freight.Site, error)
	// Sites lists the sites of an organization, oldest first.
	Sites(ctx context.Context, org freight.ID) ([]freight.Site, error)
}

var (
	aSite   = entity{"site", freight.PrefixSite}
	mayKeep = permission{who: func(p freight.Principal) bool { return p.MayPost() || p.MayHaul() }}
)

func (s *server) sites() {
	handle(s, huma.Operation{
		OperationID: "list-sites", Method: http.MethodGet, Path: "/v1/sites", Tags: []string{"places"},
		Summary: "The organization's own places, oldest first",
	}, mayRead, s.listSites)
	handle(s, huma.Operation{
		OperationID: "add-site", Method: http.MethodPost, Path: "/v1/sites", Tags: []string{"places"},
		Summary: "Give a place a name: it is found by it before any town", DefaultStatus: http.StatusCreated,
	}, mayKeep, s.addSite)
	handle(s, huma.Operation{
		OperationID: "set-site", Method: http.MethodPut, Path: "/v1/sites/{id}", Tags: []string{"places"},
		Summary: "Change a place of one's own",
	}, mayKeep, s.setSite)
	handle(s, huma.Operation{
		OperationID: "drop-site", Method: http.MethodDelete, Path: "/v1/sites/{id}", Tags: []string{"places"},
		Summary: "Remove a place of one's own; stops that it was copied into stay", DefaultStatus: http.StatusNoContent,
	}, mayKeep, s.dropSite)
}

func (s *server) listSites(ctx context.Context, c *call, _ *struct{}) (*SiteList, error) {
	list, err := s.cfg.Sites.Sites(ctx, c.org)
	if err != nil {
		return nil, err
	}
	out := &SiteList{}
	out.Body.Items = make([]Site, 0, len(list))
	for i := range list {
		out.Body.Items = append(out.Body.Items, viewSite(&list[i]))
	}
	return out, nil
}

// addSite derives the id from the idempotency key where there is one: a request
// that is sent again finds the site it made.
func (s *server) addSite(ctx context.Context, c *call, in *AddSite) (*OneSite, error) {
	site, err := s.siteOf(c, &in.Body)
	if err != nil {
		return nil, err
	}
	site.ID = s.cfg.Minter.Mint(freight.PrefixSite, site.Made)
	if in.Key != "" {
		sum := sha256.Sum256([]byte(string(c.org) + " " + in.Key))
		site.ID = freight.NewID(freight.PrefixSite, 0, [10]byte(sum[:]))
	}
	err = s.cfg.Sites.AddSite(ctx, site)
	if freight.CodeOf(err) == freight.Conflict && in.Key != "" {
		first, found := s.cfg.Sites.Site(ctx, c.org, site.ID)
		switch {
		case found != nil:
			return nil, found
		case first.Version != 1 || !first.Same(&site):
			return nil, freight.Refuse(freight.ProblemKeyReused, "", in.Key)
		}
		site, err = first, nil
	}
	if err != nil {
		return nil, err
	}
	return oneSite(&site), nil
}

func (s *server) setSite(ctx context.Context, c *call, in *SetSite) (*OneSite, error) {
	version, err := in.version(true)
	if err != nil {
		return nil, err
	}
	next, err := s.siteOf(c, &in.Body)
	if err != nil {
		return nil, err
	}
	return about(aSite, in.ID, func() (*OneSite, error) {
		site, err := s.cfg.Sites.Site(ctx, c.org, in.ID)
		if err != nil {
			return nil, err
		}
		if site.Version == version+1 && site.Same(&next) {
			return oneSite(&site), nil // sent again
		}
		next.Meta = site.Meta
		next.Version = version
		next.Touch(s.cfg.Now(), c.actor(), c.behalf)
		if err := s.cfg.Sites.SetSite(ctx, next); err != nil {
			return nil, err
		}
		return oneSite(&next), nil
	})
}

func (s *server) dropSite(ctx context.Context, c *call, in *DropSite) (*struct{}, error) {
	version, err := in.version(true)
	if err != nil {
		return nil, err
	}
	if err := c.acts(); err != nil {
		return nil, err
	}
	return about(aSite, in.ID, func() (*struct{}, error) {
		return nil, s.cfg.Sites.DropSite(ctx, c.org, in.ID, version)
	})
}

// acts refuses an officer who does not say for whom.
func (c *call) acts() error {
	if c.who.OrgKind == freight.OrgDesk && c.behalf == "" {
		return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: BehalfHeader}
	}
	return nil
}

// siteOf reads the first version of a site without an id.
func (s *server) siteOf(c *call, t *SiteTerms) (freight.Site, error) {
	if err := c.acts(); err != nil {
		return freight.Site{}, err
	}
	var r reader
	now := s.cfg.Now()
	site := freight.Site{
		Meta: freight.Meta{Market: c.who.Market, Org: c.org, Version: 1, Made: now, Changed: now, Actor: c.actor(), Behalf: c.behalf},
		Name: strings.TrimSpace(t.Name), Note: strings.TrimSpace(t.Note),
		Place: freight.Place{
			Point: freight.Point{LatE7: r.degrees("place.lat", t.Place.Lat, 90), LngE7: r.degrees("place.lng", t.Place.Lng, 180)},
			Town:  t.Place.Town, Address: t.Place.Address,
		},
		Hours: freight.Hours{Open: r.minute("opens", t.Opens), Shut: r.minute("shuts", t.Shuts)},
	}
	r.faults.Require((t.Opens == "") == (t.Shuts == ""), "shuts", freight.ProblemRequired, "")
	if t.Contact != nil {
		site.Contact = freight.Contact(*t.Contact)
	}
	if err := r.faults.Err(); err != nil {
		return site, err
	}
	return site, site.Check()
}

const clockForm = "15:04"

// minute reads a time of the day; the schema has checked its form.
func (r *reader) minute(field, text string) int32 {
	if text == "" {
		return 0
	}
	at, err := time.Parse(clockForm, text)
	r.faults.Require(err == nil, field, freight.ProblemMalformed, text)
	return int32(at.Hour()*60 + at.Minute())
}

func oneSite(site *freight.Site) *OneSite {
	return &OneSite{ETag: fmt.Sprintf("%q", fmt.Sprint(site.Version)), Body: viewSite(site)}
}

// viewSite shows a site to the organization it belongs to.
func viewSite(site *freight.Site) Site {
	out := Site{ID: site.ID, Version: site.Version, SiteTerms: SiteTerms{
		Name: site.Name, Note: site.Note,
		Place: Place{Lat: degrees(site.Place.Point.LatE7), Lng: degrees(site.Place.Point.LngE7), Town: site.Place.Town, Address: site.Place.Address},
	}}
	if site.Contact != (freight.Contact{}) {
		contact := Contact(site.Contact)
		out.Contact = &contact
	}
	if site.Hours != (freight.Hours{}) {
		clock := func(minute int32) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
		out.Opens, out.Shuts = clock(site.Hours.Open), clock(site.Hours.Shut)
	}
	return out
}
