package freight

// Tally is what is counted of one organization on one day (of UTC).
type Tally struct {
	Market    ID      `json:"market"`
	Org       ID      `json:"org"`
	Day       Instant `json:"day"` // its beginning
	Asked     int64   `json:"asked,omitempty"`
	Answered  int64   `json:"answered,omitempty"`
	Owed      int64   `json:"owed,omitempty"`
	Kept      int64   `json:"kept,omitempty"`
	Lapsed    int64   `json:"lapsed,omitempty"`
	Cancelled int64   `json:"cancelled,omitempty"`

	AskedAgain  int64 `json:"asked_again,omitempty"`
	Reconfirmed int64 `json:"reconfirmed,omitempty"`
}

// Record is how an organization has kept its word over the last RecordSpan: so many of so
// many. The zero Record is that of a new one.
type Record struct {
	Asked    int64 `json:"asked"`    // offers that reached it and were ended by an answer or by their clock
	Answered int64 `json:"answered"` // of those, by an answer, also a no
	Owed     int64 `json:"owed"`     // bookings that rode to the end of their trip, or that it took back
	Kept     int64 `json:"kept"`     // of those, not taken back

	AskedAgain  int64 `json:"asked_again"` // trips with bookings before which it was asked whether it drives, but for those that it took back then
	Reconfirmed int64 `json:"reconfirmed"` // of those, it said so in time
}

// RecordSpan is for how long a day counts in a Record.
const RecordSpan = 90 * Day

// DayOf returns the beginning of the day (of UTC) that the instant lies in.
func DayOf(at Instant) Instant { return at - at%Day }

// Plus returns the tally with what another counts added.
func (t Tally) Plus(o Tally) Tally {
	t.Asked, t.Answered, t.Owed, t.Kept = t.Asked+o.Asked, t.Answered+o.Answered, t.Owed+o.Owed, t.Kept+o.Kept
	t.Lapsed, t.Cancelled = t.Lapsed+o.Lapsed, t.Cancelled+o.Cancelled
	t.AskedAgain, t.Reconfirmed = t.AskedAgain+o.AskedAgain, t.Reconfirmed+o.Reconfirmed
	return t
}

// New tells whether nothing has been counted yet.
func (r *Record) New() bool { return r.Asked == 0 && r.Owed == 0 && r.AskedAgain == 0 }

// Ended tells what the end of an offer counts for its operator: nothing where the offer
// never reached him, was taken back, or nobody had asked him.
func (o *Offer) Ended() Tally {
	if o.Taken != "" {
		return Tally{}
	}
	switch o.State {
	case OfferAccepted, OfferDeclined:
		return Tally{Asked: 1, Answered: 1}
	case OfferExpired:
		if o.Counter != 0 && o.By == SideCarrier {
			return Tally{Asked: 1, Answered: 1} // it was the shipper who was silent
		}
		if o.Latest == 0 || o.Received != 0 {
			return Tally{Asked: 1}
		}
	}
	return Tally{}
}
