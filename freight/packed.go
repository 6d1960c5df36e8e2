package freight

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unique"
)

// PackedTrip is a trip in few bytes, for whoever keeps many: what it has in common with
// others is kept once for all, the rest stands in one piece of memory, in which whatever
// follows from something else takes a bit. A trip of three stops takes some 150 bytes
// where a Trip takes 1,600. It is immutable, and the zero PackedTrip is none.
type PackedTrip struct {
	common unique.Handle[common]
	text   string
	rare   *rare
}

// common is what many trips have alike.
type common struct {
	market  ID
	state   TripState
	roaming bool
	bookNow bool
	router  Router
	vehicle VehicleTerms // but for the number of its plate
	duty    Duty
}

// rare is what few trips have.
type rare struct {
	chain *Chain
	tie   *Tie
	road  *Road
}

// Pack packs a trip. What its Chain, Tie and Road point to must not be changed any more.
func (t *Trip) Pack() PackedTrip {
	p := PackedTrip{}
	if t.Chain != nil || t.Tie != nil || t.Road != nil {
		p.rare = &rare{t.Chain, t.Tie, t.Road}
	}
	c := common{market: t.Market, state: t.State, roaming: t.Roaming, bookNow: t.BookNow, router: t.Router, vehicle: t.Vehicle, duty: t.Duty}
	c.vehicle.Plate.Number = ""
	p.common = unique.Make(c)
	var few [512]byte
	p.text = string(t.write(few[:0]))
	return p
}

// ID is the trip's id.
func (p *PackedTrip) ID() ID {
	in := scanner{text: p.text}
	return ID(in.word())
}

// Router is the trip's.
func (p *PackedTrip) Router() Router { return p.common.Value().router }

// Unpack returns the trip as it was packed.
func (p *PackedTrip) Unpack() *Trip {
	t := new(Trip)
	p.UnpackTo(t)
	return t
}

// UnpackTo makes t the trip as it was packed, in the memory of its stops, rooms and
// calls where that is enough. Its Chain, Tie and Road are those of the packed one.
func (p *PackedTrip) UnpackTo(t *Trip) {
	stops, rooms, plan := t.Stops, t.Rooms, t.Plan
	c := p.common.Value()
	*t = Trip{}
	t.Market, t.State, t.Roaming, t.BookNow, t.Router, t.Vehicle, t.Duty = c.market, c.state, c.roaming, c.bookNow, c.router, c.vehicle, c.duty
	if p.rare != nil {
		t.Chain, t.Tie, t.Road = p.rare.chain, p.rare.tie, p.rare.road
	}
	in := scanner{text: p.text}
	t.ID = ID(in.word())
	numbers, words := t.numbers(), t.words()
	for m := in.number(); m != 0; m &= m - 1 {
		if k := bits.TrailingZeros64(m); k < len(numbers) {
			*numbers[k] = in.signed()
		} else {
			*words[k-len(numbers)] = in.word()
		}
	}
	t.Stops = room(stops, in.number())
	at := t.Made
	for i := range t.Stops {
		at = in.stop(&t.Stops[i], at)
	}
	t.Rooms = room(rooms, in.number())
	for i := range t.Rooms {
		t.Rooms[i] = in.room()
	}
	t.Plan = room(plan, in.number())
	for i := range t.Plan {
		in.call(t, i)
	}
}

// room is memory for a list whose length was written as listed says.
func room[T any](old []T, listed uint64) []T {
	if listed == 0 {
		return nil
	}
	n := int(listed - 1)
	if cap(old) < n || old == nil {
		return make([]T, n)
	}
	return old[:n]
}

// listed is the length of a list, counted from 1; 0 for none.
func listed[T any](list []T) uint64 {
	if list == nil {
		return 0
	}
	return uint64(len(list)) + 1
}

// numbers and words are the parts of a trip that are written one by one where they are
// not zero. A packed trip has them in this order, and its id before them.
func (t *Trip) numbers() [25]*int64 {
	return [...]*int64{
		&t.Version, (*int64)(&t.Made), (*int64)(&t.Changed), &t.Stated, (*int64)(&t.Opened), (*int64)(&t.Answer),
		&t.DirectM, &t.DirectS, (*int64)(&t.Due), (*int64)(&t.Cover), (*int64)(&t.Short), (*int64)(&t.Horizon),
		&t.Limits.DetourM, &t.Limits.DetourS, &t.Limits.ExtraStops, (*int64)(&t.Least), (*int64)(&t.Lease),
		(*int64)(&t.Word.Until), (*int64)(&t.Word.Ask), (*int64)(&t.Word.Asked),
		(*int64)(&t.Again.Until), (*int64)(&t.Again.Ask), (*int64)(&t.Again.Asked), (*int64)(&t.Again.Said), (*int64)(&t.Again.Silent),
	}
}

