package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// List asks for one page of rows, newest first; zero values ask for the
// server's defaults.
type List struct {
	State string // such as "posted"; "open" for offers that can be answered
	After string // the Next of the page before
	Limit int    // 1..200
}

func (l List) query() url.Values {
	q := url.Values{}
	set(q, "state", l.State)
	set(q, "after", l.After)
	if l.Limit > 0 {
		q.Set("limit", strconv.Itoa(l.Limit))
	}
	return q
}

func set(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

// setTime adds an instant to a query, none where it is zero.
func setTime(q url.Values, name string, at time.Time) {
	if !at.IsZero() {
		q.Set(name, at.Format(time.RFC3339Nano))
	}
}

func get[T any](ctx context.Context, c *Client, path string, q url.Values, opts []Option) (T, error) {
	var out T
	err := c.do(ctx, call{method: http.MethodGet, path: path, query: q}, &out, opts...)
	return out, err
}

func post[T any](ctx context.Context, c *Client, path string, body any, opts []Option) (T, error) {
	var out T
	if body == nil {
		body = struct{}{}
	}
	err := c.do(ctx, call{method: http.MethodPost, path: path, body: body}, &out, opts...)
	return out, err
}

func put[T any](ctx context.Context, c *Client, path string, body any, opts []Option) (T, error) {
	var out T
	err := c.do(ctx, call{method: http.MethodPut, path: path, body: body}, &out, opts...)
	return out, err
}

func drop[T any](ctx context.Context, c *Client, path string, opts []Option) (T, error) {
	var out T
	err := c.do(ctx, call{method: http.MethodDelete, path: path}, &out, opts...)
	return out, err
}

// file gets what is no JSON.
func file(ctx context.Context, c *Client, path string, q url.Values) ([]byte, error) {
	return get[[]byte](ctx, c, path, q, nil)
}

// one is the path of one row; an id is escaped, so that no id leads elsewhere.
func one(rows, id string, verb ...string) string {
	path := "/v1/" + rows + "/" + url.PathEscape(id)
	for _, v := range verb {
		path += "/" + v
	}
	return path
}

// SignIn opens a session with the secret of a one-time link. It is not tried
// again after the request may have arrived: the link is used up then.
func (c *Client) SignIn(ctx context.Context, link string) (Me, error) {
	var me Me
	body := struct {
		Link string `json:"link"`
	}{link}
	err := c.do(ctx, call{method: http.MethodPost, path: "/v1/session", body: body, once: true}, &me)
	return me, err
}

// SignOut ends the session.
func (c *Client) SignOut(ctx context.Context) error {
	return c.do(ctx, call{method: http.MethodDelete, path: "/v1/session"}, nil)
}

// Me tells who the client is signed in as.
func (c *Client) Me(ctx context.Context) (Me, error) { return get[Me](ctx, c, "/v1/me", nil, nil) }

// PostLoad puts a load on the market.
func (c *Client) PostLoad(ctx context.Context, terms LoadTerms, opts ...Option) (Load, error) {
	return post[Load](ctx, c, "/v1/loads", terms, opts)
}

// Loads lists the organization's loads.
func (c *Client) Loads(ctx context.Context, l List) (Page[Load], error) {
	return get[Page[Load]](ctx, c, "/v1/loads", l.query(), nil)
}

// Load returns one load.
func (c *Client) Load(ctx context.Context, id string) (Load, error) {
	return get[Load](ctx, c, one("loads", id), nil, nil)
}

// EditLoad changes the version named of a posted load.
func (c *Client) EditLoad(ctx context.Context, id string, version int64, terms LoadTerms, opts ...Option) (Load, error) {
	return put[Load](ctx, c, one("loads", id), terms, append(opts, IfMatch(version)))
}

// WithdrawLoad takes a load back.
func (c *Client) WithdrawLoad(ctx context.Context, id string, opts ...Option) (Load, error) {
	return post[Load](ctx, c, one("loads", id, "withdraw"), nil, opts)
}

// RepostLoad puts a withdrawn, expired or lapsed load on the market again.
func (c *Client) RepostLoad(ctx context.Context, id string, terms LoadTerms, opts ...Option) (Load, error) {
	return post[Load](ctx, c, one("loads", id, "repost"), terms, opts)
}

// KeepLoad says that a load is still there; one that lapsed comes back to the market.
func (c *Client) KeepLoad(ctx context.Context, id string, opts ...Option) (Load, error) {
	return post[Load](ctx, c, one("loads", id, "keep"), nil, opts)
}

// Explanation tells why a load has no match.
func (c *Client) Explanation(ctx context.Context, load string) (Explanation, error) {
	return get[Explanation](ctx, c, one("loads", load, "explanation"), nil, nil)
}

// TripExplanation tells why a trip has no loads.
func (c *Client) TripExplanation(ctx context.Context, trip string) (TripExplanation, error) {
	return get[TripExplanation](ctx, c, one("trips", trip, "explanation"), nil, nil)
}

// AnnounceTrip opens a trip for matching.
func (c *Client) AnnounceTrip(ctx context.Context, terms TripTerms, opts ...Option) (Trip, error) {
	return post[Trip](ctx, c, "/v1/trips", terms, opts)
}

// Trips lists the organization's trips.
func (c *Client) Trips(ctx context.Context, l List) (Page[Trip], error) {
	return get[Page[Trip]](ctx, c, "/v1/trips", l.query(), nil)
}

// Trip returns one trip.
func (c *Client) Trip(ctx context.Context, id string) (Trip, error) {
	return get[Trip](ctx, c, one("trips", id), nil, nil)
}

// EditTrip changes the version named of a trip without bookings.
func (c *Client) EditTrip(ctx context.Context, id string, version int64, terms TripTerms, opts ...Option) (Trip, error) {
	return put[Trip](ctx, c, one("trips", id), terms, append(opts, IfMatch(version)))
}

// CancelTrip takes a trip back.
func (c *Client) CancelTrip(ctx context.Context, id string, opts ...Option) (Trip, error) {
	return post[Trip](ctx, c, one("trips", id, "cancel"), nil, opts)
}

// KeepTrip says that a trip is still true; one that lapsed takes loads again.
func (c *Client) KeepTrip(ctx context.Context, id string, opts ...Option) (Trip, error) {
	return post[Trip](ctx, c, one("trips", id, "keep"), nil, opts)
}

// RenewTrip announces a cancelled or lapsed trip anew.
func (c *Client) RenewTrip(ctx context.Context, id string, terms TripTerms, opts ...Option) (Trip, error) {
	return post[Trip](ctx, c, one("trips", id, "renew"), terms, opts)
}

// Vehicles lists the organization's vehicles.
func (c *Client) Vehicles(ctx context.Context, l List) (Page[Vehicle], error) {
	return get[Page[Vehicle]](ctx, c, "/v1/vehicles", l.query(), nil)
}

// Offers lists the offers in which the organization is a side.
func (c *Client) Offers(ctx context.Context, l List) (Page[Offer], error) {
	return get[Page[Offer]](ctx, c, "/v1/offers", l.query(), nil)
}

// Offer returns one offer.
func (c *Client) Offer(ctx context.Context, id string) (Offer, error) {
	return get[Offer](ctx, c, one("offers", id), nil, nil)
}

// Bids returns the prices that the two sides of an offer have named, the first first.
func (c *Client) Bids(ctx context.Context, offer string) ([]Bid, error) {
	list, err := get[bidList](ctx, c, one("offers", offer, "bids"), nil, nil)
	return list.Items, err
}

// SeeOffer notes that the operator has the offer on screen.
func (c *Client) SeeOffer(ctx context.Context, id string, opts ...Option) (Offer, error) {
	return post[Offer](ctx, c, one("offers", id, "seen"), nil, opts)
}

// ReceiveOffer notes that the offer has reached a device of the operator: its clock runs
// from then on.
func (c *Client) ReceiveOffer(ctx context.Context, id string, opts ...Option) (Offer, error) {
	return post[Offer](ctx, c, one("offers", id, "received"), nil, opts)
}

type answer struct {
	Version int64  `json:"version"`
	Reason  string `json:"reason,omitempty"`
}

// AcceptOffer books the load at terms no worse than those of the version named.
func (c *Client) AcceptOffer(ctx context.Context, id string, version int64, opts ...Option) (Booking, error) {
	return post[Booking](ctx, c, one("offers", id, "accept"), answer{Version: version}, opts)
}

// AcceptOverCeiling is a shipper's yes to a price above the ceiling that it stated.
func (c *Client) AcceptOverCeiling(ctx context.Context, id string, version int64, opts ...Option) (Booking, error) {
	return post[Booking](ctx, c, one("offers", id, "accept"), accepting{version, true}, opts)
}

type accepting struct {
	Version int64 `json:"version"`
	Over    bool  `json:"over_ceiling"`
}

// DeclineOffer refuses an offer; reason "" is "declined".
func (c *Client) DeclineOffer(ctx context.Context, id string, version int64, reason string, opts ...Option) (Offer, error) {
	return post[Offer](ctx, c, one("offers", id, "decline"), answer{version, reason}, opts)
}

// CounterOffer names another price for the version shown. sure says that an amount far from
// the one shown is meant, over that a shipper pays more than its ceiling.
func (c *Client) CounterOffer(ctx context.Context, id string, version, priceFen int64, sure, over bool, opts ...Option) (Offer, error) {
	return post[Offer](ctx, c, one("offers", id, "counter"), counter{version, priceFen, sure, over}, opts)
}

// Bundles lists what was put before the organization together.
func (c *Client) Bundles(ctx context.Context, l List) (Page[Bundle], error) {
	return get[Page[Bundle]](ctx, c, "/v1/bundles", l.query(), nil)
}

// Bundle returns one bundle.
func (c *Client) Bundle(ctx context.Context, id string) (Bundle, error) {
	return get[Bundle](ctx, c, one("bundles", id), nil, nil)
}

// AcceptBundle books the offers named of a bundle, the whole where none is, or nothing.
func (c *Client) AcceptBundle(ctx context.Context, id string, version int64, lines []string, opts ...Option) (Bundle, error) {
	return post[Bundle](ctx, c, one("bundles", id, "accept"), lined{version, lines}, opts)
}

// DeclineBundle refuses the offers named of a bundle, the whole where none is; reason ""
// is "declined".
func (c *Client) DeclineBundle(ctx context.Context, id string, version int64, lines []string, reason string, opts ...Option) (Bundle, error) {
	return post[Bundle](ctx, c, one("bundles", id, "decline"), dropping{lined{version, lines}, reason}, opts)
}

type lined struct {
	Version int64    `json:"version"`
	Lines   []string `json:"lines,omitempty"`
}

type dropping struct {
	lined
	Reason string `json:"reason,omitempty"`
}

type counter struct {
	Version  int64 `json:"version"`
	PriceFen int64 `json:"price_fen"`
	Sure     bool  `json:"sure,omitempty"`
	Over     bool  `json:"over_ceiling,omitempty"`
}

// Bookings lists the bookings in which the organization is a side.
func (c *Client) Bookings(ctx context.Context, l List) (Page[Booking], error) {
	return get[Page[Booking]](ctx, c, "/v1/bookings", l.query(), nil)
}

// Booking returns one booking.
func (c *Client) Booking(ctx context.Context, id string) (Booking, error) {
	return get[Booking](ctx, c, one("bookings", id), nil, nil)
}

// ConfirmBooking makes a held booking firm; version 0 is whatever there is.
func (c *Client) ConfirmBooking(ctx context.Context, id string, version int64, opts ...Option) (Booking, error) {
	return post[Booking](ctx, c, one("bookings", id, "confirm"), optional{Version: version}, opts)
}

// RefuseBooking lets a held booking go; version 0 is whatever there is, reason "" is "declined".
func (c *Client) RefuseBooking(ctx context.Context, id string, version int64, reason string, opts ...Option) (Booking, error) {
	return post[Booking](ctx, c, one("bookings", id, "refuse"), optional{version, reason}, opts)
}

type optional struct {
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// TellPositions tells where the truck of a trip was, up to 300 positions in any order.
func (c *Client) TellPositions(ctx context.Context, trip string, positions []Position, opts ...Option) (Told, error) {
	return post[Told](ctx, c, one("trips", trip, "positions"), reported{positions}, opts)
}

type reported struct {
	Positions []Position `json:"positions"`
}

// Whereabouts tells where the truck of a firm booking was heard of last; its Position is
// nil while it has told nothing.
func (c *Client) Whereabouts(ctx context.Context, booking string) (Whereabouts, error) {
	return get[Whereabouts](ctx, c, one("bookings", booking, "position"), nil, nil)
}

// BoardLoads lists the market's open loads, masked.
func (c *Client) BoardLoads(ctx context.Context, l List) (Page[Load], error) {
	return get[Page[Load]](ctx, c, "/v1/board/loads", l.query(), nil)
}

// BoardTrips lists the market's open trips, masked.
func (c *Client) BoardTrips(ctx context.Context, l List) (Page[Trip], error) {
	return get[Page[Trip]](ctx, c, "/v1/board/trips", l.query(), nil)
}

// Unanswered lists the market's loads without a deal, oldest first, for its desk.
func (c *Client) Unanswered(ctx context.Context, l List) (Page[Load], error) {
	return get[Page[Load]](ctx, c, "/v1/desk/unanswered", l.query(), nil)
}

// Events lists what happened after the cursor.
func (c *Client) Events(ctx context.Context, after string, limit int) (EventPage, error) {
	return get[EventPage](ctx, c, "/v1/events", List{After: after, Limit: limit}.query(), nil)
}

// Places finds towns by a part of their name, in Han, pinyin or initials.
func (c *Client) Places(ctx context.Context, name string, limit int) ([]Spot, error) {
	q := List{Limit: limit}.query()
	q.Set("q", name)
	page, err := get[Page[Spot]](ctx, c, "/v1/places", q, nil)
	return page.Items, err
}
