package main

import (
	"context"
	"fmt"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/accounts"
	"pinhuo/internal/demo"
	"pinhuo/internal/store"
)

// The cast of the demonstration. The first firm and the first carrier are those
// a person can sign in to; that carrier answers slowly, so that the person may
// be quicker.
var (
	demoFirms    = []string{"海门示范电机厂", "海门示范家纺", "海门示范五金", "常州示范塑料"}
	demoCarriers = []string{"示范车队一", "示范车队二", "示范车队三"}
)

const (
	demoOpening  = 18
	demoPace     = 15 * time.Second
	slowPatience = 40 * time.Second
	patience     = 8 * time.Second
)

// initDemo makes the demonstration's market unless the database holds one.
func initDemo(ctx context.Context, s *store.Store) error {
	if list, err := s.Markets(ctx); err != nil || len(list) > 0 {
		return err
	}
	a := accounts.New(accounts.Config{Store: s, Mint: minter{}})
	box, err := parseBox("27.1,115.3,34.3,123.75")
	if err != nil {
		return err
	}
	market, err := a.CreateMarket(ctx, "海门工业物流（示范）", "Asia/Shanghai", box)
	if err != nil {
		return err
	}
	if _, _, err := addMember(ctx, a, market.ID, freight.OrgDesk, "开发区物流专班", "值班员", freight.RoleOfficer); err != nil {
		return err
	}
	for _, name := range demoFirms {
		if _, _, err := addMember(ctx, a, market.ID, freight.OrgEnterprise, name, "物流员", freight.RoleClerk); err != nil {
			return err
		}
	}
	for _, name := range demoCarriers {
		if _, _, err := addMember(ctx, a, market.ID, freight.OrgCarrier, name, "司机", freight.RoleDriver); err != nil {
			return err
		}
	}
	return nil
}

// demo prints a sign-in link for each role and plays the market.
func (srv *server) demo(ctx context.Context, c *serveCommand, s *store.Store, base string, io streams) error {
	markets, err := s.Markets(ctx)
	if err != nil {
		return err
	}
	orgs, err := s.Orgs(ctx, markets[0].ID)
	if err != nil {
		return err
	}
	cfg := demo.Config{Base: base, Seed: c.DemoSeed, Opening: demoOpening, Pace: demoPace, Log: srv.log}
	shown := base
	if c.PublicURL != "" {
		shown = c.PublicURL
	}
	fmt.Fprintf(io.out, "\npinhuo is ready at %s\nSign in with one of these links, each good once (a restart prints new ones):\n", shown)
	seen := map[freight.OrgKind]bool{}
	for _, org := range orgs {
		if !seen[org.Kind] {
			if err := srv.printDemoLink(ctx, s, org, shown, io); err != nil {
				return err
			}
		}
		if err := srv.cast(ctx, &cfg, org, !seen[org.Kind]); err != nil {
			return err
		}
		seen[org.Kind] = true
	}
	fmt.Fprintf(io.out, "Robots play everybody else: they post loads, announce trips, answer offers on the trips that they announced and share hired\n"+
		"trucks; on your own accounts after up to %d seconds, so that you may be quicker. What you post or announce is yours alone.\n"+
		"One load that no truck can take is told why within about a minute: see the clerk's page and the desk's.\n\n", int(slowPatience.Seconds()))
	return demo.Run(ctx, cfg)
}

// cast gives the organization a token and a part; the desk has none.
func (srv *server) cast(ctx context.Context, cfg *demo.Config, org freight.Org, slow bool) error {
	if org.Kind == freight.OrgDesk {
		return nil
	}
	_, secret, err := srv.gate.IssueToken(ctx, org.ID, "demo", "")
	if err != nil {
		return err
	}
	player := demo.Player{Name: org.Name, Token: secret, Patience: patience}
	if slow {
		player.Patience = slowPatience
	}
	if org.Kind == freight.OrgCarrier {
		cfg.Carriers = append(cfg.Carriers, player)
	} else {
		cfg.Firms = append(cfg.Firms, player)
	}
	return nil
}

var demoRoles = map[freight.OrgKind]string{
	freight.OrgEnterprise: "factory clerk", freight.OrgCarrier: "truck driver", freight.OrgDesk: "desk officer",
}

func (srv *server) printDemoLink(ctx context.Context, s *store.Store, org freight.Org, base string, io streams) error {
	members, err := s.Memberships(ctx, org.ID)
	if err != nil || len(members) == 0 {
		return err
	}
	secret, expires, err := srv.gate.IssueLink(ctx, members[0].User, org.ID, "")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "  %-14s %s  (until %s)\n", demoRoles[org.Kind], linkURL(base, secret), expires.Time().Local().Format("2006-01-02 15:04 -07:00"))
	return err
}
