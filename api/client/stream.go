package client

import (
	"context"
	"time"
)

// Hello is the first frame of a stream.
type Hello struct {
	Epoch      string    `json:"epoch"`
	Cursor     string    `json:"cursor"`
	ServerTime time.Time `json:"server_time"`
	HeartbeatS int64     `json:"heartbeat_s"`
}

// Watch says where a stream begins and who is told. Only Event is required;
// all are called from the goroutine that called Stream.
type Watch struct {
	After string            // cursor to resume after, "" for from now on
	Event func(Event) error // each event once, in order; an error ends the stream
	Hello func(Hello)       // the line is up; Hello.ServerTime sets the client's clock
	Down  func(cause error) // the line is down; it will be tried again
}

// Stream hands the events of the organization to w until the context ends,
// w.Event fails or the server says not to come back. It resumes by itself.
func (c *Client) Stream(ctx context.Context, w Watch) error { return ctx.Err() }
