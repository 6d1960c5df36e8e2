package freight

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is admitted. They keep every sum far inside 64 bits.
const (
	MaxGrams       = 100_000_000 // 100 t
	MaxMillilitres = 200_000_000 // 200 m³
	MaxFloorMM     = 30_000      // 30 m
	MaxPieceMM     = 20_000      // 20 m
	MaxPieces      = 10_000      // handling units in one load
	MaxPieceLines  = 50
	MaxServiceS    = 86_400
	MaxFen         = 1_000_000_000 // CNY 10 million
	MaxStops       = 30            // own stops of a trip
	MaxAhead       = 90 * Day      // how far ahead a window may lie
	MaxText        = 200           // runes in an address or a description
	MaxRef         = 64            // runes in a reference
)

// Admission judges requests against a market at an instant. It is the one place
// that says what is admitted; the API and a replay both go through it.
type Admission struct {
	Market Market
	Now    Instant
	Bans   *BanMap // where trucks may not be; nil for nowhere
	faults Faults
}

// Load checks what a shipper states and fills in what follows from it: volume
// and floor from the pieces, windows narrowed to whole seconds. It returns every
// fault at once as an Invalid error.
func (a *Admission) Load(t LoadTerms) (LoadTerms, error) {
	a.text("ref", "", t.Ref, MaxRef, false)
	a.text("goods", "", t.Goods, MaxText, true)
	t.Pickup.Window, t.Delivery.Window = t.Pickup.Window.Whole(), t.Delivery.Window.Whole()
	a.stop("pickup", t.Pickup)
	a.stop("delivery", t.Delivery)
	a.gate("pickup", &t.Pickup)
	a.gate("delivery", &t.Delivery)
	a.banned(&t.Pickup)
	a.banned(&t.Delivery)
	if t.Delivery.Window.Close <= t.Pickup.Window.Open {
		a.bad("delivery.window.close", ProblemWindow, t.Delivery.Window.Close.String())
	}
	if t.Pickup.Place.Point == t.Delivery.Place.Point {
		a.bad("delivery.place.point", ProblemSplit, t.Delivery.Place.Town)
	}
	t.Size = a.size(t.Size)
	t.Care.Food = t.Care.Food || t.Needs.Has(CapFoodSafe)
	a.care(t.Care)
	a.between("ceiling", "", int64(t.Ceiling), 0, MaxFen, "fen")
	a.between("exclusive_s", "", t.ExclusiveS, 0, MaxExclusiveS, "s")
	if t.AnswerBy != 0 && t.AnswerBy <= a.Now {
		a.bad("answer_by", ProblemPast, t.AnswerBy.String())
	}
	if t.AnswerBy > t.Pickup.Window.Close {
		a.late("answer_by", t.AnswerBy, t.Pickup.Window.Close)
	}
	return t, a.faults.Err()
}

// AnswerBy is the default instant by which a load is answered: two hours before
// its pickup closes, at least 30 minutes after posting.
func AnswerBy(pickupCloses, posted Instant) Instant {
	return max(pickupCloses-2*Hour, posted+30*Minute)
}

// Trip checks what an operator states and fills in the default lease. It
// returns every fault at once as an Invalid error.
func (a *Admission) Trip(t TripTerms) (TripTerms, error) {
	a.text("ref", "", t.Ref, MaxRef, false)
	t.Vehicle.Plate.Number = PlateNumber(t.Vehicle.Plate.Number)
	a.vehicle(t.Vehicle)
	t.Stops, t.Rooms = append([]Stop(nil), t.Stops...), append([]Room(nil), t.Rooms...)
	least, most := 2, MaxStops
	if t.Roaming {
		least, most = 1, 2
	}
	if len(t.Stops) < least || len(t.Stops) > most {
		a.between("stops", "", int64(len(t.Stops)), int64(least), int64(most), "")
		return t, a.faults.Err()
	}
	for i := range t.Stops {
		t.Stops[i].Window = t.Stops[i].Window.Whole()
		a.stop(fmt.Sprintf("stops[%d]", i), t.Stops[i])
		a.gate(fmt.Sprintf("stops[%d]", i), &t.Stops[i])
		a.banned(&t.Stops[i])
	}
	a.rooms(t)
	a.between("limits.detour_m", "", t.Limits.DetourM, 0, 2_000_000, "m")
	a.between("limits.detour_s", "", t.Limits.DetourS, 0, 200_000, "s")
	a.between("limits.extra_stops", "", t.Limits.ExtraStops, 0, 60, "stops")
	a.between("least", "", int64(t.Least), 0, MaxFen, "fen")
	t.Duty.Check("driver_hours", &a.faults)
	if home := t.Home(); home != nil {
		a.point("home", ".point", home.Point)
		a.text("home", ".town", home.Town, MaxRef, true)
		a.text("home", ".address", home.Address, MaxText, false)
	}
	a.horizon(&t)
	return t, a.faults.Err()
}

