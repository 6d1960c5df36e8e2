package api

import (
	"net/http"

	"pinhuo/freight"
)

// SessionCookie is the name of the cookie that holds a session's secret.
const SessionCookie = "pinhuo_session"

// BehalfHeader names the firm that a desk officer acts for.
const BehalfHeader = "Pinhuo-On-Behalf-Of"

// permission says who may use an operation at all; rows are limited by scope
// besides.
type permission struct {
	who  func(freight.Principal) bool
	firm freight.OrgKind // of the firm an officer acts for, "" for any

	either bool // shippers and carriers alike
	audits bool // auditors too, who read the log of acts and nothing else
}

var (
	mayRead = permission{who: func(freight.Principal) bool { return true }}
	mayKnow = permission{who: func(freight.Principal) bool { return true }, audits: true}
	mayPost = permission{who: freight.Principal.MayPost, firm: freight.OrgEnterprise}
	mayHaul = permission{who: freight.Principal.MayHaul, firm: freight.OrgCarrier}
	isDesk  = permission{who: func(p freight.Principal) bool { return p.OrgKind == freight.OrgDesk }}

	isDeskOwner = permission{who: func(p freight.Principal) bool { return p.OrgKind == freight.OrgDesk && p.Role == freight.RoleOwner }}
	mayAsk      = permission{who: func(p freight.Principal) bool { return p.MayPost() || p.MayHaul() }, either: true}

	isOfficer = permission{who: freight.Principal.Officer}

	mayInspect = permission{who: func(p freight.Principal) bool { return p.OrgKind == freight.OrgDesk || p.Role == freight.RoleAuditor }, audits: true}
)

// allowed refuses a principal whose role does not allow the operation, and an
// officer who acts for a firm of the wrong kind.
func (c *call) allowed(may permission) error {
	switch {
	case c.who.Role == freight.RoleAuditor && !may.audits:
		return c.auditor()
	case !may.who(c.who) && may.either:
		return c.forbidden(c.who.OrgKind)
	case !may.who(c.who):
		return c.forbidden(may.firm)
	case c.behalf != "" && may.firm != "" && may.firm != c.firm:
		return &freight.Error{
			Code: freight.Forbidden, Problem: freight.ProblemOrgKind, Field: BehalfHeader, Value: string(c.firm), Want: string(may.firm),
		}
	}
	return nil
}

// auditor refuses an auditor whatever is not the log of acts.
func (c *call) auditor() error {
	return &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemRole, Value: string(c.who.Role)}
}

// forbidden says why the principal may not do what organizations of a kind do,
// or desks where it is "": its organization is another, it is a token, or it has
// the wrong role.
func (c *call) forbidden(kind freight.OrgKind) error {
	if kind == "" {
		kind = freight.OrgDesk
	}
	switch {
	case c.who.OrgKind != kind && c.who.OrgKind != freight.OrgDesk:
		return &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemOrgKind, Value: string(c.who.OrgKind), Want: string(kind)}
	case c.who.Role == freight.RoleAPI:
		return &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemToken, Value: string(c.who.OrgKind)}
	}
	return &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemRole, Value: string(c.who.Role)}
}

// signedIn lets only authenticated requests through, within their limits, and
// settles whose rows they are about.
func (s *server) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		if err := s.admit(r, c); err != nil {
			c.refuse(w, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *server) admit(r *http.Request, c *call) error {
	if isSignIn(r) {
		if err := s.origins.Check(r); err != nil {
			return refuseOrigin(r)
		}
		// Strangers share one allowance an address.
		return s.limits.take("from "+neighbourhood(c.remote), s.cfg.Now())
	}
	who, err := s.cfg.Gate.Authenticate(r.Context(), r)
	if err != nil {
		return err
	}
	c.who, c.org = who, who.Org
	if who.Cookie {
		if err := s.origins.Check(r); err != nil {
			return refuseOrigin(r)
		}
	}
	if err := s.limits.take(string(who.Org)+" "+string(c.actor()), s.cfg.Now()); err != nil {
		return err
	}
	return s.onBehalf(r, c)
}

func isSignIn(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path == sessionPath }

func refuseOrigin(r *http.Request) error {
	return &freight.Error{
		Code: freight.Forbidden, Problem: freight.ProblemOrigin, Field: "Origin", Value: freight.Shorten(r.Header.Get("Origin")),
	}
}

// onBehalf lets a desk officer act for a firm of its market.
func (s *server) onBehalf(r *http.Request, c *call) error {
	firm := freight.ID(r.Header.Get(BehalfHeader))
	if firm == "" {
		return nil
	}
	if !c.who.Officer() {
		problem := freight.ProblemRole
		if c.who.Role == freight.RoleAPI {
			problem = freight.ProblemToken
		}
		return &freight.Error{Code: freight.Forbidden, Problem: problem, Field: BehalfHeader, Value: string(c.who.Role)}
	}
	if !wellFormed(firm, freight.PrefixOrg) {
		return freight.Missing(BehalfHeader, firm)
	}
	org, err := s.names.org(r.Context(), firm)
	switch {
	case freight.CodeOf(err) == freight.NotFound, err == nil && org.Market != c.who.Market:
		return freight.Missing(BehalfHeader, firm)
	case err != nil:
		return err
	}
	c.org, c.behalf, c.firm = firm, firm, org.Kind
	return nil
}
