package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

const sessionPath = "/v1/session"

// SignInTerms is what opens a session.
type SignInTerms struct {
	Link string `json:"link" minLength:"1" maxLength:"256" doc:"The secret of a one-time link"`
}

// SignIn asks for a session.
type SignIn struct {
	Keyed
	Body SignInTerms
}

// User is a person or a program.
type User struct {
	ID   freight.ID `json:"id"`
	Name string     `json:"name"`
}

// Org is the organization that a user acts in.
type Org struct {
	ID   freight.ID      `json:"id"`
	Name string          `json:"name"`
	Kind freight.OrgKind `json:"kind" enum:"enterprise,carrier,desk"`
}

// Box is the area of a market in degrees.
type Box struct {
	South Decimal `json:"south"`
	West  Decimal `json:"west"`
	North Decimal `json:"north"`
	East  Decimal `json:"east"`
}

// Market is the exchange that an organization trades in.
type Market struct {
	ID   freight.ID `json:"id"`
	Name string     `json:"name"`
	Zone string     `json:"zone" doc:"IANA time zone"`
	Box  Box        `json:"box" doc:"Every stop lies in it"`
}

// Me is who is asking, and where.
type Me struct {
	User       User         `json:"user"`
	Org        Org          `json:"org"`
	Role       freight.Role `json:"role" enum:"owner,clerk,driver,officer,auditor,ops,api"`
	Market     Market       `json:"market"`
	ServerTime time.Time    `json:"server_time" doc:"For countdowns"`
	Cursor     string       `json:"cursor" doc:"The present position in the history of events"`
}

func (s *server) session() {
	handle(s, huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: sessionPath, Tags: []string{"session"},
		Summary:  "Turn a one-time link into a session; the cookie is set",
		Security: []map[string][]string{{}},
	}, mayKnow, s.signIn)
	handle(s, huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: sessionPath, Tags: []string{"session"},
		Summary: "End the session", DefaultStatus: http.StatusNoContent,
	}, mayKnow, s.signOut)
	handle(s, huma.Operation{
		OperationID: "me", Method: http.MethodGet, Path: "/v1/me", Tags: []string{"session"},
		Summary: "Who is asking, in which organization, role and market",
	}, mayKnow, s.whoAmI)
}

func (s *server) signIn(ctx context.Context, c *call, in *SignIn) (*Reflected[Me], error) {
	secret, who, expires, err := s.cfg.Gate.SignIn(ctx, in.Body.Link)
	if err != nil {
		return nil, err
	}
	// The link is used up: whatever fails below, the client has its session.
	c.setCookie(secret, expires.Time())
	c.who, c.org = who, who.Org
	return s.whoAmI(ctx, c, nil)
}

func (s *server) signOut(ctx context.Context, c *call, _ *struct{}) (*struct{}, error) {
	if err := s.cfg.Gate.SignOut(ctx, c.who); err != nil {
		return nil, err
	}
	if c.who.Cookie {
		c.setCookie("", time.Unix(1, 0))
	}
	return nil, nil
}

// setCookie sets the session's cookie; no secret clears it.
func (c *call) setCookie(secret string, expires time.Time) {
	cookie := &http.Cookie{
		Name: SessionCookie, Value: secret, Path: "/", Expires: expires, Secure: c.secure, HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	}
	if secret == "" {
		cookie.MaxAge = -1
	}
	c.head.Add("Set-Cookie", cookie.String())
}

func (s *server) whoAmI(ctx context.Context, c *call, _ *struct{}) (*Reflected[Me], error) {
	seq, err := s.cfg.Reader.Head(ctx, c.who.Market)
	if err != nil {
		return nil, err
	}
	market, err := s.market(ctx, c.who.Market)
	if err != nil {
		return nil, err
	}
	cursor := s.cursor(c, seq)
	return &Reflected[Me]{cursor, Me{
		User: User{c.actor(), c.who.Name}, Org: Org{c.who.Org, c.who.OrgName, c.who.OrgKind}, Role: c.who.Role,
		Market: Market{market.ID, market.Name, market.Zone, Box{
			degrees(market.Box.South), degrees(market.Box.West), degrees(market.Box.North), degrees(market.Box.East),
		}},
		ServerTime: s.cfg.Now().Time(), Cursor: cursor,
	}}, nil
}

func degrees(e7 int32) Decimal { return decimalOf(int64(e7), freight.PlacesDegree) }

func (s *server) market(ctx context.Context, id freight.ID) (freight.Market, error) {
	markets, err := s.cfg.Reader.Markets(ctx)
	if err != nil {
		return freight.Market{}, err
	}
	for _, m := range markets {
		if m.ID == id {
			return m, nil
		}
	}
	return freight.Market{}, fmt.Errorf("market %s of a principal is gone", id)
}