func (a *Admission) horizon(t *TripTerms) {
	switch {
	case t.Roaming && t.Horizon <= t.Starts():
		a.bad("horizon", ProblemWindow, t.Horizon.String())
	case t.Roaming && t.Horizon > a.Now+MaxAhead:
		a.late("horizon", t.Horizon, a.Now+MaxAhead)
	case !t.Roaming && t.Horizon != 0:
		a.bad("horizon", ProblemSplit, t.Horizon.String())
	}
	if t.Lease == 0 {
		t.Lease = t.Ends()
	}
	if t.Lease <= a.Now {
		a.bad("lease", ProblemPast, t.Lease.String())
	}
}

// Starts is the earliest departure from the first stop.
func (t *TripTerms) Starts() Instant { return t.Stops[0].Window.Open }

// Ends is the latest instant at which the trip holds its vehicle.
func (t *TripTerms) Ends() Instant {
	if t.Roaming {
		return t.Horizon
	}
	last := t.Stops[len(t.Stops)-1]
	return last.Window.Close.After(last.ServiceS)
}

func (a *Admission) rooms(t TripTerms) {
	want := max(len(t.Stops)-1, 1)
	if t.Roaming {
		want = 1
	}
	a.between("rooms", "", int64(len(t.Rooms)), int64(want), int64(want), "")
	holds := t.Vehicle.Inner.Room(t.Vehicle.Payload)
	holds.FloorMM = max(holds.FloorMM, t.Vehicle.Inner.LengthMM) // a narrow deck is as long as it is
	for i, r := range t.Rooms {
		field := fmt.Sprintf("rooms[%d]", i)
		a.between(field, ".kg", r.Grams, 0, MaxGrams, "g")
		a.between(field, ".litres", r.Millilitres, 0, MaxMillilitres, "ml")
		a.between(field, ".floor_m", r.FloorMM, 0, MaxFloorMM, "mm")
		a.within(field, ".kg", r.Grams, holds.Grams, "g")
		a.within(field, ".litres", r.Millilitres, holds.Millilitres, "ml")
		a.within(field, ".floor_m", r.FloorMM, holds.FloorMM, "mm")
		t.Rooms[i].FloorMM = min(r.FloorMM, ceilDiv(t.Vehicle.Inner.LengthMM*t.Vehicle.Inner.WidthMM, StandardDeckMM)) // and no wider
	}
}

// within notes spare room that the empty vehicle does not have.
func (a *Admission) within(of, part string, n, most int64, unit string) {
	if n > most {
		a.faults.Add(Error{Code: Invalid, Problem: ProblemSplit, Field: of + part, Value: strconv.FormatInt(n, 10) + unit,
			Max: strconv.FormatInt(most, 10) + unit})
	}
}

func (a *Admission) vehicle(v VehicleTerms) {
	if !IsPlate(v.Plate.Number) {
		a.faults.Add(Error{Code: Invalid, Problem: ProblemMalformed, Field: "vehicle.plate.number",
			Value: Shorten(v.Plate.Number), Want: "苏F88888"})
	}
	switch v.Plate.Colour {
	case "blue", "yellow", "green", "yellow_green", "white", "black":
	default:
		a.bad("vehicle.plate.colour", ProblemMalformed, v.Plate.Colour)
	}
	switch v.Type {
	case TypeVan, Type4M2, Type6M8, Type9M6, Type13M, Type17M5:
	default:
		a.bad("vehicle.type", ProblemMalformed, string(v.Type))
	}
	a.between("vehicle.payload_kg", "", v.Payload, 1000, MaxGrams, "g")
	a.between("vehicle.inner.length_m", "", v.Inner.LengthMM, 500, MaxFloorMM, "mm")
	a.between("vehicle.inner.width_m", "", v.Inner.WidthMM, 500, 4000, "mm")
	a.between("vehicle.inner.height_m", "", v.Inner.HeightMM, 300, 5000, "mm")
	switch v.Doors {
	case DoorsUnsaid, DoorsRear, DoorsSide:
	default:
		a.bad("vehicle.doors", ProblemMalformed, string(v.Doors))
	}
	a.between("vehicle.door.width_m", "", v.DoorW, 0, v.Inner.WidthMM, "mm")
	a.between("vehicle.door.height_m", "", v.DoorH, 0, v.Inner.HeightMM, "mm")
	a.between("vehicle.deck_kg_per_m", "", v.DeckGrams, 0, MaxGrams, "g")
	a.temp("vehicle.temperature", v.Cools)
	a.between("vehicle.rehandle", "", int64(v.Rehandle), 0, maxRehandle, "fen")
}

