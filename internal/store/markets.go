package store

import (
	"context"

	"pinhuo/freight"
)

var marketTable = &table[freight.Market]{name: "markets", columns: []string{
	"id", "name", "south", "west", "north", "east", "zone",
}, fields: func(m *freight.Market, to []any) []any {
	return append(to, &m.ID, &m.Name, &m.Box.South, &m.Box.West, &m.Box.North, &m.Box.East, &m.Zone)
}}

// CreateMarket adds a market, whose events begin at 1.
func (s *Store) CreateMarket(ctx context.Context, m freight.Market) error {
	return failure("add a market", s.writer.do(ctx, nil, func(tx *writeTx) error {
		if err := insert(tx, marketTable, []freight.Market{m}); err != nil {
			return err
		}
		_, err := tx.exec("INSERT INTO writers (market_id, holder, epoch, event_seq, change_seq, at) VALUES (?, '', 0, 0, 0, 0)", string(m.ID))
		return err
	}))
}

// Markets lists all markets, oldest first.
func (s *Store) Markets(ctx context.Context) ([]freight.Market, error) {
	list, err := marketTable.list(s.reader.now(ctx), "ORDER BY id")
	return list, failure("list the markets", err)
}
