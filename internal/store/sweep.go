package store

import (
	"context"
	"strings"

	"pinhuo/freight"
)

// LiveCredentials returns those of the sessions and tokens that open something
// at the instant (not revoked, not expired, membership holds), each with the
// instant it ends, 0 for never.
func (s *Store) LiveCredentials(ctx context.Context, ids []freight.ID, at freight.Instant) (map[freight.ID]freight.Instant, error) {
	live := map[freight.ID]freight.Instant{}
	err := s.reader.view(ctx, func(q querier) error {
		for _, part := range lists(ids) {
			sessions, err := sessionTable.list(q, "WHERE id IN "+places(len(part))+" AND EXISTS (SELECT 1 FROM memberships AS m "+
				"WHERE m.org_id = sessions.org_id AND m.user_id = sessions.user_id AND m.ended = 0)", texts(part)...)
			if err != nil {
				return err
			}
			for _, session := range sessions {
				if session.Live(at) {
					live[session.ID] = min(session.Expires, session.Until)
				}
			}
			tokens, err := tokenTable.byID(q, part)
			if err != nil {
				return err
			}
			for _, token := range tokens {
				if token.Live(at) {
					live[token.ID] = token.Expires
				}
			}
		}
		return nil
	})
	return live, failure("look up credentials", err)
}

// Sweep removes links, sessions and tokens that ended before the instant.
func (s *Store) Sweep(ctx context.Context, before freight.Instant) error {
	return failure("sweep credentials", s.writer.do(ctx, nil, func(tx *writeTx) error {
		for _, text := range [...]string{
			"DELETE FROM links WHERE expires < ? OR used > 0 AND used < ?",
			"DELETE FROM sessions WHERE expires < ? OR until < ? OR revoked > 0 AND revoked < ?",
			"DELETE FROM tokens WHERE expires > 0 AND expires < ? OR revoked > 0 AND revoked < ?",
		} {
			var args []any
			for range strings.Count(text, "?") {
				args = append(args, int64(before))
			}
			if _, err := tx.exec(text, args...); err != nil {
				return err
			}
		}
		return nil
	}))
}

// AnswersKept is how long a first answer is given again to its key.
const AnswersKept = 7 * freight.Day

// sweptAtOnce bounds one transaction of a sweep, so that commits pass.
const sweptAtOnce = 1000

// SweepAnswers removes first answers older than AnswersKept at the instant and
// tells how many. Commits go on between its transactions.
func (s *Store) SweepAnswers(ctx context.Context, now freight.Instant) (int, error) {
	return s.sweepOld(ctx, "sweep answers",
		"DELETE FROM answers WHERE (org_id, name) IN (SELECT org_id, name FROM answers WHERE at < ? ORDER BY at LIMIT ?)", now-AnswersKept)
}

// sweepOld removes rows of before an instant, some at a time, by a text that takes both.
func (s *Store) sweepOld(ctx context.Context, op, text string, before freight.Instant) (int, error) {
	total := 0
	for {
		n := 0
		err := s.writer.do(ctx, nil, func(tx *writeTx) (err error) {
			n, err = tx.exec(text, int64(before), sweptAtOnce)
			return err
		})
		total += n
		if err != nil || n < sweptAtOnce {
			return total, failure(op, err)
		}
	}
}
