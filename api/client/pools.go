package client

import (
	"context"
	"time"
)

// Corner is where a pool's truck sets out or is done, to about ten kilometres.
type Corner struct {
	Town string  `json:"town"`
	Lat  float64 `json:"lat"`
	Lng  float64 `json:"lng"`
}

// PoolStop is a stop of a pool's load, without its address.
type PoolStop struct {
	Corner
	Window Window `json:"window"`
}

// PoolLoad is a load as those see it who do not own it.
type PoolLoad struct {
	Goods    string   `json:"goods"`
	Size     Size     `json:"size"`
	Needs    []string `json:"needs"`
	Pickup   PoolStop `json:"pickup"`
	Delivery PoolStop `json:"delivery"`
	Care
}

// PoolMember is one load of a pool; money and Consent only where it is one's own.
type PoolMember struct {
	Own       bool      `json:"own,omitempty"`
	LoadID    string    `json:"load_id,omitempty"`
	Load      PoolLoad  `json:"load"`
	Consent   string    `json:"consent,omitempty"`
	Reason    string    `json:"reason,omitempty"` // why it is no member any more
	ShareFen  int64     `json:"share_fen,omitempty"`
	MostFen   int64     `json:"most_fen,omitempty"` // what it pays at the most, whoever leaves
	AloneFen  int64     `json:"alone_fen,omitempty"`
	PickupETA time.Time `json:"pickup_eta"`
	DropETA   time.Time `json:"drop_eta"`
	BookingID string    `json:"booking_id,omitempty"`
}

// Pool is one truck to hire for loads that no truck passes by.
type Pool struct {
	ID        string       `json:"id"`
	Version   int64        `json:"version"`
	State     string       `json:"state"` // "consenting", "tendered", "committed" or "dissolved"
	Reason    string       `json:"reason,omitempty"`
	Type      string       `json:"vehicle_type"`
	Needs     []string     `json:"needs"` // what the vehicle must have
	From      Corner       `json:"from"`
	To        Corner       `json:"to"`
	Leaves    Window       `json:"leaves"`
	DepartsBy time.Time    `json:"departs_by"`
	Metres    int64        `json:"metres"`
	Seconds   int64        `json:"seconds"`
	PriceFen  int64        `json:"price_fen"`  // what the operator gets
	SharesFen []int64      `json:"shares_fen"` // who pays how much, without names
	ExpiresAt time.Time    `json:"expires_at"`
	Quorum    int64        `json:"quorum"`
	Consents  int64        `json:"consents"`
	Router    Router       `json:"router"`
	Members   []PoolMember `json:"members"`
	Carrier   *Party       `json:"carrier,omitempty"`
	TripID    string       `json:"trip_id,omitempty"`
}

type declining struct {
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

type taking struct {
	Version int64   `json:"version"`
	Vehicle Vehicle `json:"vehicle"`
}

// Pools lists the pools that the organization has a load in, may take or took.
func (c *Client) Pools(ctx context.Context, l List) (Page[Pool], error) {
	return get[Page[Pool]](ctx, c, "/v1/pools", l.query(), nil)
}

// Pool returns one pool.
func (c *Client) Pool(ctx context.Context, id string) (Pool, error) {
	return get[Pool](ctx, c, one("pools", id), nil, nil)
}

// ConsentPool agrees to share the truck as the version named tells, for every load
// that the organization has in the pool.
func (c *Client) ConsentPool(ctx context.Context, id string, version int64, opts ...Option) (Pool, error) {
	return post[Pool](ctx, c, one("pools", id, "consent"), answer{Version: version}, opts)
}

// DeclinePool refuses to share the truck; version 0 is whatever there is, reason ""
// is "declined".
func (c *Client) DeclinePool(ctx context.Context, id string, version int64, reason string, opts ...Option) (Pool, error) {
	return post[Pool](ctx, c, one("pools", id, "decline"), declining{version, reason}, opts)
}

// TakePool announces the trip that the pool is, driven by the vehicle, and books all
// its loads on it.
func (c *Client) TakePool(ctx context.Context, id string, version int64, vehicle Vehicle, opts ...Option) (Pool, error) {
	return post[Pool](ctx, c, one("pools", id, "take"), taking{version, vehicle}, opts)
}
