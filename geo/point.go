package geo

import (
	"errors"
	"fmt"
	"math"
)

// EarthRadiusM is the mean earth radius in metres, (2a+b)/3 of WGS-84. Every
// great circle of the project is measured on the sphere of this radius.
const EarthRadiusM = 6371008.8

// ErrCoordinates is wrapped by every error about a coordinate that is not a
// number or lies outside latitude -90..90, longitude -180..180.
var ErrCoordinates = errors.New("coordinates out of range")

// Point is a place in WGS-84, in units of 1e-7 degree (about 11 mm).
type Point struct {
	LatE7 int32 // latitude, north positive
	LngE7 int32 // longitude, east positive
}

// maxDegrees keeps a degree value inside an int32 of 1e-7 degree units.
const maxDegrees = 214

// PointOf rounds degrees to a Point. A value that is not a finite number gives
// the zero Point and an error wrapping ErrCoordinates. A finite value outside
// the valid range gives the same error, and the unusable point beside it where
// it can be represented, so that Box.Swapped can be asked about it.
func PointOf(lat, lng float64) (Point, error) {
	if math.IsNaN(lat) || math.IsNaN(lng) || math.Abs(lat) > maxDegrees || math.Abs(lng) > maxDegrees {
		return Point{}, fmt.Errorf("latitude %v, longitude %v: %w", lat, lng, ErrCoordinates)
	}
	p := Point{LatE7: int32(math.Round(lat * 1e7)), LngE7: int32(math.Round(lng * 1e7))}
	if !p.Valid() {
		return p, fmt.Errorf("latitude %v, longitude %v: %w", lat, lng, ErrCoordinates)
	}
	return p, nil
}

// Valid tells whether p lies within latitude -90..90 and longitude -180..180.
func (p Point) Valid() bool {
	return p.LatE7 >= -90e7 && p.LatE7 <= 90e7 && p.LngE7 >= -180e7 && p.LngE7 <= 180e7
}

// Lat is the latitude in degrees.
func (p Point) Lat() float64 { return float64(p.LatE7) / 1e7 }

// Lng is the longitude in degrees.
func (p Point) Lng() float64 { return float64(p.LngE7) / 1e7 }

// Swapped is the point with latitude and longitude exchanged.
func (p Point) Swapped() Point { return Point{LatE7: p.LngE7, LngE7: p.LatE7} }

// String is "latitude,longitude" in degrees with seven decimals.
func (p Point) String() string { return fmt.Sprintf("%.7f,%.7f", p.Lat(), p.Lng()) }

// Vec is the point's unit vector. Make it once for a point that is measured
// often: a distance between two vectors costs no sine or cosine.
func (p Point) Vec() Vec { return vecOfDegrees(p.Lat(), p.Lng()) }

func vecOfDegrees(lat, lng float64) Vec {
	sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
	sinLng, cosLng := math.Sincos(lng * math.Pi / 180)
	return Vec{X: cosLat * cosLng, Y: cosLat * sinLng, Z: sinLat}
}

// Vec is a unit vector from the centre of the earth: the pole is Z, the prime
// meridian X.
type Vec struct{ X, Y, Z float64 }

// Dot is the inner product.
func (v Vec) Dot(w Vec) float64 { return v.X*w.X + v.Y*w.Y + v.Z*w.Z }

// Cross is the outer product.
func (v Vec) Cross(w Vec) Vec {
	return Vec{X: v.Y*w.Z - v.Z*w.Y, Y: v.Z*w.X - v.X*w.Z, Z: v.X*w.Y - v.Y*w.X}
}

// GreatCircleM is the great-circle distance in metres. It is computed from the
// chord, which keeps short distances exact to nanometres.
func (v Vec) GreatCircleM(w Vec) float64 {
	dx, dy, dz := v.X-w.X, v.Y-w.Y, v.Z-w.Z
	half := math.Sqrt(dx*dx+dy*dy+dz*dz) / 2
	return 2 * EarthRadiusM * asin(half)
}

// asin is math.Asin, but quicker where it is asked most: up to 0.1, which is
// 1276 km of earth, the series ends below half a digit of what is said.
func asin(x float64) float64 {
	if x > 0.1 {
		return math.Asin(min(x, 1))
	}
	y := x * x
	return x * (1 + y*(1./6+y*(3./40+y*(15./336+y*(105./3456+y*(945./42240+y*(10395./599040+y*(135135./9676800))))))))
}

// GreatCircleM is the great-circle distance between two points in metres.
func GreatCircleM(a, b Point) float64 { return a.Vec().GreatCircleM(b.Vec()) }

// Along is the point on the great circle from a to b after a share of its length, 0 to 1.
// Opposite points have no one circle: then it is a.
func Along(a, b Point, share float64) Point {
	u, v := a.Vec(), b.Vec()
	angle := math.Acos(max(-1, min(1, u.X*v.X+u.Y*v.Y+u.Z*v.Z)))
	sine := math.Sin(angle)
	if sine < 1e-12 {
		return a
	}
	p, q := math.Sin((1-share)*angle)/sine, math.Sin(share*angle)/sine
	x, y, z := p*u.X+q*v.X, p*u.Y+q*v.Y, p*u.Z+q*v.Z
	degrees := func(rad float64) int32 { return int32(math.Round(rad * 180 / math.Pi * 1e7)) }
	return Point{LatE7: degrees(math.Atan2(z, math.Hypot(x, y))), LngE7: degrees(math.Atan2(y, x))}
}
