package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"pinhuo/freight"
)

// epochs remembers which fencing epoch this process has of each market.
type epochs struct {
	mu sync.Mutex
	of map[freight.ID]lease
}

type lease struct {
	epoch  int64
	holder string
}

func (e *epochs) set(market freight.ID, l lease) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.of == nil {
		e.of = map[freight.ID]lease{}
	}
	if l.epoch > e.of[market].epoch { // of two that raced the later counts
		e.of[market] = l
	}
}

func (e *epochs) get(market freight.ID) lease {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.of[market]
}

// Acquire makes this process the writer of a market: it takes the lock and a
// new fencing epoch, which ends every earlier writer, and returns everything
// live. The holder is a text that people recognise, such as host and process.
// While another process holds the market it fails with a *HeldError.
//
// State.Offers holds the open offers and, of those loads, the declined and
// expired ones: who said no is not asked again. Loads and bookings of trips that
// are over stay in the database.
func (s *Store) Acquire(ctx context.Context, market freight.ID, holder string) (freight.State, error) {
	var state freight.State
	err := s.writer.do(ctx, s.guarded(market, holder), func(tx *writeTx) error {
		n, err := tx.exec("UPDATE writers SET epoch = epoch + 1, holder = ? WHERE market_id = ?", holder, string(market))
		if err != nil {
			return err
		}
		if n == 0 {
			return freight.Missing("market", market)
		}
		if err := chainDeeds(tx, market); err != nil {
			return err
		}
		state, err = load(tx, market)
		return err
	})
	if err != nil {
		return freight.State{}, acquireError(err)
	}
	s.epochs.set(market, lease{state.Epoch, holder})
	return state, nil
}

// Reload returns everything live once more, under the epoch that Acquire took.
// It waits for a commit whose outcome is unknown to end, and up to
// reloadPatience for a database that is away: without it a writer cannot go on.
// When another writer has the market by now it fails with CommitFenced.
func (s *Store) Reload(ctx context.Context, market freight.ID) (freight.State, error) {
	var state freight.State
	var err error
	_, over := patiently(ctx, reloadPatience, func() (bool, error) {
		state, err = s.reload(ctx, market)
		return err == nil || !passing(err), nil
	})
	if err = errors.Join(err, over); err != nil {
		return freight.State{}, acquireError(err)
	}
	return state, nil
}

// reloadPatience is longer than a database server takes to restart.
const reloadPatience = 30 * time.Second

// passing tells whether the same may succeed a moment later.
func passing(err error) bool {
	is := classify(err)
	return is == faultConnection || is == faultContention
}

func (s *Store) reload(ctx context.Context, market freight.ID) (freight.State, error) {
	mine := s.epochs.get(market)
	var state freight.State
	err := s.writer.do(ctx, s.guarded(market, mine.holder), func(tx *writeTx) error {
		// The write lock on the row outlasts any commit still under way.
		n, err := tx.exec("UPDATE writers SET epoch = epoch WHERE market_id = ? AND epoch = ?", string(market), mine.epoch)
		if err != nil {
			return err
		}
		if n == 0 {
			return fenced()
		}
		state, err = load(tx, market)
		return err
	})
	return state, err
}

// acquireError lets the refusals through that a caller can act upon.
func acquireError(err error) error {
	if held, ok := errors.AsType[*HeldError](err); ok {
		return held
	}
	if fenced, ok := errors.AsType[*freight.CommitError](err); ok {
		return fenced
	}
	return failure("load the market", err)
}

func (s *Store) guarded(market freight.ID, holder string) func(ctx context.Context, conn *sql.Conn) error {
	return func(ctx context.Context, conn *sql.Conn) error { return s.engine.guard.take(ctx, conn, market, holder) }
}

// fenced says that another writer has the market.
func fenced() error { return &freight.CommitError{Fault: freight.CommitFenced} }

// load reads what a writer holds in memory: everything that may still change,
// and so not the loads and bookings of trips that are over. Everything is in
// order of ids.
func load(q querier, market freight.ID) (state freight.State, err error) {
	state, err = loadHead(q, market)
	if err != nil {
		return state, err
	}
	if err := checkHead(q, state); err != nil {
		return state, err
	}
	m := string(market)
	if state.Desks, err = desks(q, m); err != nil {
		return state, err
	}
	if state.Vehicles, err = vehicleTable.list(q, "WHERE market_id = ? ORDER BY id", m); err != nil {
		return state, err
	}
	if state.Trips, err = tripTable.list(q, "WHERE market_id = ? AND "+liveTrips+" ORDER BY id", m); err != nil {
		return state, err
	}
	if state.Bookings, err = bookingTable.list(q, "WHERE "+riding+" ORDER BY id", m); err != nil {
		return state, err
	}
	if state.Loads, err = inOrder(q, loadTable, m, postedLoads, "id IN "+ridingLoads); err != nil {
		return state, err
	}
	if err := poolState(q, m, &state); err != nil {
		return state, err
	}
	if err := deskState(q, m, &state); err != nil {
		return state, err
	}
	if err := askingState(q, m, &state); err != nil {
		return state, err
	}
	if err := talliesState(q, m, &state); err != nil {
		return state, err
	}
	if state.Gone, err = gone(q, m, state.Loads); err != nil {
		return state, err
	}
	state.Offers, err = inOrder(q, offerTable, m, openOffers, refusals+"load_id IN (SELECT id FROM loads WHERE "+postedLoads+")",
		refusals+"load_id IN "+ridingLoads)
	return state, err
}

