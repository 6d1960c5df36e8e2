package matcher_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/matcher"
	"pinhuo/matcher/remedy"
)

var update = flag.Bool("update", false, "rewrite the expected lines of testdata/*.txt")

// The scenarios are stories that a trucker can check with a pencil. Lines
// beginning with "=>" are what the matcher must answer to the line above.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d scenarios, want at least 60 (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want := string(must(os.ReadFile(file)))
			got, err := play(want)
			if err != nil {
				t.Fatal(err)
			}
			if got == want {
				return
			}
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("%s (rewrite with -update):\n%s", file, difference(want, got))
		})
	}
}

func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\n got %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// stage is a scenario being played.
type stage struct {
	grid   grid
	fit    *matcher.Fit
	trucks []*freight.Trip
	loads  []*freight.Load
}

// play runs a scenario and returns it with the answers filled in.
func play(text string) (string, error) {
	s := &stage{fit: &matcher.Fit{Costs: &costs, Now: clock("06:00")}}
	s.fit.Measure = s.grid.leg
	var out []string
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := 0; i < len(lines); {
		line := lines[i]
		i++
		if strings.HasPrefix(line, "=>") {
			continue
		}
		out = append(out, line)
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var more []string
		for i < len(lines) && strings.HasPrefix(lines[i], "  ") {
			more = append(more, strings.TrimSpace(lines[i]))
			out = append(out, lines[i])
			i++
		}
		answers, err := s.act(strings.Fields(line), more)
		if err != nil {
			return "", fmt.Errorf("line %d, %q: %w", i, line, err)
		}
		for _, a := range answers {
			out = append(out, "=> "+a)
		}
	}
	return strings.Join(out, "\n") + "\n", nil
}

func (s *stage) act(words, more []string) ([]string, error) {
	switch words[0] {
	case "map":
		s.grid.read(words[1], more)
		return nil, nil
	case "truck":
		return s.truck(words[1:], more)
	case "load":
		return nil, s.load(words[1:], more)
	case "turns":
		s.fit.Turn = s.grid.turn
		return nil, nil
	case "now":
		s.fit.Now = clock(words[1])
		return nil, nil
	case "show":
		return s.show(s.trip(words[1])), nil
	case "rank":
		return s.rank(words[1]), nil
	case "outlook":
		return s.outlook(words[1]), nil
	case "remedy":
		return s.remedy(words[1]), nil
	case "reload":
		return s.reload(words[1]), nil
	case "explain":
		return s.explain(words[1]), nil
	case "fits", "book", "release":
		return s.pair(words[0], s.pool(words[1]), s.trip(words[2])), nil
	}
	return nil, fmt.Errorf("no such word: %s", words[0])
}

func (s *stage) trip(id string) *freight.Trip {
	i := slices.IndexFunc(s.trucks, func(t *freight.Trip) bool { return string(t.ID) == id })
	return s.trucks[i]
}

func (s *stage) pool(id string) *freight.Load {
	i := slices.IndexFunc(s.loads, func(l *freight.Load) bool { return string(l.ID) == id })
	return s.loads[i]
}

// grid is a map of squares: letters are places, "." is land, "~" water and "="
// a bridge. Trucks drive from square to square, never aslant, at 60 km/h.
type grid struct {
	km   int64
	rows []string
}

func (g *grid) read(km string, rows []string) { g.km, g.rows = number(km), rows }

func (g *grid) find(place string) freight.Point {
	for y, row := range g.rows {
		if x := strings.Index(row, place); x >= 0 {
			return freight.Point{LatE7: int32(y), LngE7: int32(x)}
		}
	}
	panic("no such place on the map: " + place)
}

func (g *grid) name(p freight.Point) string { return g.rows[p.LatE7][p.LngE7 : p.LngE7+1] }

func (g *grid) dry(p freight.Point) bool {
	return p.LatE7 >= 0 && int(p.LatE7) < len(g.rows) && p.LngE7 >= 0 && int(p.LngE7) < len(g.rows[p.LatE7]) &&
		g.rows[p.LatE7][p.LngE7] != '~'
}

