package live

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gorilla/websocket"

	"pinhuo/freight"
)

// frame is one message ready for the wire. It is immutable and shared by all
// sockets that get it.
type frame struct {
	seq      int64 // number of the event, 0 for the stream's own frames
	market   freight.ID
	audience freight.ID                 // of the event
	message  *websocket.PreparedMessage // nil for a ping
	size     int                        // bytes counted against a queue
}

const pingSize = 2

var ping = &frame{size: pingSize}

// Types of the stream's own frames; all others are events of the market.
const (
	TypeHello  = "pinhuo.hello"
	TypeBeat   = "pinhuo.beat"
	TypeReload = "pinhuo.reload"
)

// Hello is the data of the first frame. Cursor is where the stream begins.
type Hello struct {
	Epoch      string    `json:"epoch" doc:"identity of the database's history"`
	Cursor     string    `json:"cursor" doc:"position after which events follow"`
	ServerTime time.Time `json:"server_time" doc:"the server's clock, for countdowns"`
	HeartbeatS int64     `json:"heartbeat_s" doc:"seconds between two signs of life"`
}

// Beat is the data of the frame that tells a quiet stream from a dead one.
type Beat struct {
	ServerTime time.Time `json:"server_time" doc:"the server's clock, for countdowns"`
}

// Reload is the data of the last frame before close code 4410.
type Reload struct {
	Epoch string `json:"epoch" doc:"identity of the database's present history"`
}

// envelope is a CloudEvents 1.0 frame of the stream itself. Events of
// the market are rendered by the view, which alone masks.
type envelope struct {
	SpecVersion string    `json:"specversion"`
	ID          string    `json:"id"`
	Source      string    `json:"source"`
	Type        string    `json:"type"`
	Time        time.Time `json:"time"`
	ContentType string    `json:"datacontenttype"`
	Schema      string    `json:"dataschemaversion"`
	Data        any       `json:"data"`
}

// notice makes a frame of the stream itself.
func notice(market freight.ID, kind string, at time.Time, data any) *frame {
	body, err := json.Marshal(envelope{
		SpecVersion: "1.0", ID: rand.Text(), Source: "/markets/" + string(market), Type: kind,
		Time: at, ContentType: "application/json", Schema: fmt.Sprint(freight.EventSchema), Data: data,
	})
	if err != nil {
		panic(fmt.Sprintf("live: %s: %v", kind, err)) // data are our own structs
	}
	return prepare(&frame{market: market}, body)
}

// prepare puts the body on the wire's form, once for all sockets.
func prepare(f *frame, body []byte) *frame {
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, body)
	if err != nil {
		panic(fmt.Sprintf("live: prepare: %v", err)) // writing to memory does not fail
	}
	f.message, f.size = message, len(body)
	return f
}

// render makes the frame of an event for the principal's organization and role.
func (h *Hub) render(e freight.Event, p freight.Principal) (*frame, error) {
	body, err := h.cfg.Render(e, face(p), h.cfg.Sealer.Seal(e.Market, e.Audience, e.Seq))
	if err != nil {
		return nil, fmt.Errorf("render event %d for %s: %w", e.Seq, e.Audience, err)
	}
	return prepare(&frame{seq: e.Seq, market: e.Market, audience: e.Audience}, body), nil
}

// face is what all members of one role of an organization share: a frame that
// is rendered for one of them is good for all.
func face(p freight.Principal) freight.Principal {
	return freight.Principal{Org: p.Org, OrgKind: p.OrgKind, OrgName: p.OrgName, Role: p.Role, Market: p.Market}
}

// now is the time as clients are told it: UTC, to the millisecond.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
