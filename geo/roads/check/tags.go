package check

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/osm"
)

// kinds are the roads for trucks; "road" is driven as unclassified.
var kinds = strings.Fields(`motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary
	tertiary_link unclassified residential living_street service`)

// kind is the class of a way, or "".
func kind(tags osm.Tags) string {
	if tags.Find("route") == "ferry" {
		return "ferry"
	}
	h := tags.Find("highway")
	if h == "road" {
		return "unclassified"
	}
	for _, k := range kinds {
		if h == k {
			return k
		}
	}
	return ""
}

// allowed is "no", "private", "yes" or, where nothing is said, "".
func allowed(tags osm.Tags, suffix string) string {
	who := ""
	for _, key := range []string{"access", "vehicle", "motor_vehicle", "hgv"} { // the last word counts
		if v := tags.Find(key + suffix); v != "" {
			who = v
		}
	}
	switch who {
	case "":
		return ""
	case "no", "agricultural", "forestry", "agricultural;forestry", "emergency", "bus", "psv", "military", "none", "bicycle", "foot":
		return "no"
	case "private", "destination", "delivery", "customers", "permit", "residents", "local":
		return "private"
	}
	return "yes"
}

// allowedOr is what holds in a direction.
func allowedOr(tags osm.Tags, suffix string) string {
	if who := allowed(tags, suffix); who != "" {
		return who
	}
	return allowed(tags, "")
}

// stopping are barriers without a way through.
var stopping = func() map[string]bool {
	out := map[string]bool{}
	for _, b := range strings.Fields(`bollard block jersey_barrier cycle_barrier motorcycle_barrier log debris chain stile turnstile
		kissing_gate full-height_turnstile wall fence hedge ditch planter barrier_board sump_buster bus_trap spikes rope`) {
		out[b] = true
	}
	return out
}()

// drivable tells the directions of a way.
func (m *atlas) drivable(way *osm.Way) (forward, back bool) {
	sign := way.Tags.Find("oneway:hgv")
	if sign == "" {
		sign = way.Tags.Find("oneway:motor_vehicle")
	}
	if sign == "" {
		sign = way.Tags.Find("oneway")
	}
	forward, back = true, true
	switch j := way.Tags.Find("junction"); {
	case sign == "yes", sign == "true", sign == "1":
		back = false
	case sign == "-1", sign == "reverse":
		forward = false
	case sign == "reversible":
		return false, false
	case sign == "" && (j == "roundabout" || j == "circular" || kind(way.Tags) == "motorway"):
		back = false
	}
	return forward && allowedOr(way.Tags, ":forward") != "no", back && allowedOr(way.Tags, ":backward") != "no"
}

// fits tells whether the vehicle is within all limits that are posted.
func (m *atlas) fits(tags osm.Tags) bool {
	for _, key := range []string{"maxweight", "maxweight:hgv", "maxweightrating", "maxweightrating:hgv", "maxgcweight"} {
		if limit := measure(tags.Find(key), "t", map[string]float64{"t": 1000, "kg": 1, "st": 907.18474, "lbs": 0.45359237, "lb": 0.45359237}); limit > 0 && m.vehicle.Kg > limit {
			return false
		}
	}
	metres := map[string]float64{"m": 1000, "cm": 10, "mm": 1, "ft": 304.8}
	for _, key := range []string{"maxheight", "maxheight:physical", "maxheight:hgv"} {
		if limit := measure(tags.Find(key), "m", metres); limit > 0 && m.vehicle.HeightMm > limit {
			return false
		}
	}
	for _, key := range []string{"maxlength", "maxlength:hgv"} {
		if limit := measure(tags.Find(key), "m", metres); limit > 0 && m.vehicle.LengthMm > limit {
			return false
		}
	}
	return true
}

// measure reads a number with a unit, or feet and inches; 0 is nothing.
func measure(text, usual string, units map[string]float64) float64 {
	text = strings.ToLower(strings.TrimSpace(text))
	if feet, inches, ok := strings.Cut(strings.ReplaceAll(text, " ", ""), "'"); ok && usual == "m" {
		f, err := strconv.ParseFloat(feet, 64)
		if err != nil || f < 0 || f > 1000 {
			return 0
		}
		in, _ := strconv.ParseFloat(strings.TrimRight(inches, `"'`), 64)
		return math.Round(f*304.8 + max(in, 0)*25.4)
	}
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz/ ")
	unit := strings.TrimSpace(text[len(number):])
	if unit == "" {
		unit = usual
	}
	value, err := strconv.ParseFloat(strings.Replace(number, ",", ".", 1), 64)
	if err != nil || value <= 0 || value >= 1e6 {
		return 0
	}
	return math.Round(value * units[unit])
}

// posted is the speed limit in a direction, 0 for none.
func posted(tags osm.Tags, suffix string) int64 {
	for _, key := range []string{"maxspeed:hgv" + suffix, "maxspeed:hgv", "maxspeed" + suffix, "maxspeed"} {
		text := strings.ToLower(strings.TrimSpace(tags.Find(key)))
		switch {
		case text == "":
			continue
		case text == "walk", strings.HasSuffix(text, ":walk"), strings.HasSuffix(text, ":living_street"):
			return 7
		case strings.HasSuffix(text, ":urban"):
			return 50
		}
		number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz/: ")
		value, err := strconv.ParseFloat(strings.Replace(number, ",", ".", 1), 64)
		unit := strings.TrimSpace(text[len(number):])
		if unit == "mph" {
			value *= 1.609344
		} else if unit != "" && unit != "km/h" && unit != "kmh" && unit != "kph" {
			return 0
		}
		if err != nil || value <= 0 || value > 250 {
			return 0
		}
		return max(int64(value+0.5), 1)
	}
	return 0
}

// timetable reads a duration in nanoseconds; 0 is none.
func timetable(text string) int64 {
	text = strings.TrimSpace(text)
	seconds := 0.0
	if rest, ok := strings.CutPrefix(strings.ToUpper(text), "PT"); ok {
		for rest != "" {
			end := strings.IndexAny(rest, "HMS")
			if end < 0 {
				return 0
			}
			n, err := strconv.ParseFloat(rest[:end], 64)
			if err != nil {
				return 0
			}
			seconds += n * map[byte]float64{'H': 3600, 'M': 60, 'S': 1}[rest[end]]
			rest = rest[end+1:]
		}
		return int64(math.Round(seconds*1000)) * 1_000_000
	}
	parts := strings.Split(text, ":")
	scale := []float64{3600, 60, 1}
	if len(parts) == 1 {
		scale = []float64{60}
	}
	if len(parts) > len(scale) {
		return 0
	}
	for i, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || n < 0 {
			return 0
		}
		seconds += n * scale[i]
	}
	return int64(math.Round(seconds*1000)) * 1_000_000
}
