package client

import (
	"context"
	"time"
)

// Rate is what a vehicle of one type costs.
type Rate struct {
	Type       string `json:"type"`
	FixedFen   int64  `json:"fixed_fen"` // for a hire of its own
	PerKmFen   int64  `json:"per_km_fen"`
	PerHourFen int64  `json:"per_hour_fen"`
	TollFen    int64  `json:"toll_fen"` // each kilometre
}

// CostTerms are the costs of a market.
type CostTerms struct {
	Margin   int64  `json:"margin_percent"`   // a joiner's price is what it costs the trip, times this
	Discount int64  `json:"discount_percent"` // a ceiling that is not stated is going alone less this
	Types    []Rate `json:"types"`            // of every vehicle type
}

// CostModel is one version of a market's costs.
type CostModel struct {
	CostTerms
	Version int64     `json:"version"` // 0 is what the server was started with
	At      time.Time `json:"at,omitzero"`
	By      *Person   `json:"by,omitempty"`
}

// CostModels are all versions, the newest first.
type CostModels struct {
	Models []CostModel `json:"models"`
}

type costing struct {
	CostTerms
	Replaces int64 `json:"replaces"`
}

// Costs returns what vehicles cost, for the desk.
func (c *Client) Costs(ctx context.Context) (CostModels, error) {
	return get[CostModels](ctx, c, "/v1/desk/costs", nil, nil)
}

// SetCosts makes a new version, which holds for new offers only; replaces is the version
// that it was made from, the present one.
func (c *Client) SetCosts(ctx context.Context, terms CostTerms, replaces int64, opts ...Option) (CostModel, error) {
	return put[CostModel](ctx, c, "/v1/desk/costs", costing{terms, replaces}, opts)
}

// OfficerTerms are what the owner of the desk says of an officer; his name is that of the
// user where it is "".
type OfficerTerms struct {
	Name    string       `json:"name,omitempty"`
	Phone   string       `json:"phone,omitempty"`
	Deputy  string       `json:"deputy,omitempty"` // user id
	Head    bool         `json:"head,omitempty"`
	Default bool         `json:"default,omitempty"` // answers for firms that nobody is bound to
	Firms   []string     `json:"firms,omitempty"`
	Hours   *OfficeHours `json:"hours,omitempty"` // nil: at any time
}

// OfficeHours are when an officer is at work, by the market's clock.
type OfficeHours struct {
	Days []string `json:"days,omitempty"` // mon to sun; none for every day
	From string   `json:"from"`           // hh:mm
	Till string   `json:"till"`           // hh:mm; before From: of the next day; the same: round the clock
	Free []string `json:"free,omitempty"` // dates, such as 2026-10-01, on which he is not there
}

// Officer is a user of the desk who answers for firms.
type Officer struct {
	User    string       `json:"user"`
	Version int64        `json:"version"`
	Name    string       `json:"name"`
	Phone   string       `json:"phone,omitempty"`
	Deputy  string       `json:"deputy,omitempty"`
	Head    bool         `json:"head,omitempty"`
	Default bool         `json:"default,omitempty"`
	Away    bool         `json:"away,omitempty"`
	Firms   []string     `json:"firms"`
	Hours   *OfficeHours `json:"hours,omitempty"` // nil where he is there at any time
}

// Member is a user of the desk.
type Member struct {
	User string `json:"user"`
	Name string `json:"name"`
	Role string `json:"role"`
}

// Roster is who of the desk answers for whom.
type Roster struct {
	Officers []Officer `json:"officers"`
	Members  []Member  `json:"members"`
	Firms    []Org     `json:"firms"`
}

// Roster returns who of the desk answers for which firms.
func (c *Client) Roster(ctx context.Context) (Roster, error) {
	return get[Roster](ctx, c, "/v1/desk/officers", nil, nil)
}

// SetOfficer says for which firms a user of the desk answers; for the desk's owner.
func (c *Client) SetOfficer(ctx context.Context, user string, terms OfficerTerms, opts ...Option) (Officer, error) {
	return put[Officer](ctx, c, one("desk/officers", user), terms, opts)
}

// RemoveOfficer takes a user off the roster; for the desk's owner.
func (c *Client) RemoveOfficer(ctx context.Context, user string, opts ...Option) (Officer, error) {
	return drop[Officer](ctx, c, one("desk/officers", user), opts)
}

// MarkAway says that an officer is away, or back: his tickets pass to who stands in.
func (c *Client) MarkAway(ctx context.Context, user string, away bool, opts ...Option) (Officer, error) {
	body := struct {
		Away bool `json:"away"`
	}{away}
	return post[Officer](ctx, c, one("desk/officers", user, "away"), body, opts)
}
