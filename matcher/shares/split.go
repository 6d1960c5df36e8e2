package shares

import (
	"cmp"
	"math/bits"
	"slices"

	"pinhuo/freight"
)

// Rider is one who pays for the truck: at the most Ceiling, at present Share, fen.
type Rider struct {
	ID      freight.ID
	Ceiling freight.Fen
	Share   freight.Fen
}

// Split is who pays how much of a truck. The shares and the fees sum to Due, which
// is what the carrier gets. Values are immutable: every change makes a new one.
type Split struct {
	Due    freight.Fen
	Fees   freight.Fen // paid by those who have left
	Riders []Rider     // in the order in which they came
}

// Member is one of a set that wants to set out together: Floor is the cost that it
// alone causes, what the truck would cost less without it, in fen.
type Member struct {
	ID      freight.ID
	Floor   freight.Fen
	Ceiling freight.Fen
}

// Possible tells whether a truck that costs due can be divided among the members:
// together they carry it, and nobody causes more than his ceiling.
func Possible(due freight.Fen, members []Member) bool {
	if due < 0 || len(members) == 0 {
		return false
	}
	var most freight.Fen
	for _, m := range members {
		if m.Floor > m.Ceiling || m.Ceiling < 0 {
			return false
		}
		most += m.Ceiling
	}
	return due <= most
}

// Found divides a truck that costs due among members who set out together. Each
// pays its floor and the same part of the room from there to its ceiling; where the
// floors alone are more than is due, each pays the same part of its floor. A set
// that is not Possible is refused with a Conflict of ReasonPrice.
func Found(due freight.Fen, members []Member) (Split, error) {
	if !Possible(due, members) {
		return Split{}, tooDear("due", due)
	}
	s := Split{Due: due, Riders: make([]Rider, len(members))}
	room, left := make([]part, len(members)), due
	for i, m := range members {
		floor := max(m.Floor, 0)
		s.Riders[i] = Rider{ID: m.ID, Ceiling: m.Ceiling, Share: floor}
		room[i] = part{id: m.ID, weight: m.Ceiling - floor}
		left -= floor
	}
	if left < 0 {
		for i := range room {
			room[i].weight, s.Riders[i].Share = s.Riders[i].Share, 0
		}
		left = due
	}
	divide(left, room)
	for i := range room {
		s.Riders[i].Share += room[i].gets
	}
	return s, nil
}

// Join adds a rider with whom the truck costs due. He pays the part of it that his
// ceiling is of all ceilings, but no less than he causes and no more than his
// ceiling; what that leaves over lowers the others in proportion to what they pay.
// One who causes more than his ceiling is refused with a Conflict of ReasonPrice,
// one who rides already with a state Conflict.
func (s Split) Join(id freight.ID, ceiling, due freight.Fen) (Split, error) {
	causes := due - s.Due
	if causes > ceiling || ceiling < 0 || due < s.Fees {
		return s, tooDear("ceiling", ceiling)
	}
	if s.find(id) >= 0 {
		return s, freight.Refuse(freight.ProblemState, "rider", string(id))
	}
	toPay := due - s.Fees
	all := ceiling
	for _, r := range s.Riders {
		all += r.Ceiling
	}
	pays, over := muldiv(toPay, ceiling, all)
	if over > 0 {
		pays++
	}
	pays = min(max(pays, causes, 0), ceiling)
	next := s.lowered(pays - causes)
	next.Due = due
	next.Riders = append(next.Riders, Rider{ID: id, Ceiling: ceiling, Share: pays})
	return next, nil
}

// Parting is what a withdrawal comes to, in fen: what the one who leaves owes by
// the fee table, and what is short all the same, to which the carrier has to agree.
type Parting struct {
	Owes  freight.Fen
	Short freight.Fen
}

// Leave takes a rider out, without whom the truck costs due; fee is the most that
// the fee table lets him owe. Nobody else's share rises: where those who stay pay
// more than is due now, they pay less; where they pay less, the one who leaves owes
// the shortfall up to his fee, and the carrier is asked to do without the rest. The
// split's Due is then what he gets if he agrees. One who does not ride is refused
// with a not_found.
func (s Split) Leave(id freight.ID, due, fee freight.Fen) (Split, Parting, error) {
	at := s.find(id)
	if at < 0 {
		return s, Parting{}, freight.Missing("rider", id)
	}
	next := Split{Due: max(due, s.Fees), Fees: s.Fees, Riders: slices.Delete(slices.Clone(s.Riders), at, at+1)}
	lack := next.Due - next.Fees
	for _, r := range next.Riders {
		lack -= r.Share
	}
	if lack <= 0 {
		lowered := next.lowered(-lack)
		lowered.Due = next.Due
		return lowered, Parting{}, nil
	}
	p := Parting{Owes: min(lack, max(fee, 0))}
	p.Short = lack - p.Owes
	next.Fees += p.Owes
	next.Due -= p.Short
	return next, p, nil
}

// Of returns what a rider pays; false for one who does not ride.
func (s Split) Of(id freight.ID) (freight.Fen, bool) {
	if at := s.find(id); at >= 0 {
		return s.Riders[at].Share, true
	}
	return 0, false
}

func (s Split) find(id freight.ID) int {
	return slices.IndexFunc(s.Riders, func(r Rider) bool { return r.ID == id })
}

// lowered takes an amount off the riders in proportion to what they pay; it is no
// more than all of them pay.
func (s Split) lowered(by freight.Fen) Split {
	parts := make([]part, len(s.Riders))
	for i, r := range s.Riders {
		parts[i] = part{id: r.ID, weight: r.Share}
	}
	divide(by, parts)
	next := Split{Due: s.Due - by, Fees: s.Fees, Riders: slices.Clone(s.Riders)}
	for i := range parts {
		next.Riders[i].Share -= parts[i].gets
	}
	return next
}

// part is one of those among whom an amount is divided.
type part struct {
	id     freight.ID
	weight freight.Fen // 0 or more
	gets   freight.Fen
	over   uint64 // remainder of the division
}

// divide gives every part its portion of an amount that is no more than the sum of
// the weights; nobody gets more than his weight. What rounding leaves goes to the
// largest remainders, ties to the smaller id.
func divide(amount freight.Fen, parts []part) {
	var all freight.Fen
	for _, p := range parts {
		all += p.weight
	}
	left := amount
	order := make([]int, len(parts))
	for i := range parts {
		parts[i].gets, parts[i].over = muldiv(amount, parts[i].weight, all)
		left -= parts[i].gets
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(parts[b].over, parts[a].over), cmp.Compare(parts[a].id, parts[b].id))
	})
	for i := 0; left > 0; i++ {
		parts[order[i]].gets++
		left--
	}
}

// muldiv returns a × b / c and the remainder, 0 where c is 0. None is negative, and
// b is no more than c.
func muldiv(a, b, c freight.Fen) (freight.Fen, uint64) {
	if c == 0 {
		return 0, 0
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	quotient, over := bits.Div64(hi, lo, uint64(c))
	return freight.Fen(quotient), over
}

func tooDear(field string, amount freight.Fen) *freight.Error {
	e := freight.Refuse(freight.ProblemUnfit, field, amount.String())
	e.Reason = freight.ReasonPrice
	return e
}
