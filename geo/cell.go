package geo

import (
	"fmt"

	"github.com/uber/h3-go/v4"
)

// CellResolution is the H3 resolution of the index: cells of about 1,770 km²,
// right for detour limits of 20-60 km.
const CellResolution = 4

// Cell is an H3 cell of CellResolution. The zero Cell is no cell.
type Cell uint64

// CellOf is the cell that holds p. It fails with ErrCoordinates for a point
// that is not valid.
func CellOf(p Point) (Cell, error) {
	if !p.Valid() {
		return 0, fmt.Errorf("cell of %v: %w", p, ErrCoordinates)
	}
	c, err := h3.LatLngToCell(h3.LatLng{Lat: p.Lat(), Lng: p.Lng()}, CellResolution)
	if err != nil {
		return 0, fmt.Errorf("cell of %v: %w", p, err)
	}
	return Cell(c), nil
}

// String is the cell's index in hexadecimal, as H3 tools write it.
func (c Cell) String() string { return fmt.Sprintf("%x", uint64(c)) }

// family is the cell's parent, as a key, and which of its children the cell is.
func (c Cell) family() (parent Cell, child uint32) {
	const shift = 3 * (15 - CellResolution) // H3 keeps three bits for each resolution from 1 to 15
	return c &^ (7 << shift), uint32(c >> shift & 7)
}
