package api

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Decimal is a JSON number kept as it was written, so that nothing is lost
// before it is rounded to a whole number of the domain's unit, and towards the
// side that the domain asks for.
type Decimal string

// UnmarshalJSON keeps the number's text. A null is a number left out.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	if text = bytes.TrimSpace(text); string(text) == null {
		return nil
	}
	if len(text) == 0 || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return fmt.Errorf("not a number: %s", freight.Shorten(string(text)))
	}
	*d = Decimal(text)
	return nil
}

// MarshalJSON writes the number's text.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if d == "" {
		return []byte("0"), nil
	}
	return []byte(d), nil
}

// Schema tells that a Decimal is a number.
func (d Decimal) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: huma.TypeNumber} }

// decimalOf writes n × 10^-places without trailing zeros.
func decimalOf(n int64, places int) Decimal {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	text := strconv.FormatInt(n, 10)
	if places == 0 {
		return Decimal(sign + text)
	}
	if len(text) <= places {
		text = strings.Repeat("0", places-len(text)+1) + text
	}
	whole, fraction := text[:len(text)-places], strings.TrimRight(text[len(text)-places:], "0")
	if fraction != "" {
		whole += "." + fraction
	}
	return Decimal(sign + whole)
}

// reader turns the numbers of a request into the domain's integers and collects
// those that are none.
type reader struct{ faults freight.Faults }

// up reads d as 10^-places units, rounded up.
func (r *reader) up(field string, d Decimal, places int) int64 {
	return r.read(field, d, places, freight.DecimalUp)
}

// down reads d as 10^-places units, rounded down.
func (r *reader) down(field string, d Decimal, places int) int64 {
	return r.read(field, d, places, freight.DecimalDown)
}

func (r *reader) read(field string, d Decimal, places int, round func(string, int) (int64, bool)) int64 {
	if d == "" {
		return 0
	}
	n, ok := round(string(d), places)
	r.faults.Require(ok, field, freight.ProblemMalformed, string(d))
	return n
}

// degrees reads d as degrees × 10^7, rounded to the nearest.
func (r *reader) degrees(field string, d Decimal, limit int64) int32 {
	n, ok := freight.DecimalDown(string(d), freight.PlacesDegree+1)
	r.faults.Require(ok, field, freight.ProblemMalformed, string(d))
	n += 5
	if n < 0 {
		n -= 9 // towards minus infinity, as the division below drops the last digit
	}
	n /= 10
	if n < -limit*1e7 || n > limit*1e7 {
		r.faults.Add(freight.Error{
			Code: freight.Invalid, Problem: freight.ProblemRange, Field: field, Value: freight.Shorten(string(d)),
			Min: strconv.FormatInt(-limit, 10), Max: strconv.FormatInt(limit, 10),
		})
		return 0
	}
	return int32(n)
}
