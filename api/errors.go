package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"pinhuo/freight"
)

// Fault is one thing wrong with a request.
type Fault struct {
	Detail  string          `json:"detail" doc:"What is wrong and what to do, in the language of Accept-Language"`
	Code    freight.Code    `json:"code" doc:"How to react"`
	Problem freight.Problem `json:"problem" doc:"What exactly is wrong"`
	Field   string          `json:"field,omitempty" doc:"Dotted path of the field in the request, or the name of the header or parameter"`
	Value   string          `json:"value,omitempty" doc:"The offending value, shortened"`
	Min     string          `json:"min,omitempty" doc:"Least allowed value, with its unit"`
	Max     string          `json:"max,omitempty" doc:"Greatest allowed value, with its unit"`
	Want    string          `json:"want,omitempty" doc:"The form that the value must have, or the values that are allowed"`
	Reason  freight.Reason  `json:"reason,omitempty" doc:"Why the truck can no longer carry the load"`
}

// Problem is every refusal, in the form of RFC 9457: its first fault, and the
// others in Errors.
type Problem struct {
	Type   string `json:"type" doc:"/problems/ and the problem"`
	Title  string `json:"title" doc:"The problem in a few words"`
	Status int    `json:"status" doc:"The HTTP status"`
	Fault
	Errors    []Fault `json:"errors,omitempty" doc:"Further faults of the same request"`
	RequestID string  `json:"request_id,omitempty" doc:"Names the request in the server's log"`

	retryS int // Retry-After in seconds, 0 for none
}

// problemType is the media type of a Problem.
const problemType = "application/problem+json"

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the media type of RFC 9457.
func (p *Problem) ContentType(string) string { return problemType }

// statusError gives a refusal another status than its code has.
type statusError struct {
	status int
	err    *freight.Error
}

func (e *statusError) Error() string { return e.err.Error() }

func (e *statusError) Unwrap() error { return e.err }

// waitError adds to a refusal when it is worth trying again.
type waitError struct {
	seconds int
	err     *freight.Error
}

func (e *waitError) Error() string { return e.err.Error() }

func (e *waitError) Unwrap() error { return e.err }

// statuses is the one place that maps codes to HTTP.
var statuses = map[freight.Code]int{
	freight.Invalid:      http.StatusUnprocessableEntity,
	freight.Unsupported:  http.StatusUnprocessableEntity,
	freight.NotFound:     http.StatusNotFound,
	freight.Conflict:     http.StatusConflict,
	freight.Forbidden:    http.StatusForbidden,
	freight.Unauthorized: http.StatusUnauthorized,
	freight.TooMany:      http.StatusTooManyRequests,
	freight.Unavailable:  http.StatusServiceUnavailable,
	freight.Internal:     http.StatusInternalServerError,
}

// retryAfterS is how soon a client that was told unavailable may come back, in
// seconds.
const retryAfterS = 2

// problem renders an error for the caller and notes what the log must know. An
// error that is no *freight.Error is our fault and is told without its text.
func (c *call) problem(err error) *Problem {
	known := told(err)
	c.note(err, known)
	p := &Problem{
		Type: "/problems/" + string(known.Problem), Title: titleOf(known, c.lang), Status: c.statusOf(err, known),
		Fault: faultOf(known, c.lang), RequestID: c.id,
	}
	for i := range known.More {
		p.Errors = append(p.Errors, faultOf(&known.More[i], c.lang))
	}
	p.retryS = retryOf(err, known)
	return p
}

// told returns what may be told of an error.
func told(err error) *freight.Error {
	var known *freight.Error
	if !errors.As(err, &known) || statuses[known.Code] == 0 {
		return &freight.Error{Code: freight.Internal, Problem: freight.ProblemInternal}
	}
	return known
}

// statusOf returns the status of an error. A version that a precondition named
// and that has passed is told as such.
func (c *call) statusOf(err error, known *freight.Error) int {
	var set *statusError
	switch {
	case errors.As(err, &set):
		return set.status
	case known.Problem == freight.ProblemStale && c.conditional:
		return http.StatusPreconditionFailed
	}
	return statuses[known.Code]
}

func retryOf(err error, known *freight.Error) int {
	var wait *waitError
	switch {
	case errors.As(err, &wait):
		return wait.seconds
	case known.Code == freight.Unavailable || known.Code == freight.TooMany:
		return retryAfterS
	}
	return 0
}

// faultOf renders one fault in the words and units of the API.
func faultOf(e *freight.Error, l lang) Fault {
	f := Fault{Code: e.Code, Problem: e.Problem, Field: fieldName(e.Field), Want: e.Want, Reason: e.Reason}
	f.Value, f.Min, f.Max = inUnit(e.Field, e.Value), inUnit(e.Field, e.Min), inUnit(e.Field, e.Max)
	f.Detail = detailOf(&f, l)
	return f
}

// refuse writes an error as a Problem.
func (c *call) refuse(w http.ResponseWriter, err error) {
	p := c.problem(err)
	body, fault := json.Marshal(p)
	if fault != nil { // a Problem holds only strings and numbers
		panic(fault)
	}
	head := w.Header()
	head.Set("Content-Type", problemType)
	p.headers(head, c.lang)
	w.WriteHeader(p.Status)
	w.Write(append(body, '\n'))
}

// headers sets what a Problem says beside its body.
func (p *Problem) headers(head http.Header, l lang) {
	head.Set("Content-Language", l.tag())
	if p.retryS > 0 {
		head.Set("Retry-After", strconv.Itoa(p.retryS))
	}
	if p.Status == http.StatusUnauthorized {
		head.Set("WWW-Authenticate", `Bearer realm="pinhuo"`)
	}
}

// problemPage answers the type of a Problem: what it means, for whoever opens it.
func problemPage(w http.ResponseWriter, r *http.Request) {
	known, ok := wordsOf[freight.Problem(r.PathValue("problem"))]
	if !ok {
		c := callOf(r.Context())
		c.refuse(w, freight.Missing("problem", freight.ID(r.PathValue("problem"))))
		return
	}
	l := langOf(r.Header.Get("Accept-Language"))
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Language", l.tag())
	fmt.Fprintf(w, "%s\n%s\n%s\n", known.title[l], fill(known.what[l], nil), known.todo[l])
}
