package geo

import (
	"fmt"

	"github.com/uber/h3-go/v4"
)

// CellAt is the H3 cell of a resolution from 0 to 15 that holds p. It fails with
// ErrCoordinates for a point that is not valid.
func CellAt(p Point, resolution int) (uint64, error) {
	if !p.Valid() {
		return 0, fmt.Errorf("cell of %v: %w", p, ErrCoordinates)
	}
	c, err := h3.LatLngToCell(h3.LatLng{Lat: p.Lat(), Lng: p.Lng()}, resolution)
	if err != nil {
		return 0, fmt.Errorf("cell of %v at resolution %d: %w", p, resolution, err)
	}
	return uint64(c), nil
}
