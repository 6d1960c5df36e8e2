package geo

import (
	"context"
	"errors"
	"math"
)

// ErrBound is wrapped where a leg's true seconds lie below the bound that the
// same router promised: nothing proved with that bound would hold.
var ErrBound = errors.New("leg is shorter than the router's bound")

// Router answers how far and how long the road is between points. Metres and
// seconds of one router belong together: the road is the one that takes the
// fewest seconds. What its Bound is a lower bound of obeys the
// triangle rule; where turns are forbidden the seconds themselves may not.
//
// Implementations are safe for concurrent use.
type Router interface {
	// Method names the way of measuring, such as "fallback" or "graph".
	Method() string
	// Version identifies the data and settings behind the figures. Equal
	// method and version mean equal figures.
	Version() string
	// Between is the driving distance in metres and time in seconds from a
	// to b, both valid points.
	Between(a, b Point) (metres, seconds int64)
	// Matrix answers all pairs at once. It fails with the context's error
	// when ctx ends first.
	Matrix(ctx context.Context, sources, targets []Point) (Matrix, error)
	// Bound is a lower bound of Between's seconds. Equal routers give equal bounds.
	Bound() Bound
}

// Matrix is the road between every source and every target, as one router saw
// it at one version. The zero Matrix is empty. A Matrix is filled by its maker
// and read-only afterwards.
type Matrix struct {
	Method  string // Router.Method of the maker
	Version string // Router.Version of the maker

	sources, targets int
	metres, seconds  []int32 // row-major: source by source
}

// NewMatrix makes a matrix of zeros for a router to fill with Set.
func NewMatrix(method, version string, sources, targets int) Matrix {
	return Matrix{
		Method: method, Version: version,
		sources: sources, targets: targets,
		metres:  make([]int32, sources*targets),
		seconds: make([]int32, sources*targets),
	}
}

// Sources is the number of rows.
func (m Matrix) Sources() int { return m.sources }

// Targets is the number of columns.
func (m Matrix) Targets() int { return m.targets }

// Metres is the road from source i to target j. It panics out of range.
func (m Matrix) Metres(i, j int) int64 { return int64(m.metres[m.at(i, j)]) }

// Seconds is the driving time from source i to target j. It panics out of
// range.
func (m Matrix) Seconds(i, j int) int64 { return int64(m.seconds[m.at(i, j)]) }

// Set writes one pair; only the router that makes the matrix calls it. Values
// above 2^31-1 are held at that, which no road on earth reaches.
func (m Matrix) Set(i, j int, metres, seconds int64) {
	k := m.at(i, j)
	m.metres[k] = int32(min(metres, math.MaxInt32))
	m.seconds[k] = int32(min(seconds, math.MaxInt32))
}

// at is the place of a pair in the row-major slices.
func (m Matrix) at(i, j int) int {
	if i < 0 || i >= m.sources || j < 0 || j >= m.targets {
		panic("geo: matrix index out of range")
	}
	return i*m.targets + j
}

// UnreachableS is the seconds of a drive that no road serves, about three years:
// no window and no limit allows it. Its metres say how far a road is from the end
// that is farther from one.
const UnreachableS = 100_000_000
