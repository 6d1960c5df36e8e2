package main

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// check holds the database against what callers were told: every acknowledged
// load is there with its first answer and its event, and events and changes are
// numbered without a gap.
func (m *market) check(ctx context.Context, acked []freight.ID) error {
	if len(acked) == 0 {
		return fmt.Errorf("nothing was acknowledged")
	}
	return m.store.Snapshot(ctx, func(s *store.Snapshot) error { return m.hold(ctx, s, acked) })
}

func (m *market) hold(ctx context.Context, s *store.Snapshot, acked []freight.ID) error {
	events, err := dense("event", s.AuditEvents(ctx, m.id), func(e *freight.Event) int64 { return e.Seq })
	if err != nil {
		return err
	}
	if _, err := dense("change", s.AuditChanges(ctx, m.id), func(c *freight.Change) int64 { return c.Seq }); err != nil {
		return err
	}
	posted := map[freight.ID]bool{}
	for _, e := range events {
		if e.Type == freight.EventLoadPosted {
			posted[e.Subject] = true
		}
	}
	rows, err := idsOf(s.AuditLoads(ctx, m.id), func(l *freight.Load) freight.ID { return l.ID })
	if err != nil {
		return err
	}
	answers, err := idsOf(s.AuditAnswers(ctx, m.id), func(a *freight.Answer) freight.ID {
		if a.Result.Load == nil {
			return ""
		}
		return a.Result.Load.ID
	})
	if err != nil {
		return err
	}
	for _, id := range acked {
		if !rows[id] || !posted[id] || !answers[id] {
			return fmt.Errorf("load %s was acknowledged: in the database row %t, event %t, first answer %t", id, rows[id], posted[id], answers[id])
		}
	}
	return nil
}

// dense reads numbered rows and fails where a number is missing.
func dense[T any](what string, rows iter.Seq2[T, error], number func(*T) int64) ([]T, error) {
	var list []T
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		list = append(list, row)
		if got := number(&list[len(list)-1]); got != int64(len(list)) {
			return nil, fmt.Errorf("%s %d follows %d", what, got, len(list)-1)
		}
	}
	return list, nil
}

func idsOf[T any](rows iter.Seq2[T, error], id func(*T) freight.ID) (map[freight.ID]bool, error) {
	found := map[freight.ID]bool{}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		found[id(&row)] = true
	}
	return found, nil
}

// bookings holds those in the database against what drivers were told: offer by offer.
func (x *exchange) bookings(b *bench, told map[string]string) (err error) {
	s, err := store.Open(b.ctx, x.db.config())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.Snapshot(b.ctx, func(s *store.Snapshot) error {
		held := 0
		for k, err := range s.AuditBookings(b.ctx, x.market.id) {
			if err != nil {
				return err
			}
			if held++; !k.Live() || told[string(k.Offer)] != string(k.ID) {
				return fmt.Errorf("booking %s of offer %s is %s, and %q was told", k.ID, k.Offer, k.State, told[string(k.Offer)])
			}
		}
		if held != len(told) {
			return fmt.Errorf("%d yeses were taken, %d bookings are in the database", len(told), held)
		}
		return nil
	})
}
