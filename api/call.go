package api

import (
	"context"
	"errors"
	"net/http"

	"pinhuo/freight"
)

// call is what is known of one request. It belongs to the goroutine that
// serves the request.
type call struct {
	id          string
	lang        lang
	conditional bool // the request names the version it is about in If-Match
	method      string
	path        string
	query       string // as it came
	route       string // the pattern of the path
	act         string // that the request asks for, "" for none
	asked       bool   // the exchange was
	ifMatch     string
	remote      string      // host the request came from
	secure      bool        // over TLS
	head        http.Header // of the answer

	who    freight.Principal
	org    freight.ID // whose rows it is about: the principal's, or the firm an officer acts for
	behalf freight.ID // that firm, "" otherwise
	firm   freight.OrgKind
	body   []byte // canonical

	refused *freight.Error // what it was refused for
	cause   error          // behind a refusal that is our fault
}

type callKey struct{}

// callOf returns the call that the context belongs to.
func callOf(ctx context.Context) *call {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok { // every handler runs below observe
		panic("api: no call in context")
	}
	return c
}

// note keeps for the log why the request was refused.
func (c *call) note(err error, known *freight.Error) {
	c.refused = known
	if known.Code != freight.Internal && known.Code != freight.Unavailable {
		return
	}
	c.cause = err
	if errors.Is(err, context.Canceled) { // the client went away; nobody is at fault
		c.cause = context.Canceled
	}
}

// scope limits reads to what the caller may see: its own organization's rows,
// the firm's that an officer acts for, or the market's for its desk.
func (c *call) scope() freight.Scope {
	scope := freight.ScopeOf(c.who)
	if c.behalf != "" {
		scope.Org, scope.Desk = c.behalf, false
	}
	return scope
}

// actor names who changed a row: the user, or the token of a program.
func (c *call) actor() freight.ID {
	if c.who.User != "" {
		return c.who.User
	}
	return c.who.Credential
}
