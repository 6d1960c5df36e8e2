package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Point is a point in degrees of WGS-84.
type Point struct {
	Lat, Lng float64
}

// Route is a drive past points.
type Route struct {
	Method  string     `json:"method"`
	Version string     `json:"version"`
	Metres  int64      `json:"metres"`
	Seconds int64      `json:"seconds"`
	Legs    []RouteLeg `json:"legs"`
}

// RouteLeg is the drive from one point to the next.
type RouteLeg struct {
	Metres  int64 `json:"metres"`
	Seconds int64 `json:"seconds"`
	AccessM int64 `json:"access_metres"` // of it to and from the road
	// Line is where it leads, latitude before longitude.
	Line [][]float64 `json:"line,omitempty"`
}

// Route measures a drive past two points or more; with lines it also tells where it leads.
func (c *Client) Route(ctx context.Context, through []Point, lines bool) (Route, error) {
	var path []string
	for _, p := range through {
		path = append(path, strconv.FormatFloat(p.Lat, 'f', 7, 64)+","+strconv.FormatFloat(p.Lng, 'f', 7, 64))
	}
	q := url.Values{"through": {strings.Join(path, "/")}, "lines": {strconv.FormatBool(lines)}}
	return get[Route](ctx, c, "/v1/route", q, nil)
}

// Roads is how the server measures distances.
type Roads struct {
	Method  string `json:"method"` // "graph" or "fallback"
	Version string `json:"version"`
	Changed bool   `json:"changed"`
}

// RereadRoads reads the file of roads anew, for the desk.
func (c *Client) RereadRoads(ctx context.Context, opts ...Option) (Roads, error) {
	return post[Roads](ctx, c, "/v1/desk/roads", nil, opts)
}

// Track is where a truck was, the first first.
type Track struct {
	Items []Position `json:"items"`
	More  bool       `json:"more"` // ask again from the last instant on
}

// Positions returns where the truck of a trip was since an instant, the zero one for from
// the beginning; limit 0 asks for the server's default.
func (c *Client) Positions(ctx context.Context, trip string, from time.Time, limit int) (Track, error) {
	q := List{Limit: limit}.query()
	setTime(q, "from", from)
	return get[Track](ctx, c, one("trips", trip, "positions"), q, nil)
}

// HomeLoad is a load that a truck could carry home.
type HomeLoad struct {
	Load      string    `json:"load_id"`
	Open      bool      `json:"open"` // it is still on the market
	PriceFen  int64     `json:"price_fen"`
	PickupETA time.Time `json:"pickup_eta"`
	DropETA   time.Time `json:"drop_eta"`
}

// WayHome is what a truck could carry home from the end of its trip.
type WayHome struct {
	Trip      string     `json:"trip_id"`
	At        time.Time  `json:"at"`
	From      Place      `json:"from"`
	Home      Place      `json:"home"`
	Departs   Window     `json:"departs"`
	BackBy    time.Time  `json:"back_by"`
	DepartsBy time.Time  `json:"departs_by"`
	Direct    Leg        `json:"direct"`
	Loads     []HomeLoad `json:"loads"`
	PriceFen  int64      `json:"price_fen"`       // of the loads together
	FirstFen  int64      `json:"first_value_fen"` // of the trip itself
	ThenFen   int64      `json:"then_value_fen"`  // of the way home
	Risk      int64      `json:"risk_permille"`   // that the first trip fails
	ValueFen  int64      `json:"value_fen"`
	NextTrip  string     `json:"next_trip_id,omitempty"`
}

// WayHome returns what the truck of a trip could carry home.
func (c *Client) WayHome(ctx context.Context, trip string) (WayHome, error) {
	return get[WayHome](ctx, c, one("trips", trip, "reload"), nil, nil)
}

// Alive tells whether the server answers at all.
func (c *Client) Alive(ctx context.Context) error {
	return c.do(ctx, call{method: http.MethodGet, path: "/healthz"}, nil)
}

// Ready waits, for as many tries as the client makes, until the server takes requests.
func (c *Client) Ready(ctx context.Context) error {
	return c.do(ctx, call{method: http.MethodGet, path: "/readyz"}, nil)
}
