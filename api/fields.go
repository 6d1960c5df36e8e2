package api

import (
	"strconv"
	"strings"

	"pinhuo/freight"
)

// renamed lists the fields that the domain names by its own units.
var renamed = map[string]string{
	"ceiling":          "ceiling_fen",
	"least":            "least_fen",
	"vehicle.rehandle": "vehicle.rehandle_fen_per_min",
	"limits.detour_m":  "limits.detour_km",
	"limits.detour_s":  "limits.detour_min",
	"exclusive_s":      "exclusive_min",
}

// fieldName returns the path in the request of a field of the domain.
func fieldName(field string) string {
	if name, ok := renamed[field]; ok {
		return name
	}
	return strings.TrimSuffix(field, ".point")
}

// units tells how an amount of the domain is written in the units people type.
var units = []struct {
	suffix string
	places int
	unit   string
}{
	{"mm", freight.PlacesMetre, " m"},
	{"ml", freight.PlacesLitre, " L"},
	{"fen", 0, " fen"},
	{"stops", 0, " stops"},
	{"g", freight.PlacesKilogram, " kg"},
	{"°C", 0, " °C"},
	{"m", 0, " m"},
	{"s", 0, " s"},
}

// inUnit rewrites an amount such as "844800g" as "844.8 kg"; other texts stay.
func inUnit(field, text string) string {
	for _, u := range units {
		digits, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		switch {
		case err != nil:
			return text
		case field == "limits.detour_m":
			return string(decimalOf(n, 3)) + " km"
		case field == "limits.detour_s":
			return string(decimalOf(n/60, 0)) + " min"
		}
		return string(decimalOf(n, u.places)) + u.unit
	}
	return text
}
