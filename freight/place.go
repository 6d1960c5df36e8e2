package freight

import "math"

// Point is a position on WGS-84 in degrees × 10^7 (about 1.1 cm of latitude).
type Point struct {
	LatE7 int32 `json:"lat_e7"`
	LngE7 int32 `json:"lng_e7"`
}

// Degrees returns latitude and longitude in degrees.
func (p Point) Degrees() (lat, lng float64) {
	return float64(p.LatE7) / 1e7, float64(p.LngE7) / 1e7
}

// earthM is the mean radius of the earth in metres (IUGG).
const earthM = 6_371_008.8

// Metres is the distance to another point on the sphere by the haversine formula, which is
// exact enough at any distance (R. W. Sinnott, Sky and Telescope 68, 1984).
func (p Point) Metres(other Point) float64 {
	const e7 = math.Pi / 180 / 1e7
	a, b := float64(p.LatE7)*e7, float64(other.LatE7)*e7
	sinLat, sinLng := math.Sin((b-a)/2), math.Sin((float64(other.LngE7)-float64(p.LngE7))*e7/2)
	return 2 * earthM * math.Asin(math.Sqrt(min(1, sinLat*sinLat+math.Cos(a)*math.Cos(b)*sinLng*sinLng)))
}

// Place is where something happens. Town is public; Address is told only to
// the two sides of a live booking.
type Place struct {
	Point   Point  `json:"point"`
	Town    string `json:"town"`
	Address string `json:"address,omitempty"`
}

// Contact is a person at a stop. It is personal data: it never enters an event
// and is shown only to the two sides of a live booking.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// Stop is a place to be served: when service may begin and how long it takes.
type Stop struct {
	Place    Place   `json:"place"`
	Window   Window  `json:"window"`
	ServiceS int64   `json:"service_s"`
	Contact  Contact `json:"contact,omitzero"`
	Gate     Gate    `json:"gate,omitempty"` // when the place lets trucks in
	Bans     Bans    `json:"bans,omitempty"` // when trucks may not be there; filled in by Admission
}

// Leg is a drive between two points: metres and seconds of one router, whose
// method and version are named so that the figure can be traced.
type Leg struct {
	Metres  int64  `json:"metres"`
	Seconds int64  `json:"seconds"`
	Method  string `json:"method"`
	Version string `json:"version"`
}

// Box is the area of a market in degrees × 10^7. A box does not cross the
// antimeridian.
type Box struct {
	South int32 `json:"south"`
	West  int32 `json:"west"`
	North int32 `json:"north"`
	East  int32 `json:"east"`
}

// Contains tells whether the point lies in the box, edges included.
func (b Box) Contains(p Point) bool {
	return p.LatE7 >= b.South && p.LatE7 <= b.North && p.LngE7 >= b.West && p.LngE7 <= b.East
}

// Swapped tells whether a point outside the box would lie inside it with
// latitude and longitude exchanged: the commonest slip in typed coordinates.
func (b Box) Swapped(p Point) bool {
	return !b.Contains(p) && b.Contains(Point{LatE7: p.LngE7, LngE7: p.LatE7})
}

// Market is one exchange with its own order of events.
type Market struct {
	ID   ID     `json:"id"`
	Name string `json:"name"`
	Box  Box    `json:"box"`
	Zone string `json:"zone"` // IANA time zone shown to people
}