func (t *Trip) words() [6]*string {
	return [...]*string{(*string)(&t.Org), (*string)(&t.Actor), (*string)(&t.Behalf), &t.Ref, (*string)(&t.VehicleID), &t.Vehicle.Plate.Number}
}

// write appends everything that is not common.
func (t *Trip) write(text []byte) []byte {
	out := printer(text)
	out.word(string(t.ID))
	numbers, words, m := t.numbers(), t.words(), uint64(0)
	for k, n := range numbers {
		if *n != 0 {
			m |= 1 << k
		}
	}
	for k, s := range words {
		if *s != "" {
			m |= 1 << (len(numbers) + k)
		}
	}
	out.number(m)
	for ; m != 0; m &= m - 1 {
		if k := bits.TrailingZeros64(m); k < len(numbers) {
			out.signed(*numbers[k])
		} else {
			out.word(*words[k-len(numbers)])
		}
	}
	out.number(listed(t.Stops))
	at := t.Made
	for i := range t.Stops {
		at = out.stop(&t.Stops[i], at)
	}
	out.number(listed(t.Rooms))
	for i := range t.Rooms {
		out.room(&t.Rooms[i])
	}
	out.number(listed(t.Plan))
	for i := range t.Plan {
		out.call(t, i)
	}
	return out
}

// printer writes what a scanner reads.
type printer []byte

func (p *printer) number(n uint64) { *p = binary.AppendUvarint(*p, n) }
func (p *printer) signed(n int64)  { p.number(uint64(n<<1) ^ uint64(n>>63)) }

// round is a number that most often is so many thousands.
func (p *printer) round(n int64) {
	q, rest := n/1000, n%1000
	zigzag := uint64(q<<1) ^ uint64(q>>63)
	if rest == 0 {
		p.number(zigzag << 1)
		return
	}
	p.number(zigzag<<1 | 1)
	p.signed(rest)
}

func (p *printer) word(s string) {
	p.number(uint64(len(s)))
	*p = append(*p, s...)
}

func (p *printer) point(at Point) {
	*p = binary.LittleEndian.AppendUint32(*p, uint32(at.LatE7))
	*p = binary.LittleEndian.AppendUint32(*p, uint32(at.LngE7))
}

func (p *printer) room(r *Room) {
	p.round(r.Grams)
	p.round(r.Millilitres)
	p.signed(r.FloorMM)
}

// scanner reads a text that a printer wrote.
type scanner struct {
	text string
	at   int
}

func (s *scanner) number() uint64 {
	if b := s.text[s.at]; b < 0x80 {
		s.at++
		return uint64(b)
	}
	return s.long()
}

// long is a number of more than seven bits.
func (s *scanner) long() (n uint64) {
	for shift := 0; ; shift += 7 {
		b := s.text[s.at]
		s.at++
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (s *scanner) signed() int64 { return signed(s.number()) }

func signed(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

func (s *scanner) round() int64 {
	n := s.number()
	q := signed(n>>1) * 1000
	if n&1 != 0 {
		q += s.signed()
	}
	return q
}

func (s *scanner) word() string {
	n := int(s.number())
	s.at += n
	return s.text[s.at-n : s.at]
}

func (s *scanner) point() Point {
	b := s.text[s.at : s.at+8]
	s.at += 8
	return Point{
		LatE7: int32(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24),
		LngE7: int32(uint32(b[4]) | uint32(b[5])<<8 | uint32(b[6])<<16 | uint32(b[7])<<24),
	}
}

func (s *scanner) room() Room {
	return Room{Grams: s.round(), Millilitres: s.round(), FloorMM: s.signed()}
}

// kinds are those of calls, by the number they are written as; 0 stands for another.
var kinds = [...]CallKind{"", CallStart, CallVia, CallPickup, CallDelivery, CallEnd, CallHere}

func (p *printer) kind(k CallKind) {
	n := max(slices.Index(kinds[1:], k)+1, 0)
	*p = append(*p, byte(n))
	if n == 0 {
		p.word(string(k))
	}
}

func (s *scanner) kind() CallKind {
	n := s.text[s.at]
	s.at++
	if n == 0 {
		return CallKind(s.word())
	}
	return kinds[n]
}
