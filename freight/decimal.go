package freight

import (
	"strconv"
	"strings"
)

// Decimal places of the units people type, for DecimalUp and DecimalDown.
const (
	PlacesKilogram   = 3 // kg → grams
	PlacesLitre      = 3 // litres → millilitres
	PlacesCubicMetre = 6 // m³ → millilitres
	PlacesMetre      = 3 // m → mm
	PlacesYuan       = 2 // CNY → fen
	PlacesDegree     = 7 // degrees → degrees × 10^7
)

// DecimalUp reads a plain decimal such as "844.8" as a whole number of
// 10^-places, rounded up: a load is never taken for smaller than declared. It
// reports false for anything but digits with at most one dot and one leading
// minus, and for more than twelve digits before the dot.
func DecimalUp(text string, places int) (int64, bool) { return decimal(text, places, true) }

// DecimalDown is DecimalUp rounded down: spare room is never taken for larger.
func DecimalDown(text string, places int) (int64, bool) { return decimal(text, places, false) }

func decimal(text string, places int, up bool) (int64, bool) {
	body, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(body, ".")
	if whole == "" || len(whole) > 12 || !digits(whole) || !digits(fraction) {
		return 0, false
	}
	kept, rest := fraction, ""
	if len(fraction) > places {
		kept, rest = fraction[:places], fraction[places:]
	}
	n, err := strconv.ParseInt(whole+kept+strings.Repeat("0", places-len(kept)), 10, 64)
	if err != nil {
		return 0, false
	}
	if strings.Trim(rest, "0") != "" && up != negative {
		n++
	}
	if negative {
		n = -n
	}
	return n, true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