func (a *Admission) stop(field string, s Stop) {
	a.point(field, ".place.point", s.Place.Point)
	a.text(field, ".place.town", s.Place.Town, MaxRef, true)
	a.text(field, ".place.address", s.Place.Address, MaxText, false)
	a.text(field, ".contact.name", s.Contact.Name, MaxRef, false)
	a.text(field, ".contact.phone", s.Contact.Phone, 32, false)
	a.between(field, ".service_s", s.ServiceS, 0, MaxServiceS, "s")
	switch {
	case s.Window.Open <= 0:
		a.bad(field+".window.open", ProblemRequired, "")
	case s.Window.Close < s.Window.Open:
		a.bad(field+".window.close", ProblemWindow, s.Window.Close.String())
	case s.Window.Close < a.Now:
		a.bad(field+".window.close", ProblemPast, s.Window.Close.String())
	case s.Window.Close > a.Now+MaxAhead:
		a.late(field+".window.close", s.Window.Close, a.Now+MaxAhead)
	}
}

// The checks take the name of a field in two parts, which are joined only where
// something is wrong with it.

func (a *Admission) point(of, part string, p Point) {
	if a.Market.Box.Contains(p) {
		return
	}
	problem := ProblemOutside
	if a.Market.Box.Swapped(p) {
		problem = ProblemSwapped
	}
	lat, lng := p.Degrees()
	a.bad(of+part, problem, fmt.Sprintf("%.6f, %.6f", lat, lng))
}

// pieceFields are the names of the lines of pieces.
var pieceFields = func() (names [MaxPieceLines]string) {
	for i := range names {
		names[i] = fmt.Sprintf("size.pieces[%d]", i)
	}
	return names
}()

func (a *Admission) size(s Size) Size {
	if len(s.Pieces) > MaxPieceLines {
		a.between("size.pieces", "", int64(len(s.Pieces)), 0, MaxPieceLines, "")
		return s
	}
	var count int64
	before := len(a.faults.list)
	a.stacking("size", s.Stacking)
	switch s.Access {
	case AccessAny, AccessRear, AccessSide, AccessTop:
	default:
		a.bad("size.access", ProblemMalformed, string(s.Access))
	}
	for i, p := range s.Pieces {
		field := pieceFields[i]
		a.between(field, ".count", p.Count, 1, MaxPieces, "")
		a.between(field, ".length_m", p.LengthMM, 1, MaxPieceMM, "mm")
		a.between(field, ".width_m", p.WidthMM, 1, MaxPieceMM, "mm")
		a.between(field, ".height_m", p.HeightMM, 1, MaxPieceMM, "mm")
		a.between(field, ".kg", p.Grams, 0, MaxGrams, "g")
		a.stacking(field, p.Stacking)
		count += min(max(p.Count, 0), MaxPieces+1)
	}
	if len(s.Pieces) > 0 {
		a.between("size.pieces", "", count, 0, MaxPieces, "")
	}
	if len(a.faults.list) == before && len(s.Pieces) > 0 {
		s.Grams = max(s.Grams, Weight(s.Pieces))
		s.Millilitres = max(s.Millilitres, Volume(s.Pieces))
		s.FloorMM = max(s.FloorMM, s.Floor())
	}
	a.between("size.kg", "", s.Grams, 1, MaxGrams, "g")
	a.between("size.litres", "", s.Millilitres, 0, MaxMillilitres, "ml")
	a.between("size.floor_m", "", s.FloorMM, 0, 4*MaxFloorMM, "mm")
	return s
}

func (a *Admission) text(of, part, s string, most int, required bool) {
	switch {
	case required && strings.TrimSpace(s) == "":
		a.bad(of+part, ProblemRequired, "")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		a.bad(of+part, ProblemMalformed, s)
	case utf8.RuneCountInString(s) > most:
		a.faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: of + part, Value: Shorten(s), Max: strconv.Itoa(most)})
	}
}

func (a *Admission) between(of, part string, n, least, most int64, unit string) {
	if n >= least && n <= most {
		return
	}
	a.faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: of + part, Value: strconv.FormatInt(n, 10) + unit,
		Min: strconv.FormatInt(least, 10) + unit, Max: strconv.FormatInt(most, 10) + unit})
}

// late notes an instant after the last that is allowed.
func (a *Admission) late(field string, at, last Instant) {
	a.faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: field, Value: at.String(), Max: last.String()})
}

func (a *Admission) bad(field string, problem Problem, value string) {
	a.faults.Add(Error{Code: Invalid, Problem: problem, Field: field, Value: Shorten(value)})
}
