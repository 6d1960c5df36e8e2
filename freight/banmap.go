package freight

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of a file of truck bans.
const (
	MaxBanFile    = 4 << 20 // bytes
	maxBans       = 1000
	maxBanCorners = 1000 // of one area
	maxAllCorners = 20_000
	maxBanName    = 64             // characters
	maxBanReach   = 5 * 10_000_000 // of an area each way, in degrees × 10^7
	maxBanKg      = 99_999_999
	maxFaultsTold = 20
	banVersion    = "truck-bans/1"
)

// BanMap is where and when which trucks may not be. It is not changed after ParseBans,
// so any number of goroutines may ask it. The zero BanMap, and nil, know of no bans.
type BanMap struct {
	zone *time.Location
	bans []bannedArea
}

// bannedArea is a ban and the corners of its area, the first not repeated.
type bannedArea struct {
	Ban
	types, colours uint8
	box            Box
	ring           []Point
}

// banFile is the file as it is written. Comments may stand in Note.
type banFile struct {
	Version string     `json:"version"`
	Note    string     `json:"note"`
	Zone    string     `json:"zone"`
	Bans    []banEntry `json:"bans"`
}

type banEntry struct {
	Name     string `json:"name"`
	Note     string `json:"note"`
	Vehicles struct {
		Types     []VehicleType `json:"types"`
		Colours   []string      `json:"colours"`
		PayloadKg int64         `json:"payload_over_kg"`
	} `json:"vehicles"`
	Hours []banHours `json:"hours"`
	Area  struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"area"`
}

type banHours struct {
	Days []string `json:"days"`
	From string   `json:"from"`
	To   string   `json:"to"`
}

// ParseBans reads a file of truck bans, as docs/operations.md describes it. The error is
// Invalid and names the field of the file.
func ParseBans(text []byte) (*BanMap, error) {
	if len(text) > MaxBanFile {
		return nil, &Error{Code: Invalid, Problem: ProblemRange, Field: "file", Value: strconv.Itoa(len(text)) + " bytes", Max: strconv.Itoa(MaxBanFile) + " bytes"}
	}
	var file banFile
	in, err := decodeTable(text, &file)
	if err != nil {
		return nil, &Error{Code: Invalid, Problem: ProblemMalformed, Field: "file", Value: Shorten(err.Error()), Cause: err}
	}
	r := banReader{}
	r.faults.Require(!in.More(), "file", ProblemMalformed, "more than one object")
	if file.Version != banVersion {
		r.faults.Add(Error{Code: Invalid, Problem: ProblemMalformed, Field: "version", Value: Shorten(file.Version), Want: banVersion})
	}
	zone, err := location(file.Zone)
	r.faults.Require(err == nil && file.Zone != "", "zone", ProblemMalformed, file.Zone)
	r.between("bans", int64(len(file.Bans)), 0, maxBans)
	bans := &BanMap{zone: zone}
	for i := range file.Bans[:min(len(file.Bans), maxBans)] {
		if len(r.faults.list) >= maxFaultsTold {
			break
		}
		bans.bans = append(bans.bans, r.ban(fmt.Sprintf("bans[%d]", i), &file.Bans[i]))
	}
	r.between("bans", int64(r.corners), 0, maxAllCorners)
	if err := r.faults.Err(); err != nil {
		return nil, err
	}
	return bans, nil
}

// Len is the number of bans.
func (m *BanMap) Len() int {
	if m == nil {
		return 0
	}
	return len(m.bans)
}

// At returns the bans that hold at the point, by the clock that their zone shows at
// the instant. The rim of an area belongs to it.
func (m *BanMap) At(p Point, at Instant) Bans {
	if m == nil {
		return ""
	}
	var text, clock string
	for i := range m.bans {
		b := &m.bans[i]
		if !b.box.Contains(p) || !within(b.ring, p) {
			continue
		}
		if clock == "" {
			clock = at.Time().In(m.zone).Format("-0700")
		}
		text += b.line(b.types, b.colours, clock)
	}
	return Bans(text)
}

// banReader reads the bans of a file and collects what is wrong with them.
type banReader struct {
	faults  Faults
	corners int
}

func (r *banReader) between(field string, n, least, most int64) {
	if n < least || n > most {
		r.faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: field, Value: strconv.FormatInt(n, 10),
			Min: strconv.FormatInt(least, 10), Max: strconv.FormatInt(most, 10)})
	}
}

func (r *banReader) ban(field string, e *banEntry) bannedArea {
	b := bannedArea{Ban: Ban{Name: e.Name, PayloadKg: e.Vehicles.PayloadKg}}
	r.faults.Require(e.Name != "", field+".name", ProblemRequired, "")
	sound := utf8.ValidString(e.Name) && utf8.RuneCountInString(e.Name) <= maxBanName && !slices.ContainsFunc([]rune(e.Name), unicode.IsControl)
	r.faults.Require(sound, field+".name", ProblemMalformed, e.Name)
	r.between(field+".vehicles.payload_over_kg", e.Vehicles.PayloadKg, 0, maxBanKg)
	b.types = chosen(&r.faults, field+".vehicles.types", vehicleTypes[:], e.Vehicles.Types)
	b.colours = chosen(&r.faults, field+".vehicles.colours", plateColours[:], e.Vehicles.Colours)
	b.Spans = r.hours(field+".hours", e.Hours)
	b.ring, b.box = r.area(field+".area", e)
	return b
}

// chosen is a bit for each name, all where none is named.
func chosen[T ~string](faults *Faults, field string, known, names []T) (set uint8) {
	for i, name := range names {
		k := slices.Index(known, name)
		faults.Require(k >= 0, fmt.Sprintf("%s[%d]", field, i), ProblemMalformed, string(name))
		set |= 1 << max(k, 0)
	}
	if len(names) == 0 {
		return every
	}
	return set
}

var banDays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// hours returns the spans in order, none touching the next.
func (r *banReader) hours(field string, hours []banHours) (spans [][2]int64) {
	r.between(field, int64(len(hours)), 1, maxBanSpans)
	for i, h := range hours[:min(len(hours), maxBanSpans)] {
		of := fmt.Sprintf("%s[%d]", field, i)
		from, to := r.minute(of+".from", h.From), r.minute(of+".to", h.To)
		r.faults.Require(from != to && from < minutesInDay, of+".to", ProblemWindow, h.To)
		if to < from {
			to += minutesInDay // past midnight
		}
		for k, name := range h.Days {
			r.faults.Require(slices.Contains(banDays, name), fmt.Sprintf("%s.days[%d]", of, k), ProblemMalformed, name)
		}
		for d, name := range banDays {
			if len(h.Days) > 0 && !slices.Contains(h.Days, name) {
				continue
			}
			first, last := int64(d)*minutesInDay+from, int64(d)*minutesInDay+to
			spans = append(spans, [2]int64{first, min(last, minutesInWeek)})
			if last > minutesInWeek {
				spans = append(spans, [2]int64{0, last - minutesInWeek})
			}
		}
	}
	slices.SortFunc(spans, func(a, b [2]int64) int { return int(a[0] - b[0]) })
	joined := spans[:0]
	for _, s := range spans {
		if n := len(joined); n > 0 && s[0] <= joined[n-1][1] {
			joined[n-1][1] = max(joined[n-1][1], s[1])
			continue
		}
		joined = append(joined, s)
	}
	r.between(field, int64(len(joined)), 0, maxBanSpans)
	return joined
}

// minute reads hh:mm, up to 24:00.
func (r *banReader) minute(field, text string) int64 {
	bad := len(text) != 5 || text[2] != ':'
	for i := 0; i < len(text) && !bad; i++ {
		bad = i != 2 && (text[i] < '0' || text[i] > '9')
	}
	if !bad {
		if n := decimals(text[:2])*60 + decimals(text[3:]); n <= minutesInDay && text[3] < '6' {
			return n
		}
	}
	r.faults.Add(Error{Code: Invalid, Problem: ProblemMalformed, Field: field, Value: Shorten(text), Want: "07:30"})
	return 0
}

// area reads a polygon of one ring.
func (r *banReader) area(field string, e *banEntry) (ring []Point, box Box) {
	if e.Area.Type != "Polygon" {
		r.faults.Add(Error{Code: Invalid, Problem: ProblemUnsupported, Field: field + ".type", Value: Shorten(e.Area.Type), Want: "Polygon; several areas are several bans"})
		return nil, box
	}
	field += ".coordinates"
	var rings [][][]float64
	if err := json.Unmarshal(e.Area.Coordinates, &rings); err != nil {
		r.faults.Require(false, field, ProblemMalformed, err.Error())
		return nil, box
	}
	if len(rings) != 1 {
		r.faults.Add(Error{Code: Invalid, Problem: ProblemUnsupported, Field: field, Value: strconv.Itoa(len(rings)) + " rings", Want: "one ring; an area with a hole is two areas that touch"})
		return nil, box
	}
	before := len(r.faults.list)
	r.between(field+"[0]", int64(len(rings[0])), 4, maxBanCorners+1)
	r.corners += len(rings[0])
	if len(r.faults.list) == before && r.corners <= maxAllCorners {
		ring = r.ring(field+"[0]", rings[0])
	}
	if len(r.faults.list) > before || ring == nil {
		return nil, box
	}
	box = around(ring)
	r.between(field+"[0]", max(int64(box.North)-int64(box.South), int64(box.East)-int64(box.West)), 1, maxBanReach)
	if len(r.faults.list) == before {
		r.faults.Require(simple(ring), field+"[0]", ProblemMalformed, "its sides meet")
	}
	return ring, box
}

// ring reads the corners, longitude first, of which the last repeats the first.
func (r *banReader) ring(field string, corners [][]float64) []Point {
	ring := make([]Point, 0, len(corners))
	for i, c := range corners {
		if len(c) != 2 || math.Abs(c[0]) > 180 || math.Abs(c[1]) > 90 {
			r.faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: fmt.Sprintf("%s[%d]", field, i), Value: Shorten(fmt.Sprint(c)), Want: "[longitude, latitude]"})
			return nil
		}
		ring = append(ring, Point{LngE7: int32(math.Round(c[0] * 1e7)), LatE7: int32(math.Round(c[1] * 1e7))})
	}
	n := len(ring) - 1
	if ring[n] != ring[0] {
		r.faults.Add(Error{Code: Invalid, Problem: ProblemMalformed, Field: fmt.Sprintf("%s[%d]", field, n), Want: "the corner with which it begins"})
	}
	return ring[:n]
}

func around(ring []Point) Box {
	b := Box{South: ring[0].LatE7, North: ring[0].LatE7, West: ring[0].LngE7, East: ring[0].LngE7}
	for _, p := range ring {
		b.South, b.North = min(b.South, p.LatE7), max(b.North, p.LatE7)
		b.West, b.East = min(b.West, p.LngE7), max(b.East, p.LngE7)
	}
	return b
}

// side tells on which side of the way from a to b the point is: above 0 to the left, 0 on
// its line. No two of them are farther apart than maxBanReach, so nothing overflows.
func side(a, b, p Point) int64 {
	return (int64(b.LngE7)-int64(a.LngE7))*(int64(p.LatE7)-int64(a.LatE7)) - (int64(b.LatE7)-int64(a.LatE7))*(int64(p.LngE7)-int64(a.LngE7))
}

// between tells whether p, which is on the line of a and b, is on the stretch between them.
func between(a, b, p Point) bool {
	return min(a.LatE7, b.LatE7) <= p.LatE7 && p.LatE7 <= max(a.LatE7, b.LatE7) && min(a.LngE7, b.LngE7) <= p.LngE7 && p.LngE7 <= max(a.LngE7, b.LngE7)
}

// within tells whether the point, which is in the box around the ring, lies in it or on its rim: a line from it
// eastwards crosses the sides an odd number of times.
func within(ring []Point, p Point) bool {
	inside := false
	a := ring[len(ring)-1]
	for _, b := range ring {
		turn := side(a, b, p)
		if turn == 0 && between(a, b, p) {
			return true
		}
		if a.LatE7 <= p.LatE7 != (b.LatE7 <= p.LatE7) && (turn > 0) == (b.LatE7 > a.LatE7) {
			inside = !inside
		}
		a = b
	}
	return inside
}

// simple tells whether no side of the ring meets another but at the corner that they share.
func simple(ring []Point) bool {
	n := len(ring)
	for i := range n {
		a, b := ring[i], ring[(i+1)%n]
		next := ring[(i+2)%n]
		if a == b || side(a, b, next) == 0 && (between(a, b, next) || between(b, next, a)) {
			return false // no side, or one that runs back
		}
		for k := i + 2; k < n && (k+1)%n != i; k++ {
			if meet(a, b, ring[k], ring[(k+1)%n]) {
				return false
			}
		}
	}
	return true
}

// meet tells whether two stretches have a point in common.
func meet(a, b, c, d Point) bool {
	p, q, r, s := side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
	if (p > 0) != (q > 0) && (r > 0) != (s > 0) && p != 0 && q != 0 && r != 0 && s != 0 {
		return true
	}
	return p == 0 && between(a, b, c) || q == 0 && between(a, b, d) || r == 0 && between(c, d, a) || s == 0 && between(c, d, b)
}

// banned notes which bans hold at a stop, whatever was said there.
func (a *Admission) banned(s *Stop) { s.Bans = a.Bans.At(s.Place.Point, s.Window.Open) }
