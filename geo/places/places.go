// Package places finds towns by name for the town picker, offline.
package places

import "pinhuo/geo"

// Place is a town of the gazetteer.
type Place struct {
	ID         int64     // GeoNames id
	Name       string    // in Han where the gazetteer has it, else Latin
	Latin      string    // romanised
	Parent     string    // province, and prefecture where known, in Han
	Point      geo.Point // WGS-84
	Population int64     // 0 where unknown
}
