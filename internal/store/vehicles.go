package store

import (
	"context"

	"pinhuo/freight"
)

// Vehicle returns one vehicle of the scope and the market's last event number.
func (s *Store) Vehicle(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Vehicle, int64, error) {
	return oneView(ctx, s, vehicleTable, scope, id)
}

// Vehicles returns a page of the scope's vehicles, newest first.
func (s *Store) Vehicles(ctx context.Context, query freight.Query) (freight.Page[freight.Vehicle], error) {
	return listView(ctx, s, vehicleTable, query, false)
}