// leg counts the squares of the shortest way.
func (g *grid) leg(from, to freight.Point) freight.Leg {
	steps := map[freight.Point]int64{from: 0}
	for queue := []freight.Point{from}; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		if p == to {
			return freight.Leg{Metres: steps[p] * g.km * 1000, Seconds: steps[p] * g.km * 60, Method: "squares"}
		}
		for _, d := range []freight.Point{{LatE7: -1}, {LatE7: 1}, {LngE7: -1}, {LngE7: 1}} {
			next := freight.Point{LatE7: p.LatE7 + d.LatE7, LngE7: p.LngE7 + d.LngE7}
			if _, seen := steps[next]; !seen && g.dry(next) {
				steps[next] = steps[p] + 1
				queue = append(queue, next)
			}
		}
	}
	panic("no way from " + g.name(from) + " to " + g.name(to))
}

// truck reads a truck and announces its trip.
func (s *stage) truck(words, more []string) ([]string, error) {
	t := freight.TripTerms{Limits: freight.Limits{DetourM: 50_000, DetourS: 3600, ExtraStops: 6}, Least: 5000}
	cost, ok := costs.Of(freight.VehicleType(words[1]))
	if !ok {
		return nil, fmt.Errorf("no such type")
	}
	t.Vehicle = freight.VehicleTerms{Type: cost.Type, Payload: cost.Payload, Inner: cost.Inner, Has: capabilities(words[2:])}
	var room []freight.Room
	for _, line := range more {
		switch w := strings.Fields(line); w[0] {
		case "stop":
			t.Stops = append(t.Stops, s.stop(w[1], w[2], w[3:]))
		case "room":
			room = append(room, roomOf(w[1:]))
		case "detour":
			t.Limits.DetourM, t.Limits.DetourS = number(w[1])*1000, number(w[2])*60
		case "calls":
			t.Limits.ExtraStops = number(w[1])
		case "least":
			t.Least = freight.Fen(number(w[1]) * 100)
		case "doors":
			t.Vehicle.Doors = freight.Doors(w[1])
		case "moves":
			t.Vehicle.Rehandle = freight.Fen(number(w[2]) * 100)
		case "door":
			t.Vehicle.DoorW, t.Vehicle.DoorH = milli(w[1]), milli(w[2])
		case "bears":
			t.Vehicle.DeckGrams = number(w[1]) * 1000
		case "cools":
			t.Vehicle.Cools = temp(w[1:])
		case "home":
			t.Chain = &freight.Chain{Home: &freight.Place{Point: s.grid.find(w[1]), Town: w[1]}}
		case "drivers":
			t.Duty = duty(w[1:])
		case "ban":
			t.Stops[len(t.Stops)-1].Bans = bans(w[1:])
		case "roams":
			t.Roaming, t.Horizon = true, clock(w[2])
		default:
			return nil, fmt.Errorf("no such word: %s", w[0])
		}
	}
	t.Rooms = room
	var legs []freight.Leg
	for i := 1; i < len(t.Stops); i++ {
		legs = append(legs, s.grid.leg(t.Stops[i-1].Place.Point, t.Stops[i].Place.Point))
		if len(t.Rooms) < i {
			t.Rooms = append(t.Rooms, room[len(room)-1])
		}
	}
	plan, m, sec, err := s.fit.Base(t, legs)
	if err != nil {
		return []string{"not announced: " + err.Error()}, nil
	}
	s.trucks = append(s.trucks, &freight.Trip{Meta: freight.Meta{ID: freight.ID(words[0])}, TripTerms: t,
		State: freight.TripOpen, DirectM: m, DirectS: sec, Plan: plan})
	return nil, nil
}

