package roads

import (
	"math"
	"slices"

	"pinhuo/geo"
)

// gridSpec is the raster that finds the roads near a place: squares of a number
// of 1e-7 degrees from the south-western corner.
type gridSpec struct {
	South, West int32
	Side        int32
	Rows, Cols  int32
}

// strand is a straight of a piece: from the shape point of that number to the next.
// Where these are stands here too, so that a search reads one place of memory.
type strand struct {
	Piece, Point                 uint32
	LatE7, LngE7, Lat2E7, Lng2E7 int32
}

// grid lists the straights that touch a square.
type grid struct {
	gridSpec
	first   []uint32
	strands []strand
}

// The sides of squares: about 1.8 km, and more where a region is so large that
// its squares would be too many.
const (
	leastSide   = 163_840
	mostSquares = 4 << 20
)

func newGrid(net *Network) grid {
	south, west, north, east := int32(math.MaxInt32), int32(math.MaxInt32), int32(math.MinInt32), int32(math.MinInt32)
	for _, p := range net.Shape {
		south, north = min(south, p.LatE7), max(north, p.LatE7)
		west, east = min(west, p.LngE7), max(east, p.LngE7)
	}
	g := grid{gridSpec: gridSpec{South: south, West: west, Side: leastSide}}
	for {
		g.Rows = int32((int64(north)-int64(south))/int64(g.Side)) + 1
		g.Cols = int32((int64(east)-int64(west))/int64(g.Side)) + 1
		if int64(g.Rows)*int64(g.Cols) <= mostSquares {
			break
		}
		g.Side *= 2
	}
	g.fill(net)
	return g
}

// fill enters every straight into the squares of its bounding box that it
// touches.
func (g *grid) fill(net *Network) {
	each := func(yield func(square uint32, s strand)) {
		for i := range net.Pieces {
			if net.Pieces[i].Class == Gate {
				continue
			}
			points := net.shape(i)
			for k := 1; k < len(points); k++ {
				a, b := points[k-1], points[k]
				s := strand{uint32(i), net.Pieces[i].Shape + uint32(k-1), a.LatE7, a.LngE7, b.LatE7, b.LngE7}
				g.touch(a, b, func(square uint32) { yield(square, s) })
			}
		}
	}
	squares := int(g.Rows) * int(g.Cols)
	g.first = make([]uint32, squares+1)
	each(func(square uint32, _ strand) { g.first[square+1]++ })
	for i := range squares {
		g.first[i+1] += g.first[i]
	}
	g.strands = make([]strand, g.first[squares])
	next := slices.Clone(g.first)
	each(func(square uint32, s strand) {
		g.strands[next[square]] = s
		next[square]++
	})
}

func (g *grid) square(row, col int32) uint32 { return uint32(row)*uint32(g.Cols) + uint32(col) }

// touch names the squares that a straight runs through: in each row those
// between the longitudes where it enters and leaves.
func (g *grid) touch(a, b ShapePoint, yield func(square uint32)) {
	if a.LatE7 > b.LatE7 {
		a, b = b, a
	}
	first, last := (a.LatE7-g.South)/g.Side, (b.LatE7-g.South)/g.Side
	for row := first; row <= last; row++ {
		x, y := float64(a.LngE7), float64(b.LngE7)
		if rise := float64(b.LatE7) - float64(a.LatE7); rise > 0 {
			low, high := float64(g.South+row*g.Side), float64(g.South)+float64(row+1)*float64(g.Side)
			along := func(lat float64) float64 {
				t := min(max((lat-float64(a.LatE7))/rise, 0), 1)
				return float64(a.LngE7) + t*(float64(b.LngE7)-float64(a.LngE7))
			}
			x, y = along(low), along(high)
		}
		if x > y {
			x, y = y, x
		}
		from, to := g.col(x-1), g.col(y+1)
		for col := from; col <= to; col++ {
			yield(g.square(row, col))
		}
	}
}

// col is the column of a longitude, held within the grid.
func (g *grid) col(lngE7 float64) int32 {
	return min(max(int32(math.Floor((lngE7-float64(g.West))/float64(g.Side))), 0), g.Cols-1)
}

// row is the row of a latitude, held within the grid.
func (g *grid) row(latE7 float64) int32 {
	return min(max(int32(math.Floor((latE7-float64(g.South))/float64(g.Side))), 0), g.Rows-1)
}

// plane is the flat map around a place: metres to the east and north of it. It
// is exact enough to tell the nearest road up to some tens of kilometres.
type plane struct {
	lat, lng float64 // 1e-7 degree
	perLat   float64 // metres
	perLng   float64
}

func newPlane(p geo.Point) plane {
	perLat := geo.EarthRadiusM * math.Pi / 180 / 1e7
	return plane{lat: float64(p.LatE7), lng: float64(p.LngE7), perLat: perLat, perLng: perLat * math.Cos(p.Lat()*math.Pi/180)}
}

// apart is the least squared distance in metres from the plane's middle to a square.
func (g *grid) apart(f *plane, row, col int32) float64 {
	south, west := g.south(row)-f.lat, g.west(col)-f.lng
	y := max(south, -south-float64(g.Side), 0) * f.perLat
	x := max(west, -west-float64(g.Side), 0) * f.perLng
	return x*x + y*y
}

// beyond is the least squared distance in metres to any square outside those that lie
// less than ring rows and columns from one.
func (g *grid) beyond(f *plane, row, col, ring int32) float64 {
	least := math.Inf(1)
	if row+ring < g.Rows {
		least = min(least, max(g.south(row+ring)-f.lat, 0)*f.perLat)
	}
	if row-ring >= 0 {
		least = min(least, max(f.lat-g.south(row-ring+1), 0)*f.perLat)
	}
	if col+ring < g.Cols {
		least = min(least, max(g.west(col+ring)-f.lng, 0)*f.perLng)
	}
	if col-ring >= 0 {
		least = min(least, max(f.lng-g.west(col-ring+1), 0)*f.perLng)
	}
	return least * least
}

// south is the latitude where a row begins, west the longitude where a column does.
func (g *grid) south(row int32) float64 { return float64(g.South) + float64(row)*float64(g.Side) }

func (g *grid) west(col int32) float64 { return float64(g.West) + float64(col)*float64(g.Side) }

// project is the nearest place of a straight to the plane's middle: how far
// along it, 0 to 1, and the distance squared in metres.
func (f *plane) project(s *strand) (t, d2 float64) {
	ax, ay := (float64(s.LngE7)-f.lng)*f.perLng, (float64(s.LatE7)-f.lat)*f.perLat
	dx, dy := (float64(s.Lng2E7)-float64(s.LngE7))*f.perLng, (float64(s.Lat2E7)-float64(s.LatE7))*f.perLat
	if l2 := dx*dx + dy*dy; l2 > 0 {
		t = min(max(-(ax*dx+ay*dy)/l2, 0), 1)
	}
	x, y := ax+t*dx, ay+t*dy
	return t, x*x + y*y
}
