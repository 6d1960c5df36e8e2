package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"pinhuo/freight"
)

// poster posts loads as the firms of an exchange do. It shares the machine with
// the server, so it writes requests and reads answers with as little ado as HTTP
// allows.
type poster struct {
	x    *exchange
	host string

	mu    sync.Mutex
	took  []time.Duration
	sent  map[freight.ID]time.Time // load -> when its post was sent
	lines []*line                  // that nobody uses
}

// line is a keep-alive connection.
type line struct {
	conn net.Conn
	in   *bufio.Reader
}

func newPoster(x *exchange) *poster {
	return &poster{x: x, host: strings.TrimPrefix(x.server.base, "http://"), sent: map[freight.ID]time.Time{}}
}

// line takes a connection, or dials where none is free.
func (p *poster) line(ctx context.Context) (*line, error) {
	p.mu.Lock()
	if n := len(p.lines); n > 0 {
		l := p.lines[n-1]
		p.lines = p.lines[:n-1]
		p.mu.Unlock()
		return l, nil
	}
	p.mu.Unlock()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", p.host)
	if err != nil {
		return nil, err
	}
	return &line{conn, bufio.NewReader(conn)}, nil
}

// close ends the connections.
func (p *poster) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.lines {
		_ = l.conn.Close() // every answer has been read
	}
	p.lines = nil
}

// postLimit is how long a post may take.
const postLimit = time.Minute

// post sends the n-th post and returns the id of the load it made.
func (p *poster) post(ctx context.Context, n int64) (freight.ID, error) {
	l, err := p.line(ctx)
	if err != nil {
		return "", err
	}
	request := p.request(n)
	sent := time.Now()
	text, err := l.exchange(request, sent.Add(postLimit))
	took := time.Since(sent)
	if err != nil {
		_ = l.conn.Close() // of no more use
		return "", err
	}
	var load struct {
		ID freight.ID `json:"id"`
	}
	if err := json.Unmarshal(text, &load); err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, l)
	p.took = append(p.took, took)
	p.sent[load.ID] = sent
	return load.ID, nil
}

// request is the n-th post.
func (p *poster) request(n int64) []byte {
	ref, firm := reference(n), p.x.market.firms[n%firms]
	text := p.x.bodies[n%int64(len(p.x.bodies))].under(ref)
	head := fmt.Appendf(nil, "POST /v1/loads HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Idempotency-Key: %s\r\nContent-Length: %d\r\n\r\n", p.host, p.x.tokens[firm], ref, len(text))
	return append(head, text...)
}

// exchange sends a request and returns the body of a 201.
func (l *line) exchange(request []byte, deadline time.Time) ([]byte, error) {
	if err := l.conn.SetDeadline(deadline); err != nil {
		return nil, err
	}
	if _, err := l.conn.Write(request); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusCreated {
		err = fmt.Errorf("status %d: %s", answer.StatusCode, text)
	}
	return text, err
}
