package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// DeskReader reads what concerns a market's desk. What does not exist and what the
// scope does not show are the same error, freight.Missing.
type DeskReader interface {
	// Ticket returns one ticket of the scope.
	Ticket(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Ticket, int64, error)
	// Tickets returns a page of the scope's tickets, newest first.
	Tickets(ctx context.Context, q freight.TicketQuery) (freight.Page[freight.Ticket], error)
	// Officers returns the officers of the market's desk, also those who are none any
	// more, in order of time.
	Officers(ctx context.Context, market freight.ID) (freight.Page[freight.Officer], error)
	// CostModels returns the versions of the market's costs, in order.
	CostModels(ctx context.Context, market freight.ID) (freight.Page[freight.CostModel], error)
	// Briefs returns a page of the briefs of the scope, newest first.
	Briefs(ctx context.Context, q freight.Query) (freight.Page[freight.Brief], error)
	// Brief returns one brief of the scope.
	Brief(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Brief, int64, error)
	// Story returns everything that befell a load of the scope.
	Story(ctx context.Context, scope freight.Scope, load freight.ID) (freight.Story, int64, error)
	// Memberships lists those of an organization that hold.
	Memberships(ctx context.Context, org freight.ID) ([]freight.Membership, error)
	// User returns one user.
	User(ctx context.Context, id freight.ID) (freight.User, error)
	// Orgs lists the organizations of a market, oldest first.
	Orgs(ctx context.Context, market freight.ID) ([]freight.Org, error)
}

// Officer is a user of the desk who answers for firms.
type Officer struct {
	User    freight.ID   `json:"user"`
	Version int64        `json:"version"`
	Name    string       `json:"name" doc:"As firms are told"`
	Phone   string       `json:"phone,omitempty" doc:"As firms are told"`
	Deputy  freight.ID   `json:"deputy,omitempty" doc:"User who stands in and has what this one does not take up in time; the head of the desk when left out"`
	Head    bool         `json:"head,omitempty" doc:"Has what nobody else took up in time; one alone"`
	Default bool         `json:"default,omitempty" doc:"Answers for firms that are bound to nobody; one alone"`
	Away    bool         `json:"away,omitempty" doc:"Whoever stands in has his tickets"`
	Firms   []freight.ID `json:"firms" doc:"Organizations that this one answers for"`
	Hours   *OfficeHours `json:"hours,omitempty" doc:"When he is at work; left out where he is there at any time"`
}

// OfficeHours are when an officer is at work, by the market's clock.
type OfficeHours struct {
	Days []string `json:"days,omitempty" uniqueItems:"true" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"Every day when left out"`
	From string   `json:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"hh:mm"`
	Till string   `json:"till" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"hh:mm. Before from: of the next day, as a night's watch ends; the same: round the clock"`
	Free []string `json:"free,omitempty" maxItems:"100" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Dates on which he is not there, such as holidays"`
}

// DeskMember is a user of the desk who may be an officer.
type DeskMember struct {
	User freight.ID   `json:"user"`
	Name string       `json:"name"`
	Role freight.Role `json:"role" enum:"owner,officer"`
}

// Firm is an organization of the market.
type Firm struct {
	ID   freight.ID      `json:"id"`
	Name string          `json:"name"`
	Kind freight.OrgKind `json:"kind" enum:"enterprise,carrier"`
}

// Roster is who of the desk answers for whom.
type Roster struct {
	Officers []Officer    `json:"officers"`
	Members  []DeskMember `json:"members" doc:"Users of the desk who may be officers"`
	Firms    []Firm       `json:"firms" doc:"Organizations of the market"`
}

// OfficerTerms is what is said of an officer.
type OfficerTerms struct {
	Name    string       `json:"name,omitempty" maxLength:"40" doc:"The user's own when left out"`
	Phone   string       `json:"phone,omitempty" maxLength:"32"`
	Deputy  freight.ID   `json:"deputy,omitempty"`
	Head    bool         `json:"head,omitempty" doc:"Who was it before is it no more"`
	Default bool         `json:"default,omitempty" doc:"Who was it before is it no more"`
	Firms   []freight.ID `json:"firms,omitempty" maxItems:"2000" doc:"Whom they were bound to before they are bound to no more"`
	Hours   *OfficeHours `json:"hours,omitempty" doc:"When he is at work; at any time when left out"`
}

// AwayTerms say whether an officer is there.
type AwayTerms struct {
	Away bool `json:"away"`
}

// Requests about the roster.
type (
	// ReadRoster asks for the roster.
	ReadRoster struct{}
	// ByUser is the id of an officer in the path.
	ByUser struct {
		User freight.ID `path:"user" doc:"User id"`
	}
	// SetOfficer puts a user on the roster or changes what it says of him.
	SetOfficer struct {
		ByUser
		Keyed
		Conditional
		Body OfficerTerms
	}
	// MarkOfficer says whether an officer is there.
	MarkOfficer struct {
		ByUser
		Keyed
		Body AwayTerms
	}
	// RemoveOfficer takes a user off the roster.
	RemoveOfficer struct {
		ByUser
		Keyed
	}
)

// OneOfficer is an officer with his version.
type OneOfficer = One[Officer]

