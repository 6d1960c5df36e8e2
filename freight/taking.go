package freight

// BookNow takes a load for a trip at once, as the one who sees the other on the board: a
// carrier a load for a trip of its own, a shipper room on a trip for a load of its own,
// where the operator lets it. It names what the quote read and showed: it is booked at
// terms no worse, or refused.
type BookNow struct {
	Load, Trip               ID
	LoadVersion, TripVersion int64
	Price                    Fen // shown: the least a carrier gets, the most a shipper pays
	DetourM, DetourS         int64
}

func (a BookNow) act() Naming { return Naming{"book_now", a.Load, a.LoadVersion} }

// AskQuote asks what taking a load for a trip would mean now. Org has one of them.
type AskQuote struct{ Org, Load, Trip ID }

// Quote is what taking a load for a trip would mean at an instant.
type Quote struct {
	Load, Trip               ID
	LoadVersion, TripVersion int64
	At                       Instant
	Terms                    // those of Fits, or of the offer that is before the asker; zero where the load does not fit
	Router                   Router
	Offer                    ID     // that is before the asker already: taking is to accept it; "" for none
	Looks                    bool   // the shipper looks first: it would be held for it
	Bar                      *Error // why not, nil where it may be taken
	By                       int64  // by how much it does not fit, with its unit
	Unit                     string
}

// MaxExclusiveS bounds for how long a shipper has operators asked one at a time.
const MaxExclusiveS = 24 * 3600

// EventOfferTaken tells both sides that one of them has taken what it saw on the board.
const EventOfferTaken EventType = "pinhuo.offer.taken"

// Worse tells whether terms are worse for a side than those it was shown: a carrier would
// get less or drive farther, a shipper pay more.
func (a *BookNow) Worse(side Side, now *Terms) bool {
	if side == SideShipper {
		return now.Price > a.Price
	}
	return now.Price < a.Price || now.DetourM > a.DetourM || now.DetourS > a.DetourS
}
