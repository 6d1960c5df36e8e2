package main

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
	"pinhuo/internal/desk"
	"pinhuo/internal/store"
)

// manDesks sees to it that every market's desk has officers: where nobody is on the
// roster, the desk's owners and officers are put on it; where there are none, the log
// says what is missing.
func (srv *server) manDesks(ctx context.Context, s *store.Store) error {
	for market, d := range srv.markets {
		roster, err := rosterOf(ctx, s, market)
		if err == nil && len(roster) == 0 {
			err = srv.enrol(ctx, s, market)
		}
		if err == nil {
			roster, err = rosterOf(ctx, s, market)
		}
		if err != nil {
			if ctx.Err() == nil {
				srv.log.Warn("the desk's roster is not known", "market", d.Market().Name, "error", err)
			}
			continue
		}
		for _, what := range roster.Missing() {
			srv.log.Warn("the desk lacks "+what+": make an owner of a desk with `pinhuo admin`, who names officers on the page", "market", d.Market().Name)
		}
	}
	return nil
}

func rosterOf(ctx context.Context, s *store.Store, market freight.ID) (desk.Roster, error) {
	page, err := s.Officers(ctx, market)
	var roster desk.Roster
	for i := range page.Rows {
		if !page.Rows[i].Off {
			roster = append(roster, &page.Rows[i])
		}
	}
	return roster, err
}

// enrol puts the members of a market's desks on the roster, owners first.
func (srv *server) enrol(ctx context.Context, s *store.Store, market freight.ID) error {
	desks, err := s.Desks(ctx, market)
	if err != nil {
		return err
	}
	for _, role := range []freight.Role{freight.RoleOwner, freight.RoleOfficer} {
		for _, org := range desks {
			members, err := s.Memberships(ctx, org)
			if err != nil {
				return err
			}
			for _, m := range members {
				if m.Role != role {
					continue
				}
				user, err := s.User(ctx, m.User)
				if err != nil {
					return err
				}
				act := freight.SetOfficer{User: m.User, Terms: freight.OfficerTerms{Name: shortName(user.Name)}}
				if _, err := srv.markets.Do(ctx, freight.Command{Market: market, Org: org, Act: act}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// shortName is a name as the roster takes it.
func shortName(name string) string {
	letters := []rune(name)
	return string(letters[:min(len(letters), freight.MaxOfficerName)])
}

// briefDesks tells every market's desk at the set hour what its day came to.
func (srv *server) briefDesks(ctx context.Context, s *store.Store, hour int) error {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		for market, d := range srv.markets {
			err := srv.brief(ctx, s, market, d.Market().Zone, hour)
			if err != nil && ctx.Err() == nil && freight.ProblemOf(err) != freight.ProblemStale {
				srv.log.Warn("no brief yet", "market", d.Market().Name, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// brief writes a market's brief up to the last set hour, unless that is done.
func (srv *server) brief(ctx context.Context, s *store.Store, market freight.ID, zone string, hour int) error {
	place, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	to := briefHour(time.Now().In(place), hour)
	scope := freight.Scope{Market: market, Desk: true}
	last, err := s.Briefs(ctx, freight.Query{Scope: scope, Limit: 1})
	if err != nil {
		return err
	}
	from := to - freight.Day
	if len(last.Rows) > 0 {
		from = last.Rows[0].To
	}
	roster, err := rosterOf(ctx, s, market)
	if err != nil || from >= to || roster.Head() == nil || roster.Head().Made >= to {
		return err
	}
	busy, err := s.Busy(ctx, market, from)
	if err != nil {
		return err
	}
	bare, err := s.Bare(ctx, market, from, to)
	if err != nil {
		return err
	}
	day := desk.Brief(busy, from, to)
	day.Bare = desk.Bare(bare)
	_, err = srv.markets.Do(ctx, freight.Command{Market: market, Org: roster.Head().Org, Act: freight.KeepBrief{Brief: day}})
	return err
}

// briefHour is the last set hour that has passed.
func briefHour(now time.Time, hour int) freight.Instant {
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, now.Location())
	if at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()-1, hour, 0, 0, 0, now.Location())
	}
	return freight.At(at)
}

// ticketGauges are the live tickets by state, and the age of the oldest.
type ticketGauges struct {
	s       *store.Store
	markets exchange
	live    *prometheus.Desc
	oldest  *prometheus.Desc
}

func newTicketGauges(s *store.Store, markets exchange) *ticketGauges {
	return &ticketGauges{s: s, markets: markets,
		live:   prometheus.NewDesc("pinhuo_tickets", "Live tickets of the desk by state.", []string{"state"}, nil),
		oldest: prometheus.NewDesc("pinhuo_ticket_oldest_seconds", "Age of the oldest live ticket by state, 0 for none.", []string{"state"}, nil)}
}

// Describe lists what is measured.
func (g *ticketGauges) Describe(to chan<- *prometheus.Desc) { to <- g.live; to <- g.oldest }

// Collect asks the database.
func (g *ticketGauges) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	live, oldest := map[freight.TicketState]int64{}, map[freight.TicketState]int64{}
	var failed error
	for market := range g.markets {
		ages, err := g.s.TicketAges(ctx, market)
		failed = errors.Join(failed, err)
		for _, a := range ages {
			live[a.State] += a.N
			oldest[a.State] = max(oldest[a.State], wall().Seconds(a.Since))
		}
	}
	for _, state := range []freight.TicketState{freight.TicketOpen, freight.TicketTaken, freight.TicketDone} {
		if failed != nil {
			to <- prometheus.NewInvalidMetric(g.live, failed)
			return
		}
		to <- prometheus.MustNewConstMetric(g.live, prometheus.GaugeValue, float64(live[state]), string(state))
		to <- prometheus.MustNewConstMetric(g.oldest, prometheus.GaugeValue, float64(oldest[state]), string(state))
	}
}

// lateLoads is the promise as a metric: loads past answer_by without an answer.
func lateLoads(s *store.Store, markets exchange) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "pinhuo_loads_past_answer_by",
		Help: "Open loads past their answer_by that have neither a deal nor an explanation nor a ticket."}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		var late int64
		for id := range markets {
			n, err := s.Late(ctx, id, wall())
			if err != nil {
				return -1 // unknown
			}
			late += n
		}
		return float64(late)
	})
}
