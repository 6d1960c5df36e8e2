package api

import (
	"context"
	"net/http"

	"pinhuo/freight"
)

// Exchange changes the market. It is the only way to write.
type Exchange interface {
	// Do carries out the command and returns when it is committed. A command
	// whose idempotency key was used before gets the first answer again. Errors
	// are *freight.Error.
	Do(ctx context.Context, command freight.Command) (freight.Result, error)
	// Refused puts an act into the log of acts that was refused before it was brought to
	// Do. It returns when that is done; what cannot be written is counted.
	Refused(ctx context.Context, command freight.Command, refusal error)
}

// Reader reads committed rows. The number beside a row is the market's last
// event in the same read transaction. What does not exist and what the scope
// does not show are the same error, freight.Missing.
type Reader interface {
	// Head returns the number of the market's last event.
	Head(ctx context.Context, market freight.ID) (int64, error)
	// Load returns one load of the scope.
	Load(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Load, int64, error)
	// Loads returns a page of the scope's loads, newest first.
	Loads(ctx context.Context, q freight.Query) (freight.Page[freight.Load], error)
	// Trip returns one trip of the scope.
	Trip(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Trip, int64, error)
	// Trips returns a page of the scope's trips, newest first.
	Trips(ctx context.Context, q freight.Query) (freight.Page[freight.Trip], error)
	// Vehicles returns a page of the scope's vehicles, newest first.
	Vehicles(ctx context.Context, q freight.Query) (freight.Page[freight.Vehicle], error)
	// Offer returns one offer that the scope is a side of.
	Offer(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Deal, int64, error)
	// Offers returns a page of the offers that the scope is a side of.
	Offers(ctx context.Context, q freight.Query) (freight.Page[freight.Deal], error)
	// Bundle returns one bundle of offers that was put before the scope.
	Bundle(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Bundle, int64, error)
	// Bids returns the prices that were named for an offer that the scope is a side of,
	// the first first.
	Bids(ctx context.Context, scope freight.Scope, offer freight.ID) ([]freight.Bid, int64, error)
	// Bundles returns a page of the bundles that were put before the scope.
	Bundles(ctx context.Context, q freight.Query) (freight.Page[freight.Bundle], error)
	// Booking returns one booking that the scope is a side of.
	Booking(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Deal, int64, error)
	// Sharing returns who pays how much of the trip of a booking that the scope is a
	// side of.
	Sharing(ctx context.Context, scope freight.Scope, booking freight.ID) (freight.Sharing, int64, error)
	// Bookings returns a page of the bookings that the scope is a side of, picked up
	// between two instants where the query names them.
	Bookings(ctx context.Context, q freight.Query) (freight.Page[freight.Deal], error)
	// Pool returns one pool that concerns the scope: a shipper's with a load in it, an
	// operator's that was tendered.
	Pool(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Company, int64, error)
	// Pools returns a page of the pools that the scope has a load in, may take or took.
	Pools(ctx context.Context, q freight.Query) (freight.Page[freight.Company], error)
	// Preference returns what the organization of the scope says about asking, the zero
	// Preference where it says nothing.
	Preference(ctx context.Context, scope freight.Scope) (freight.Preference, int64, error)
	// BoardLoads returns a page of the market's open loads, whoever posted them.
	BoardLoads(ctx context.Context, q freight.Query) (freight.Page[freight.Load], error)
	// BoardTrips returns a page of the market's open trips, whoever announced them.
	BoardTrips(ctx context.Context, q freight.Query) (freight.Page[freight.Trip], error)
	// Unanswered returns a page of the market's loads that wait for the desk,
	// oldest first.
	Unanswered(ctx context.Context, market, after freight.ID, limit int) (freight.Page[freight.Load], error)
	// Explanation returns the last explanation of a load of the scope, nil when
	// it has none.
	Explanation(ctx context.Context, scope freight.Scope, load freight.ID) (*freight.Explanation, error)
	// TripExplanation returns the last explanation of a trip of the scope, nil when
	// it has none.
	TripExplanation(ctx context.Context, scope freight.Scope, trip freight.ID) (*freight.TripExplanation, error)
	// Homeward returns one trip of the scope with the loads that it could carry home.
	Homeward(ctx context.Context, scope freight.Scope, trip freight.ID) (freight.Homeward, int64, error)
	// Tallies returns what was counted of the organization of the scope, by day.
	Tallies(ctx context.Context, scope freight.Scope) (freight.Page[freight.Tally], error)
	// Events returns the audience's events after a number, ascending, and the
	// market's last number.
	Events(ctx context.Context, market, audience freight.ID, after int64, limit int) ([]freight.Event, int64, error)
	// Deeds returns a page of the log of acts that the scope may read, newest first.
	Deeds(ctx context.Context, q freight.DeedQuery) (freight.Page[freight.Deed], error)
	// DeedHead returns where the market's log of acts ends.
	DeedHead(ctx context.Context, market freight.ID) (freight.DeedHead, error)
	// Markets lists the markets.
	Markets(ctx context.Context) ([]freight.Market, error)
	// Org returns one organization.
	Org(ctx context.Context, id freight.ID) (freight.Org, error)
	// Parties returns organizations by id, as far as there are such.
	Parties(ctx context.Context, ids ...freight.ID) (map[freight.ID]freight.Org, error)
}

