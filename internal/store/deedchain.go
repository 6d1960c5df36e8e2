package store

import (
	"context"
	"fmt"

	"pinhuo/freight"
)

type deedRoot struct {
	market freight.ID
	freight.DeedRoot
}

var deedRootTable = &table[deedRoot]{name: "act_roots", columns: []string{"market_id", "seq", "hash", "since", "filled"},
	fields: func(r *deedRoot, to []any) []any {
		return append(to, &r.market, &r.Seq, (*hash)(&r.Hash), &r.Since, &r.Filled)
	}}

// rootOf reads where the chain of a market's log begins; none where Since is 0.
func rootOf(q querier, market freight.ID) (root freight.DeedRoot, err error) {
	rows, err := deedRootTable.list(q, "WHERE market_id = ?", string(market))
	if len(rows) > 0 {
		root = rows[0].DeedRoot
	}
	return root, err
}

// chainDeeds begins the chain of a market's log where it has none: rows that are there are
// chained as they are. Where a row has a chain already a root is missing that was there,
// and none is made up.
func chainDeeds(tx *writeTx, market freight.ID) error {
	root, err := rootOf(tx, market)
	if err != nil || root.Since != 0 {
		return err
	}
	last, err := deedTable.list(tx, "WHERE market_id = ? ORDER BY seq DESC LIMIT 1", string(market))
	if err != nil || len(last) > 0 && last[0].Chain != [32]byte{} {
		return err
	}
	was := freight.State{Market: freight.Market{ID: market}}
	if err := readWriter(tx, &was); err != nil {
		return err
	}
	root.Since = max(was.At, 1)
	var head [32]byte
	for seq := int64(0); len(last) > 0 && seq < last[0].Seq; {
		part, err := deedTable.list(tx, "WHERE market_id = ? AND seq > ? ORDER BY seq LIMIT ?", string(market), seq, sweptAtOnce)
		if err != nil {
			return err
		}
		if seq == 0 {
			root.Seq = part[0].Seq - 1
		}
		for i := range part {
			seq, head = part[i].Seq, part[i].Link(head)
			if _, err := tx.exec("UPDATE acts SET chain = ? WHERE id = ?", head[:], string(part[i].ID)); err != nil {
				return err
			}
		}
		root.Filled = seq
	}
	if _, err := tx.exec("UPDATE writers SET act_seq = ?, act_head = ? WHERE market_id = ?", root.Filled, head[:], string(market)); err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO act_roots (market_id, seq, hash, since, filled) VALUES (?, ?, ?, ?, ?)",
		string(market), root.Seq, root.Hash[:], int64(root.Since), root.Filled)
	return err
}

// DeedsKept is how long the log of acts is kept: what an online freight platform records
// must be kept for three years.
const DeedsKept = 1096 * freight.Day

// SweepDeeds removes rows of the log of acts that are older than DeedsKept at the instant
// and tells how many; the last of each market stays. The chain begins after them from
// then on, as the same transaction writes down.
func (s *Store) SweepDeeds(ctx context.Context, now freight.Instant) (int, error) {
	total := 0
	roots, err := deedRootTable.list(s.reader.now(ctx), "ORDER BY market_id")
	for i := 0; i < len(roots) && err == nil; {
		n := 0
		err = s.writer.do(ctx, nil, func(tx *writeTx) (err error) {
			n, err = cutDeeds(tx, roots[i].market, now-DeedsKept)
			return err
		})
		if total += n; n == 0 {
			i++
		}
	}
	return total, failure("sweep the log of acts", err)
}

// cutDeeds cuts some of the first rows of a market's log, those of before an instant.
func cutDeeds(tx *writeTx, market freight.ID, before freight.Instant) (int, error) {
	m := string(market)
	last, err := deedTable.list(tx, "WHERE market_id = ? AND made < ? AND seq < (SELECT max(seq) FROM acts WHERE market_id = ?) "+
		"AND seq < (SELECT min(seq) FROM acts WHERE market_id = ?) + ? ORDER BY seq DESC LIMIT 1", m, int64(before), m, m, sweptAtOnce)
	if err != nil || len(last) == 0 {
		return 0, err
	}
	cut := last[0]
	n, err := tx.exec("UPDATE act_roots SET seq = ?, hash = ? WHERE market_id = ?", cut.Seq, cut.Chain[:], m)
	if err != nil {
		return 0, err
	}
	if n != 1 {
		return 0, own(fmt.Errorf("the log of acts of market %s has no root", m))
	}
	return tx.exec("DELETE FROM acts WHERE market_id = ? AND seq <= ?", m, cut.Seq)
}

// DeedHead returns where a market's log of acts ends.
func (s *Store) DeedHead(ctx context.Context, market freight.ID) (freight.DeedHead, error) {
	state := freight.State{Market: freight.Market{ID: market}}
	err := readWriter(s.reader.now(ctx), &state)
	return freight.DeedHead{Market: market, Seq: state.DeedSeq, Hash: state.DeedHead}, failure("read the head of the log", err)
}
