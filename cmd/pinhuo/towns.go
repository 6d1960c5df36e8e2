package main

import (
	"errors"
	"strconv"

	"pinhuo/api"
	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/places"
)

// towns answers the town picker from the gazetteer.
type towns struct{ *places.Gazetteer }

// Search finds towns by name.
func (t towns) Search(text string, near *freight.Point, limit int) ([]api.Town, error) {
	found, err := t.Gazetteer.Search(text, (*geo.Point)(near), limit)
	if err != nil {
		return nil, placeError(err, text)
	}
	list := make([]api.Town, 0, len(found))
	for _, p := range found {
		list = append(list, townOf(p))
	}
	return list, nil
}

// At finds the town at a point and the units it belongs to.
func (t towns) At(p freight.Point) ([]api.Town, error) {
	spot, err := t.Gazetteer.At(geo.Point(p))
	if err != nil {
		return nil, placeError(err, "")
	}
	list := []api.Town{townOf(spot.Place)}
	for _, unit := range []*places.Place{spot.Town, spot.County, spot.City, spot.Province} {
		if unit != nil && unit.ID != list[len(list)-1].ID {
			list = append(list, townOf(*unit))
		}
	}
	return list, nil
}

// Rough tells whether a stop stands where only a larger unit is known to be.
func (t towns) Rough(town string, p freight.Point) bool { return t.Gazetteer.Rough(town, geo.Point(p)) }

func townOf(p places.Place) api.Town {
	return api.Town{
		ID: p.ID, Kind: p.Kind.String(), Name: p.Name, Full: p.Full, Latin: p.Latin, Parent: p.Parent,
		Point: freight.Point(p.Point), Bookable: p.Bookable(),
	}
}

// placeError is what a person is told of bad input to the gazetteer.
func placeError(err error, text string) error {
	told := &freight.Error{Code: freight.Invalid, Field: "q", Value: freight.Shorten(text)}
	switch {
	case errors.Is(err, places.ErrEmpty):
		told.Problem = freight.ProblemRequired
	case errors.Is(err, places.ErrLong):
		told.Problem, told.Max = freight.ProblemRange, strconv.Itoa(places.MaxQuery)
	case errors.Is(err, places.ErrText):
		told.Problem = freight.ProblemMalformed
	case errors.Is(err, geo.ErrCoordinates):
		told.Problem, told.Field = freight.ProblemRange, "lat"
	default:
		return err
	}
	return told
}