// Gate knows who is asking. Errors are *freight.Error.
type Gate interface {
	// Authenticate returns the principal behind the session cookie or the
	// bearer token of the request.
	Authenticate(ctx context.Context, r *http.Request) (freight.Principal, error)
	// SignIn turns a one-time link into a session: the secret of its cookie and
	// the instant at which it ends.
	SignIn(ctx context.Context, link string) (secret string, p freight.Principal, expires freight.Instant, err error)
	// SignOut ends the principal's session.
	SignOut(ctx context.Context, p freight.Principal) error
}

// Cursors seals positions in the history of a market's events, one
// organization's unreadable to another.
type Cursors interface {
	// Seal writes the position after event seq for an organization; equal
	// arguments give equal texts.
	Seal(market, org freight.ID, seq int64) string
	// Open reads a position; a *freight.Error with ProblemCursor when it is not
	// of this organization and database.
	Open(market, org freight.ID, cursor string) (int64, error)
}

// Stream turns requests into sockets.
type Stream interface {
	// Serve goes on with the socket after it has returned nil; an error means
	// that nothing has been written.
	Serve(w http.ResponseWriter, r *http.Request, p freight.Principal) error
	// Refuse tells a request without valid credentials so by a close code; an
	// error means that nothing has been written.
	Refuse(w http.ResponseWriter, r *http.Request, refusal error) error
}

// Town is an answer of the town picker.
type Town struct {
	ID       string
	Kind     string // province, prefecture, county, town, village, city or country
	Name     string // in Han where known
	Full     string // with its rank
	Latin    string
	Parent   string // the larger units, the largest first
	Point    freight.Point
	Bookable bool // Point is its own, not that of a larger unit
}

// Towns finds towns by name and by point. Errors are *freight.Error.
type Towns interface {
	// Search returns at most limit towns for what was typed, Han or Latin,
	// those near the point first when it is not nil.
	Search(text string, near *freight.Point, limit int) ([]Town, error)
	// At returns the town at a point and the units it belongs to, the smallest
	// first.
	At(p freight.Point) ([]Town, error)
	// Rough tells whether a town of the name is only known to lie somewhere around
	// the point, which is that of a larger unit.
	Rough(town string, p freight.Point) bool
	// Reads tells whether what was typed may mean a name: a part of it, or the
	// beginning of its pinyin or of its initials.
	Reads(name, text string) bool
}

// Check is a part of the server that must be ready before requests come.
type Check struct {
	Name  string
	Ready func(ctx context.Context) error // the error is logged, never sent
}