func (s *server) roster() {
	handle(s, huma.Operation{
		OperationID: "read-roster", Method: http.MethodGet, Path: "/v1/desk/officers", Tags: []string{"desk"},
		Summary: "Who of the desk answers for whom; for the desk",
	}, isDesk, s.readRoster)
	handle(s, huma.Operation{
		OperationID: "set-officer", Method: http.MethodPut, Path: "/v1/desk/officers/{user}", Tags: []string{"desk"},
		Summary: "Make a user of the desk an officer, or change what he answers for; for the desk's owner. The first is head and default",
	}, isDeskOwner, s.setOfficer)
	handle(s, huma.Operation{
		OperationID: "mark-officer", Method: http.MethodPost, Path: "/v1/desk/officers/{user}/away", Tags: []string{"desk"},
		Summary: "Say that an officer is away, and his tickets pass to who stands in at once, or that he is back; for himself and the desk's owner",
	}, isOfficer, s.markOfficer)
	handle(s, huma.Operation{
		OperationID: "remove-officer", Method: http.MethodDelete, Path: "/v1/desk/officers/{user}", Tags: []string{"desk"},
		Summary: "Take a user off the roster, but not the head and the default: name another first; for the desk's owner",
	}, isDeskOwner, s.removeOfficer)
}

func (s *server) readRoster(ctx context.Context, c *call, _ *ReadRoster) (*Reflected[Roster], error) {
	page, err := s.cfg.Desk.Officers(ctx, c.who.Market)
	if err != nil {
		return nil, err
	}
	out := &Reflected[Roster]{Cursor: s.cursor(c, page.Seq), Body: Roster{Officers: []Officer{}, Members: []DeskMember{}, Firms: []Firm{}}}
	for i := range page.Rows {
		if o := &page.Rows[i]; !o.Off {
			out.Body.Officers = append(out.Body.Officers, viewOfficer(o))
		}
	}
	if out.Body.Members, err = s.deskMembers(ctx, c.who.Org); err != nil {
		return nil, err
	}
	orgs, err := s.cfg.Desk.Orgs(ctx, c.who.Market)
	for _, o := range orgs {
		if o.Kind != freight.OrgDesk {
			out.Body.Firms = append(out.Body.Firms, Firm{o.ID, o.Name, o.Kind})
		}
	}
	return out, err
}

// deskMembers lists the users of a desk who may be officers.
func (s *server) deskMembers(ctx context.Context, desk freight.ID) ([]DeskMember, error) {
	list := []DeskMember{}
	members, err := s.cfg.Desk.Memberships(ctx, desk)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if m.Role != freight.RoleOfficer && m.Role != freight.RoleOwner {
			continue
		}
		user, err := s.cfg.Desk.User(ctx, m.User)
		if err != nil {
			return nil, err
		}
		list = append(list, DeskMember{m.User, user.Name, m.Role})
	}
	return list, nil
}

func viewOfficer(o *freight.Officer) Officer {
	out := Officer{User: o.User, Version: o.Version, Name: o.Name, Phone: o.Phone, Deputy: o.Deputy, Head: o.Head,
		Default: o.Default, Away: o.Away, Firms: append([]freight.ID{}, o.Firms...)}
	if h := &o.Hours; !h.Always() {
		out.Hours = &OfficeHours{Days: daysOf(h.Days), From: clockOf(h.From), Till: clockOf(h.Till), Free: h.Free}
	}
	return out
}

// office reads office hours, whose form the schema has checked.
func (h *OfficeHours) office() freight.Office {
	if h == nil {
		return freight.Office{}
	}
	return freight.Office{Days: dayBits(h.Days), From: int64(minuteOf(h.From)), Till: int64(minuteOf(h.Till)), Free: h.Free}
}

func (s *server) setOfficer(ctx context.Context, c *call, in *SetOfficer) (*OneOfficer, error) {
	version, err := in.version(false)
	if err != nil {
		return nil, err
	}
	members, err := s.deskMembers(ctx, c.who.Org)
	if err != nil {
		return nil, err
	}
	b := &in.Body
	terms := freight.OfficerTerms{Name: b.Name, Phone: b.Phone, Deputy: b.Deputy, Head: b.Head, Default: b.Default, Firms: b.Firms, Hours: b.Hours.office()}
	known := false
	for _, m := range members {
		if m.User == in.User {
			known = true
			if terms.Name == "" {
				terms.Name = m.Name
			}
		}
	}
	if !known {
		return nil, freight.Missing("user", in.User)
	}
	for _, firm := range terms.Firms {
		if org, err := s.names.org(ctx, firm); err != nil || org.Market != c.who.Market || org.Kind == freight.OrgDesk {
			return nil, freight.Missing("firms", firm)
		}
	}
	return s.changeOfficer(ctx, c, in.Key, freight.SetOfficer{User: in.User, Version: version, Terms: terms})
}

func (s *server) markOfficer(ctx context.Context, c *call, in *MarkOfficer) (*OneOfficer, error) {
	if in.User != c.who.User && c.who.Role != freight.RoleOwner {
		return nil, &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemRole, Value: string(c.who.Role)}
	}
	return s.changeOfficer(ctx, c, in.Key, freight.MarkOfficer{User: in.User, Away: in.Body.Away})
}

func (s *server) removeOfficer(ctx context.Context, c *call, in *RemoveOfficer) (*OneOfficer, error) {
	return s.changeOfficer(ctx, c, in.Key, freight.MarkOfficer{User: in.User, Off: true})
}

func (s *server) changeOfficer(ctx context.Context, c *call, key string, act freight.Act) (*OneOfficer, error) {
	result, err := s.doOwn(ctx, c, key, act)
	if err != nil {
		return nil, err
	}
	if result.Officer == nil {
		return nil, incomplete(act)
	}
	return one(s, c, result.Officer.Version, result.Seq, viewOfficer(result.Officer)), nil
}