// Desks lists the organizations of a market's desk, in order of id.
func (s *Store) Desks(ctx context.Context, market freight.ID) ([]freight.ID, error) {
	ids, err := desks(s.reader.now(ctx), string(market))
	return ids, failure("list the desks", err)
}

// desks lists the organizations of a market's desk.
func desks(q querier, market string) ([]freight.ID, error) {
	orgs, err := orgTable.list(q, "WHERE market_id = ? AND kind = ? ORDER BY id", market, string(freight.OrgDesk))
	var ids []freight.ID
	for _, o := range orgs {
		ids = append(ids, o.ID)
	}
	return ids, err
}

// The conditions of the partial indexes, word for word, and what a writer asks
// by them; each that has a ? takes the market.
const (
	liveTrips    = "state IN ('announced', 'open', 'underway', 'lapsed', 'overdue', 'stopped')"
	liveBookings = "state IN ('held', 'firm', 'aboard')"
	postedLoads  = "market_id = ? AND state = 'posted'"
	openOffer    = "state IN ('sent', 'seen', 'countered')"
	openOffers   = "market_id = ? AND " + openOffer
	riding       = liveBookings + " AND trip_id IN (SELECT id FROM trips WHERE market_id = ? AND " + liveTrips + ")"
	ridingLoads  = "(SELECT load_id FROM bookings WHERE " + riding + ")"
	refusals     = "state IN ('declined', 'expired', 'accepted') AND " // an accepted one of a posted load came to nothing
)

// inOrder reads the rows of conditions that exclude each other, in order of ids.
func inOrder[T any](q querier, t *entityTable[T], market string, conditions ...string) ([]T, error) {
	var all []T
	for _, condition := range conditions {
		rows, err := t.list(q, "WHERE "+condition, market)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	slices.SortFunc(all, func(a, b T) int { return cmp.Compare(t.meta(&a).ID, t.meta(&b).ID) })
	return all, nil
}

// loadHead reads a market and where its numbering stands.
func loadHead(q querier, market freight.ID) (state freight.State, err error) {
	markets, err := marketTable.list(q, "WHERE id = ?", string(market))
	if err != nil {
		return state, err
	}
	if len(markets) == 0 {
		return state, freight.Missing("market", market)
	}
	state.Market = markets[0]
	return state, readWriter(q, &state)
}

// readWriter reads the row of a market's writer, where there is one.
func readWriter(q querier, state *freight.State) error {
	rows, err := q.query("SELECT epoch, event_seq, change_seq, at, act_seq, act_head FROM writers WHERE market_id = ?", string(state.Market.ID))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&state.Epoch, &state.EventSeq, &state.ChangeSeq, &state.At, &state.DeedSeq, (*hash)(&state.DeedHead)); err != nil {
			return err
		}
	}
	return rows.Err()
}

// checkHead refuses to write on where events or changes do not end at the
// numbers that the writers row says, or the log of acts goes on after its own. A log that
// ends before it is written on all the same: the audit names the gap.
func checkHead(q querier, state freight.State) error {
	market := string(state.Market.ID)
	rows, err := q.query("SELECT COALESCE((SELECT max(seq) FROM events WHERE market_id = ?), 0), "+
		"COALESCE((SELECT max(seq) FROM changes WHERE market_id = ?), 0), COALESCE((SELECT max(seq) FROM acts WHERE market_id = ?), 0)", market, market, market)
	if err != nil {
		return err
	}
	defer rows.Close()
	var events, changes, acts int64
	for rows.Next() {
		if err := rows.Scan(&events, &changes, &acts); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if events != state.EventSeq || changes != state.ChangeSeq {
		return own(fmt.Errorf("market %s is damaged: its last event is %d and should be %d, its last change %d and should be %d",
			market, events, state.EventSeq, changes, state.ChangeSeq))
	}
	if acts > state.DeedSeq {
		return own(fmt.Errorf("market %s is damaged: its log of acts has a row %d that its writer did not write after %d", market, acts, state.DeedSeq))
	}
	return nil
}

// Head returns the number of the market's last event.
func (s *Store) Head(ctx context.Context, market freight.ID) (int64, error) {
	seq, err := readHead(s.reader.now(ctx), market)
	return seq, failure("read the head", err)
}

func readHead(q querier, market freight.ID) (int64, error) {
	rows, err := q.query("SELECT event_seq FROM writers WHERE market_id = ?", string(market))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return 0, err
		}
		return 0, freight.Missing("market", market)
	}
	var seq int64
	if err := rows.Scan(&seq); err != nil {
		return 0, err
	}
	return seq, rows.Err()
}