// load reads a load: id, pickup place and window, delivery place and window.
func (s *stage) load(words, more []string) error {
	l := &freight.Load{Meta: freight.Meta{ID: freight.ID(words[0])}, State: freight.LoadPosted}
	l.Pickup, l.Delivery = s.stop(words[1], words[2], nil), s.stop(words[4], words[5], nil)
	for _, line := range more {
		switch w := strings.Fields(line); w[0] {
		case "takes":
			l.Size.Room = roomOf(w[1:])
		case "piece":
			l.Size.Pieces = append(l.Size.Pieces, freight.Piece{Count: number(w[1]), LengthMM: milli(w[2]), WidthMM: milli(w[3]), HeightMM: milli(w[4])})
		case "needs":
			l.Needs = capabilities(w[1:])
		case "stack":
			l.Size.Stacking = freight.Stacking(w[1])
		case "top":
			l.Size.Pieces[len(l.Size.Pieces)-1].Stacking = freight.StackTopOnly
		case "access":
			l.Size.Access = freight.Access(w[1])
		case "keep":
			l.Care.Temp = temp(w[1:])
		case "danger":
			l.Care.Hazmat = freight.Hazmat{Class: w[1], Limited: len(w) > 2 && w[2] == "limited"}
		case "food":
			l.Care.Food = true
		case "movable":
			l.Care.Rehandle = true
		case "bearing":
			l.Care.DelayS = number(w[1]) * 60
		case "gate":
			gate := freight.Gate("+0000" + strings.Repeat(" "+w[2], 7))
			if w[1] == "pickup" {
				l.Pickup.Gate = gate
			} else {
				l.Delivery.Gate = gate
			}
		case "ban":
			if w[1] == "pickup" {
				l.Pickup.Bans = bans(w[2:])
			} else {
				l.Delivery.Bans = bans(w[2:])
			}
		case "serve":
			l.Pickup.ServiceS, l.Delivery.ServiceS = number(w[1])*60, number(w[2])*60
		case "pays":
			l.Ceiling = freight.Fen(number(w[1]) * 100)
		default:
			return fmt.Errorf("no such word: %s", w[0])
		}
	}
	if l.Size.FloorMM == 0 {
		l.Size.FloorMM = l.Size.Floor()
	}
	l.Direct = s.grid.leg(l.Pickup.Place.Point, l.Delivery.Place.Point)
	l.Alone, _ = costs.Alone(l.Size, l.Direct, l.Pickup.ServiceS+l.Delivery.ServiceS)
	if l.Ceiling == 0 {
		l.Ceiling = costs.Ceiling(l.Alone)
	}
	s.loads = append(s.loads, l)
	return nil
}

func (s *stage) stop(place, window string, more []string) freight.Stop {
	open, shut, _ := strings.Cut(window, "-")
	service := int64(0)
	if len(more) > 1 && more[0] == "serve" {
		service = number(more[1]) * 60
	}
	return stop(s.grid.find(place), freight.Window{Open: clock(open), Close: clock(shut)}, service)
}

func (s *stage) pair(word string, load *freight.Load, trip *freight.Trip) []string {
	if word == "release" {
		trip.Plan = s.fit.Without(trip, load.ID)
		return s.show(trip)
	}
	v := s.fit.Fits(trip, load)
	if !v.OK {
		return []string{"no: " + because(v)}
	}
	p, d := &v.Plan[v.Terms.PickupAt], &v.Plan[v.Terms.DeliveryAt]
	answer := fmt.Sprintf("yes: load at %s %s, unload at %s %s, detour %d km %d min, pays %v instead of %v, leave for %s by %s",
		s.grid.name(p.Point), hhmm(p.Start), s.grid.name(d.Point), hhmm(d.Start), v.Terms.DetourM/1000, v.Terms.DetourS/60,
		v.Terms.Price, v.Terms.Alone, s.grid.name(p.Point), hhmm(v.Terms.Departure))
	if word == "fits" {
		return []string{answer}
	}
	trip.Plan = v.Plan
	return append([]string{answer}, s.show(trip)...)
}

func because(v matcher.Verdict) string {
	return strings.TrimSpace(fmt.Sprintf("%s by %d %s", v.Reason, v.By, v.Unit))
}

