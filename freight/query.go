package freight

// Scope limits a read to what the asker may see: the rows of one organization,
// or every row of the market for its desk.
type Scope struct {
	Market ID
	Org    ID
	Desk   bool
}

// ScopeOf returns the scope of a principal.
func ScopeOf(p Principal) Scope {
	return Scope{Market: p.Market, Org: p.Org, Desk: p.OrgKind == OrgDesk}
}

// Query asks for one page of rows, newest first.
type Query struct {
	Scope
	State string // "" for all; "open" for offers that can be answered
	After ID     // the last id of the previous page, "" for the first
	Limit int    // 1..200

	From, To Instant // of bookings: picked up from then on and before, as booked; 0 for any time
}

// Page is rows of one read transaction and the market's last event number in
// that same transaction, so that a subscription from Seq misses nothing.
type Page[T any] struct {
	Rows []T
	Next ID // pass as After for the next page, "" at the end
	Seq  int64
}

// Deal is an offer or a booking with both sides of it, for a reader who is one
// of them; the view decides what of it each side sees. Offer or Booking is nil
// where the deal has none.
type Deal struct {
	Offer   *Offer
	Booking *Booking
	Load    Load
	Trip    Trip
	Shipper Org
	Carrier Org
}

// Sharing is who pays how much of what the carrier of a trip gets, without names.
type Sharing struct {
	Booking Booking // the reader's
	Due     Fen     // what the carrier gets
	Fees    Fen     // of it, owed by those who have left
	Shares  []Fen   // of those who ride, the largest first
}

// TicketQuery asks for one page of tickets, newest first.
type TicketQuery struct {
	Query
	Load  ID // "" for any
	Owner ID // user, "" for any
}
