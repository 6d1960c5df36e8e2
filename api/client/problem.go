package client

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// Fault is one thing that is wrong with a request.
type Fault struct {
	Code    string `json:"code,omitempty"`
	Problem string `json:"problem,omitempty"`
	Field   string `json:"field,omitempty"`
	Value   string `json:"value,omitempty"`
	Min     string `json:"min,omitempty"`
	Max     string `json:"max,omitempty"`
	Want    string `json:"want,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Detail  string `json:"detail,omitempty"` // what is wrong and what to do, in the client's language
}

// Problem is a refusal by the server. Further faults of the same request are
// in Errors.
type Problem struct {
	Status    int    `json:"status"`
	Title     string `json:"title"`
	RequestID string `json:"request_id"`
	Fault
	Errors []Fault `json:"errors,omitempty"`
}

// Error writes the problem for a log or a terminal.
func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", p.Status)
	for _, part := range [...]string{p.Code, p.Fault.Problem, p.Field, p.Detail} {
		if part != "" {
			b.WriteString(" " + part)
		}
	}
	if n := len(p.Errors); n > 0 {
		fmt.Fprintf(&b, " (and %d more)", n)
	}
	if p.RequestID != "" {
		b.WriteString(" [request " + p.RequestID + "]")
	}
	return b.String()
}

// maxProblem bounds what is read of a refusal.
const maxProblem = 64 << 10

// problemOf reads a refusal; one that is no problem document, as a proxy on
// the way may send, keeps its status.
func problemOf(r *http.Response) *Problem {
	p := &Problem{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	body, err := io.ReadAll(io.LimitReader(r.Body, maxProblem))
	if err != nil || kind != "application/problem+json" || json.Unmarshal(body, p) != nil {
		*p = Problem{Title: http.StatusText(r.StatusCode)}
	}
	p.Status = r.StatusCode
	if p.RequestID == "" {
		p.RequestID = r.Header.Get("X-Request-Id")
	}
	return p
}