// show writes a plan, one call a line, with what is aboard when it is left.
func (s *stage) show(trip *freight.Trip) []string {
	var lines []string
	var aboard freight.Room
	for _, c := range trip.Plan {
		aboard = aboard.Plus(c.Take)
		line := fmt.Sprintf("%s %s-%s %-8s %-8s %5d kg %4.1f m of deck",
			s.grid.name(c.Point), hhmm(c.Start), hhmm(c.Leave), c.Kind, c.Load, aboard.Grams/1000, float64(aboard.FloorMM)/1000)
		if c.RehandleS > 0 {
			line += fmt.Sprintf(", %d min of it to move what stands in the way", c.RehandleS/60)
		}
		if c.RestS > 0 {
			line += fmt.Sprintf(", after %d min of rest", c.RestS/60)
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

func (s *stage) judged(load *freight.Load) []matcher.Judged {
	var all []matcher.Judged
	for _, trip := range s.trucks {
		all = append(all, matcher.Judged{Trip: trip, Load: load, Verdict: s.fit.Fits(trip, load)})
	}
	return all
}

func (s *stage) rank(id string) []string {
	all := s.judged(s.pool(id))
	var lines []string
	for i, j := range matcher.Best(all, 3) {
		lines = append(lines, fmt.Sprintf("%d. %s saves %v, pays %v", i+1, j.Trip.ID, freight.Fen(j.Verdict.Value), j.Verdict.Terms.Price))
	}
	for _, j := range all {
		if !j.Verdict.OK {
			lines = append(lines, fmt.Sprintf("-  %s: %s", j.Trip.ID, because(j.Verdict)))
		}
	}
	return lines
}

func (s *stage) explain(id string) []string {
	all := s.judged(s.pool(id))
	var lines []string
	for _, c := range matcher.Counts(all, 0) {
		lines = append(lines, fmt.Sprintf("%d trucks: %s", c.N, c.Reason))
	}
	if near := matcher.Nearest(all); near != nil {
		lines = append(lines, fmt.Sprintf("nearest: %s, %s by %d %s", near.Trip, near.Reason, near.By, near.Unit))
	}
	return append(lines, fmt.Sprintf("parts: %d", matcher.Parts(all)))
}

// remedy names the smallest change that helps. Places stay where they are: the
// squares of the map have no coordinates to move along.
func (s *stage) remedy(id string) []string {
	table := remedies
	table.Kinds = slices.DeleteFunc(slices.Clone(table.Kinds), func(r freight.RemedyRate) bool { return r.Unit == "m" })
	seeker := remedy.Seeker{Fit: s.fit, Table: &table, Market: everyTrip(s.trucks)}
	r := seeker.Seek(s.pool(id))
	if !r.Helps() {
		return []string{"no single change helps"}
	}
	what := strings.ReplaceAll(string(r.Kind), "_", " ")
	switch r.Unit {
	case "s":
		what += fmt.Sprintf(" by %d min", r.By/60)
	case "fen":
		what += fmt.Sprintf(" by %v", freight.Fen(r.By))
	case "pieces":
		what += fmt.Sprintf(": %d pieces to %s for %v, the rest", r.By, r.Other, r.Beside)
	}
	if r.Drop != 0 {
		what += ": no " + strings.Join(r.Drop.Names(), ", ")
	}
	return []string{fmt.Sprintf("%s, worth %v: %s takes it for %v", what, r.Cost, r.Trip, r.Price)}
}

// outlook names the smallest change of a truck's terms that wins it a load.
func (s *stage) outlook(id string) []string {
	seeker := remedy.TripSeeker{Fit: s.fit, Table: &tripRemedies, Loads: everyLoad(s.loads), Admits: anything}
	r, ok := seeker.Seek(s.trip(id))
	switch {
	case !ok:
		return []string{"it has left"}
	case !r.Helps():
		return []string{"no single change wins a load"}
	}
	by := map[string]string{"s": fmt.Sprintf("%d min", r.By/60), "m": fmt.Sprintf("%d m", r.By), "fen": freight.Fen(r.By).String(), "stops": strconv.FormatInt(r.By, 10)}[r.Unit]
	return []string{fmt.Sprintf("%s by %s, worth %v: takes %s for %v", strings.ReplaceAll(string(r.Kind), "_", " "), by, r.Cost, r.Load, r.Price)}
}

// turn is the first square of the shortest way that is so many seconds from its beginning.
func (g *grid) turn(_ freight.Router, from, to freight.Point, afterS int64) (freight.Point, bool) {
	for p := from; p != to; {
		left := g.leg(p, to).Seconds
		for _, d := range []freight.Point{{LatE7: -1}, {LatE7: 1}, {LngE7: -1}, {LngE7: 1}} {
			next := freight.Point{LatE7: p.LatE7 + d.LatE7, LngE7: p.LngE7 + d.LngE7}
			if g.dry(next) && g.leg(next, to).Seconds < left {
				p = next
				break
			}
		}
		if g.leg(from, p).Seconds >= afterS {
			return p, p != to
		}
	}
	return to, false
}

// midnight begins the day of the scenarios.
const midnight = freight.Instant(1_790_035_200_000) // 00:00 UTC

func clock(text string) freight.Instant {
	h, m, _ := strings.Cut(text, ":")
	return midnight + freight.Instant(number(h))*freight.Hour + freight.Instant(number(m))*freight.Minute
}

func hhmm(at freight.Instant) string {
	minutes := (at - midnight) / freight.Minute
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

// number reads the leading digits of a word: 40 from "40km".
func number(word string) int64 {
	digits := strings.IndexFunc(word, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		digits = len(word)
	}
	return must(strconv.ParseInt(word[:digits], 10, 64))
}

// milli reads a word such as "2.5m" as thousandths.
func milli(word string) int64 {
	n, ok := freight.DecimalUp(strings.TrimRight(word, "m"), freight.PlacesMetre)
	if !ok {
		panic("no number: " + word)
	}
	return n
}

// roomOf reads "3000kg 12m3 2.5m".
func roomOf(w []string) freight.Room {
	return freight.Room{Grams: number(w[0]) * 1000, Millilitres: 1000 * milli(strings.TrimSuffix(w[1], "m3")), FloorMM: milli(w[2])}
}

func capabilities(names []string) (c freight.Capability) {
	for _, name := range names {
		known, ok := freight.ParseCapability(name)
		if !ok {
			panic("no such capability: " + name)
		}
		c |= known
	}
	return c
}

// duty reads "1 drive 4h rest 20m day 8h reset 10h at standing".
func duty(w []string) freight.Duty {
	d := freight.Duty{Drivers: number(w[0])}
	spans := map[string]*int64{"drive": &d.DriveS, "rest": &d.RestS, "day": &d.DayS, "reset": &d.ResetS}
	for i := 1; i < len(w); i += 2 {
		if w[i] == "at" {
			d.Counts = freight.Rests(w[i+1])
			continue
		}
		*spans[w[i]] = int64(must(time.ParseDuration(w[i+1])) / time.Second)
	}
	return d
}

// bans reads "0700-0900 0c": a span of every day, and the vehicle types that it binds.
func bans(w []string) freight.Bans {
	minutes := func(text string) int64 { return number(text[:2])*60 + number(text[2:4]) }
	text := w[1] + "3f 00000000 +0000 07"
	for day := range int64(7) {
		text += fmt.Sprintf(" %05d-%05d", 1440*day+minutes(w[0][:4]), 1440*day+minutes(w[0][5:]))
	}
	return freight.Bans(text + " town\n")
}

// temp reads two temperatures: "2" and "8".
func temp(w []string) freight.Temp {
	return freight.Temp{Low: int16(must(strconv.Atoi(w[0]))), High: int16(must(strconv.Atoi(w[1])))}
}
