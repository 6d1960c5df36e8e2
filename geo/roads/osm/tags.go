package osm

import (
	"strconv"
	"strings"

	"github.com/paulmach/osm"

	"pinhuo/geo/roads"
)

// access is who may pass.
type access uint8

const (
	unsaid access = iota
	open          // everybody
	ends          // private, or for those who have business there
	closed
)

// vehicleKeys are the tags that speak of trucks, the most special first.
var vehicleKeys = []string{"hgv", "motor_vehicle", "vehicle", "access"}

// accessValues are what those tags say; others are taken as open.
var accessValues = map[string]access{
	"yes": open, "designated": open, "permissive": open, "official": open, "discouraged": open,
	"destination": ends, "delivery": ends, "private": ends, "customers": ends, "permit": ends, "residents": ends, "local": ends,
	"no": closed, "agricultural": closed, "forestry": closed, "agricultural;forestry": closed, "emergency": closed,
	"bus": closed, "psv": closed, "military": closed, "none": closed, "bicycle": closed, "foot": closed,
}

// accessOf is what the tags say of trucks; suffix is "" or a direction.
func accessOf(tags osm.Tags, suffix string) access {
	for _, key := range vehicleKeys {
		if value := tags.Find(key + suffix); value != "" {
			if a, ok := accessValues[value]; ok {
				return a
			}
			return open
		}
	}
	return unsaid
}

// limits are the largest vehicle that may pass; 0 is no limit.
type limits struct{ kg, highMm, longMm uint32 }

func limitsOf(tags osm.Tags) limits {
	return limits{
		kg:     least(tags, weight, "maxweight", "maxweight:hgv", "maxweightrating", "maxweightrating:hgv", "maxgcweight"),
		highMm: least(tags, length, "maxheight", "maxheight:physical", "maxheight:hgv"),
		longMm: least(tags, length, "maxlength", "maxlength:hgv"),
	}
}

func least(tags osm.Tags, parse func(string) uint32, keys ...string) uint32 {
	out := uint32(0)
	for _, key := range keys {
		if v := parse(tags.Find(key)); v > 0 && (out == 0 || v < out) {
			out = v
		}
	}
	return out
}

// amount splits "7.5 t" into its number and its unit.
func amount(text string) (value float64, unit string, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	end := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' })
	if end < 0 {
		end = len(text)
	}
	value, err := strconv.ParseFloat(strings.Replace(text[:end], ",", ".", 1), 64)
	return value, strings.TrimSpace(text[end:]), err == nil && value > 0 && value < 1e6
}

// weight reads kilograms: tonnes unless the tag says otherwise.
func weight(text string) uint32 {
	value, unit, ok := amount(text)
	per := map[string]float64{"": 1000, "t": 1000, "kg": 1, "st": 907.18474, "lbs": 0.45359237, "lb": 0.45359237}[unit]
	if !ok || per == 0 {
		return 0
	}
	return uint32(value*per + 0.5)
}

// length reads millimetres: metres unless the tag says otherwise, feet and
// inches as 12'6".
func length(text string) uint32 {
	if feet, inches, ok := strings.Cut(strings.ReplaceAll(text, " ", ""), "'"); ok {
		f, err := strconv.ParseFloat(feet, 64)
		if err != nil || f < 0 || f > 1000 {
			return 0
		}
		in, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSuffix(inches, "\""), "''"), 64)
		if err != nil || in < 0 {
			in = 0
		}
		return uint32(f*304.8 + in*25.4 + 0.5)
	}
	value, unit, ok := amount(text)
	per := map[string]float64{"": 1000, "m": 1000, "cm": 10, "mm": 1, "ft": 304.8}[unit]
	if !ok || per == 0 {
		return 0
	}
	return uint32(value*per + 0.5)
}

// speed reads km/h; 0 is no limit.
func speed(text string) uint8 {
	switch text = strings.ToLower(strings.TrimSpace(text)); {
	case text == "walk" || strings.HasSuffix(text, ":walk") || strings.HasSuffix(text, ":living_street"):
		return 7
	case strings.HasSuffix(text, ":urban"):
		return 50
	}
	value, unit, ok := amount(text)
	if unit == "mph" {
		value *= 1.609344
	} else if unit != "" && unit != "km/h" && unit != "kmh" && unit != "kph" {
		return 0
	}
	if !ok || value > 250 {
		return 0
	}
	return uint8(max(value+0.5, 1))
}

// speeds are the limits forward and back.
func speeds(tags osm.Tags) (out [2]uint8) {
	for dir, suffix := range []string{":forward", ":backward"} {
		for _, key := range []string{"maxspeed:hgv" + suffix, "maxspeed:hgv", "maxspeed" + suffix, "maxspeed"} {
			if text := tags.Find(key); text != "" {
				out[dir] = speed(text)
				break
			}
		}
	}
	return out
}

// duration reads milliseconds: "35", "1:30", "00:05:30" or "PT1H30M"; 0 is none.
func duration(text string) int64 {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "PT"); ok {
		return isoDuration(rest)
	}
	parts := strings.Split(text, ":")
	if len(parts) > 3 {
		return 0
	}
	minutes := 0.0
	for i, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || n < 0 || n > 1e5 {
			return 0
		}
		switch {
		case len(parts) == 1 || i == 1:
			minutes += n
		case i == 0:
			minutes += 60 * n
		default:
			minutes += n / 60
		}
	}
	return int64(minutes*60_000 + 0.5)
}

func isoDuration(text string) int64 {
	total := 0.0
	for text != "" {
		value, rest, ok := amount(text)
		if !ok || rest == "" {
			return 0
		}
		per := map[byte]float64{'h': 3_600_000, 'm': 60_000, 's': 1000}[rest[0]]
		if per == 0 {
			return 0
		}
		total += value * per
		text = rest[1:]
	}
	return int64(total + 0.5)
}

// classOf is the class of a way that trucks may use; ok is false for others.
func classOf(tags osm.Tags) (roads.Class, bool) {
	if tags.Find("route") == "ferry" {
		return roads.Ferry, true
	}
	switch kind := tags.Find("highway"); kind {
	case "", "gate", "ferry":
		return 0, false
	case "road":
		return roads.Unclassified, true
	default:
		return roads.ClassOf(kind)
	}
}

// directions are the flags of the ways a road may be driven.
func directions(tags osm.Tags, class roads.Class) uint8 {
	oneway := ""
	for _, key := range []string{"oneway:hgv", "oneway:motor_vehicle", "oneway"} {
		if oneway = tags.Find(key); oneway != "" {
			break
		}
	}
	junction := tags.Find("junction")
	switch oneway {
	case "yes", "true", "1":
		return roads.Forward
	case "-1", "reverse":
		return roads.Back
	case "reversible": // its hours are not known
		return 0
	case "":
		if class == roads.Motorway || junction == "roundabout" || junction == "circular" {
			return roads.Forward
		}
	}
	return roads.Forward | roads.Back
}
