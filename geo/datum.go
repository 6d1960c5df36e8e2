package geo

import (
	"errors"
	"fmt"
	"math"
)

// ErrDatum is wrapped by the error for a datum that is not known.
var ErrDatum = errors.New("unknown datum")

// Datum names the system a pair of degrees is given in. Inside the project
// everything is WGS-84; the others exist only at its edge.
type Datum string

// The datums of Chinese map services.
const (
	WGS84 Datum = "wgs84" // GPS
	GCJ02 Datum = "gcj02" // Gaode, Tencent, Tianditu overlays
	BD09  Datum = "bd09"  // Baidu
)

// ParseDatum reads a datum's name; the empty name is WGS-84. Others fail with
// ErrDatum.
func ParseDatum(name string) (Datum, error) {
	switch d := Datum(name); d {
	case "":
		return WGS84, nil
	case WGS84, GCJ02, BD09:
		return d, nil
	}
	return "", fmt.Errorf("%q: %w", name, ErrDatum)
}

// LatLng is a pair of degrees in a datum the context names.
type LatLng struct{ Lat, Lng float64 }

// ToWGS84 turns degrees of this datum into WGS-84, to better than 1e-7 degree.
func (d Datum) ToWGS84(p LatLng) LatLng {
	switch d {
	case GCJ02:
		return gcjToWGS(p)
	case BD09:
		return gcjToWGS(bdToGCJ(p))
	}
	return p
}

// FromWGS84 turns WGS-84 degrees into this datum.
func (d Datum) FromWGS84(p LatLng) LatLng {
	switch d {
	case GCJ02:
		return wgsToGCJ(p)
	case BD09:
		return gcjToBD(wgsToGCJ(p))
	}
	return p
}

// The Krasovsky 1940 ellipsoid, on which the GCJ-02 shift is defined.
const (
	krasovskyA  = 6378245.0
	krasovskyE2 = 0.00669342162296594323
)

// outsideChina is the box beyond which the published GCJ-02 shift is identity.
func outsideChina(p LatLng) bool {
	return !(p.Lng >= 72.004 && p.Lng <= 137.8347 && p.Lat >= 0.8293 && p.Lat <= 55.8271)
}

// gcjShift is the shift in degrees at a WGS-84 place, as published by several
// open implementations: a plane of 105 E, 35 N plus sine waves, in metres of
// the Krasovsky ellipsoid.
func gcjShift(p LatLng) LatLng {
	x, y := p.Lng-105, p.Lat-35
	root := math.Sqrt(math.Abs(x))
	wave := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	dLat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + wave +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 +
		(160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	dLng := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + wave +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 +
		(150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	sin, cos := math.Sincos(p.Lat * math.Pi / 180)
	m := 1 - krasovskyE2*sin*sin
	meridian := krasovskyA * (1 - krasovskyE2) / (m * math.Sqrt(m))
	parallel := krasovskyA / math.Sqrt(m) * cos
	return LatLng{Lat: dLat * 180 / (meridian * math.Pi), Lng: dLng * 180 / (parallel * math.Pi)}
}

func wgsToGCJ(p LatLng) LatLng {
	if outsideChina(p) {
		return p
	}
	d := gcjShift(p)
	return LatLng{Lat: p.Lat + d.Lat, Lng: p.Lng + d.Lng}
}

// gcjToWGS subtracts the shift at the place found so far until it stands
// still: the shift changes by about 1e-4 for each degree, so a few rounds do.
func gcjToWGS(g LatLng) LatLng {
	if outsideChina(g) {
		return g
	}
	p := g
	for range 12 {
		d := gcjShift(p)
		p = LatLng{Lat: g.Lat - d.Lat, Lng: g.Lng - d.Lng}
	}
	return p
}

// bdX is the angular frequency of the ripple that BD-09 adds to GCJ-02.
const bdX = math.Pi * 3000 / 180

func gcjToBD(p LatLng) LatLng {
	if outsideChina(p) {
		return p
	}
	z := math.Hypot(p.Lng, p.Lat) + 0.00002*math.Sin(p.Lat*bdX)
	theta := math.Atan2(p.Lat, p.Lng) + 0.000003*math.Cos(p.Lng*bdX)
	sin, cos := math.Sincos(theta)
	return LatLng{Lat: z*sin + 0.006, Lng: z*cos + 0.0065}
}

// bdToGCJ moves a first guess by what is missing. The ripple's derivative is
// about 1e-3, so each round gains three digits.
func bdToGCJ(b LatLng) LatLng {
	if outsideChina(b) {
		return b
	}
	p := LatLng{Lat: b.Lat - 0.006, Lng: b.Lng - 0.0065}
	for range 12 {
		q := gcjToBD(p)
		p = LatLng{Lat: p.Lat + b.Lat - q.Lat, Lng: p.Lng + b.Lng - q.Lng}
	}
	return p
}
