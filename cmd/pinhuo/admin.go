package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/accounts"
	"pinhuo/internal/store"
)

// adminCommand makes what the API cannot make for itself.
type adminCommand struct {
	Init   initCommand   `cmd:"" help:"Make a market with its desk and its owner, and print the owner's sign-in link."`
	Market marketCommand `cmd:"" help:"Markets."`
	Org    orgCommand    `cmd:"" help:"Organizations."`
	User   userCommand   `cmd:"" help:"Users: what they may do and how they sign in."`
	Token  tokenCommand  `cmd:"" help:"API tokens."`
	Backup backupCommand `cmd:"" help:"Copy the embedded database to a file while the server runs."`

	NewHistory newHistoryCommand `cmd:"" help:"Tell a database that it was restored from a copy, so that clients of a later state read anew. Not needed after admin backup."`
}

// withAccounts opens the database that is there and hands its accounts to do.
func withAccounts(ctx context.Context, db database, do func(*store.Store, *accounts.Accounts) error) error {
	return using(ctx, db.open, do)
}

// using opens a database one way or the other and hands its accounts to do.
func using(ctx context.Context, open func(context.Context) (*store.Store, error), do func(*store.Store, *accounts.Accounts) error) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(s, accounts.New(accounts.Config{Store: s, Mint: minter{}})), s.Close())
}

type initCommand struct {
	database
	Name      string `help:"Name of the market." default:"海门工业物流"`
	Zone      string `help:"IANA time zone of the market." default:"Asia/Shanghai"`
	Box       string `help:"Area of the market in degrees: south,west,north,east." default:"27.1,115.3,34.3,123.75"`
	Desk      string `help:"Name of the desk." default:"物流专班"`
	Owner     string `help:"Name of the desk's owner." default:"owner"`
	Another   bool   `help:"Make a market beside those that the database holds."`
	PublicURL string `help:"URL under which people reach the server, for the link." default:"http://127.0.0.1:8080" env:"PINHUO_PUBLIC_URL" name:"public-url"`
}

// Run makes the market.
func (c *initCommand) Run(ctx context.Context, io streams) error {
	box, err := parseBox(c.Box)
	if err != nil {
		return err
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return fmt.Errorf("--zone %q is not an IANA time zone: %w", c.Zone, err)
	}
	if err := checkURL(c.PublicURL); err != nil {
		return err
	}
	return using(ctx, c.found, func(s *store.Store, a *accounts.Accounts) error {
		known, err := s.Markets(ctx)
		if err != nil {
			return err
		}
		if len(known) > 0 && !c.Another {
			return fmt.Errorf("the database holds the market %s (%s) already: --another makes one more beside it", known[0].ID, known[0].Name)
		}
		market, err := a.CreateMarket(ctx, c.Name, c.Zone, box)
		if err != nil {
			return err
		}
		desk, link, err := addMember(ctx, a, market.ID, freight.OrgDesk, c.Desk, c.Owner, freight.RoleOwner)
		if err != nil {
			return err
		}
		fmt.Fprintf(io.out, "market  %s  %s\ndesk    %s  %s\n%s", market.ID, market.Name, desk.ID, desk.Name, link.text(c.PublicURL))
		if len(known) > 0 {
			fmt.Fprintln(io.out, "A server that is running opens this market at its next start: restart it.")
		}
		return nil
	})
}

type marketCommand struct {
	List marketListCommand `cmd:"" help:"List the markets: id, time zone and name."`
}

type marketListCommand struct{ database }

// Run lists the markets, oldest first.
func (c *marketListCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(s *store.Store, _ *accounts.Accounts) error {
		markets, err := s.Markets(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(io.out, 0, 4, 2, ' ', 0)
		for _, m := range markets {
			fmt.Fprintf(table, "%s\t%s\t%s\n", m.ID, m.Zone, m.Name)
		}
		return table.Flush()
	})
}

// link is a sign-in link that has just been made.
type link struct {
	secret  string
	expires freight.Instant
}

// text shows the link and how long it is good.
func (l link) text(base string) string {
	return fmt.Sprintf("sign in %s\nuntil   %s, once\n", linkURL(base, l.secret), l.expires.Time().Format(time.RFC3339))
}

// addMember makes an organization with one user and a sign-in link for the user.
func addMember(ctx context.Context, a *accounts.Accounts, market freight.ID, kind freight.OrgKind, org, user string, role freight.Role) (freight.Org, link, error) {
	o, u, err := a.Found(ctx, market, kind, org, user, role)
	if err != nil {
		return o, link{}, err
	}
	var made link
	made.secret, made.expires, err = a.IssueLink(ctx, u.ID, o.ID, "")
	return o, made, err
}

// checkURL refuses what a browser cannot be sent to.
func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("--public-url (PINHUO_PUBLIC_URL) %q: want an address such as https://pinhuo.example", text)
	}
	return nil
}

func linkURL(base, secret string) string { return strings.TrimSuffix(base, "/") + "/#link=" + secret }

func parseBox(text string) (freight.Box, error) {
	var edges [4]int32
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return freight.Box{}, fmt.Errorf("--box %q: want south,west,north,east in degrees", text)
	}
	for i, part := range parts {
		degrees, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || degrees < -180 || degrees > 180 {
			return freight.Box{}, fmt.Errorf("--box %q: %q is not a coordinate", text, part)
		}
		edges[i] = int32(degrees * 1e7)
	}
	box := freight.Box{South: edges[0], West: edges[1], North: edges[2], East: edges[3]}
	if box.South >= box.North || box.West >= box.East || box.North > 90e7 || box.South < -90e7 {
		return box, fmt.Errorf("--box %q: south must lie below north and west left of east", text)
	}
	return box, nil
}

type orgCommand struct {
	Add    orgAddCommand    `cmd:"" help:"Add an organization with its first user and print the user's sign-in link."`
	Revoke orgRevokeCommand `cmd:"" help:"End every membership, session and token of an organization; its rows stay."`
	List   orgListCommand   `cmd:"" help:"List organizations: market, kind, id and name."`
}

type orgAddCommand struct {
	database
	Market    string `help:"Market id; may be left out where there is one market."`
	Kind      string `help:"enterprise, carrier or desk." enum:"enterprise,carrier,desk" required:""`
	Name      string `help:"Name of the organization." required:""`
	Another   bool   `help:"Add it although the market has one of this name."`
	Owner     string `help:"Name of its first user." required:""`
	PublicURL string `help:"URL under which people reach the server, for the link." default:"http://127.0.0.1:8080" env:"PINHUO_PUBLIC_URL" name:"public-url"`
}

// Run adds the organization.
func (c *orgAddCommand) Run(ctx context.Context, io streams) error {
	if err := checkURL(c.PublicURL); err != nil {
		return err
	}
	return withAccounts(ctx, c.database, func(s *store.Store, a *accounts.Accounts) error {
		market, err := onlyMarket(ctx, s, freight.ID(c.Market))
		if err != nil {
			return err
		}
		orgs, err := s.Orgs(ctx, market)
		if err != nil {
			return err
		}
		for _, o := range orgs {
			if o.Name == c.Name && !c.Another {
				return fmt.Errorf("the market has the %s %s of this name already: --another adds a second %s", o.Kind, o.ID, c.Name)
			}
		}
		org, link, err := addMember(ctx, a, market, freight.OrgKind(c.Kind), c.Name, c.Owner, freight.RoleOwner)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(io.out, "org     %s  %s\n%s", org.ID, org.Name, link.text(c.PublicURL))
		return err
	})
}

func onlyMarket(ctx context.Context, s *store.Store, named freight.ID) (freight.ID, error) {
	if named != "" {
		return named, nil
	}
	list, err := s.Markets(ctx)
	switch {
	case err != nil:
		return "", err
	case len(list) != 1:
		return "", fmt.Errorf("the database holds %d markets: name one with --market; `pinhuo admin market list` shows them", len(list))
	}
	return list[0].ID, nil
}

type orgRevokeCommand struct {
	database
	Org string `help:"Organization id." required:""`
}

// Run ends whatever speaks for the organization; a running server notices
// within half a minute.
func (c *orgRevokeCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(s *store.Store, a *accounts.Accounts) error {
		org, err := s.Org(ctx, freight.ID(c.Org))
		if err != nil {
			return err
		}
		members, err := s.Memberships(ctx, org.ID)
		if err != nil {
			return err
		}
		for _, m := range members {
			if err := a.Leave(ctx, m.User, org.ID); err != nil {
				return err
			}
		}
		tokens, err := s.Tokens(ctx, org.ID)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			if err := a.Revoke(ctx, t.ID); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(io.out, "organization %s  %s: %d members and %d tokens revoked\n", org.ID, org.Name, len(members), len(tokens))
		return err
	})
}

type orgListCommand struct{ database }

// Run lists the organizations of every market.
func (c *orgListCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(s *store.Store, _ *accounts.Accounts) error {
		markets, err := s.Markets(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(io.out, 0, 4, 2, ' ', 0)
		for _, market := range markets {
			orgs, err := s.Orgs(ctx, market.ID)
			if err != nil {
				return err
			}
			for _, o := range orgs {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", market.Name, o.Kind, o.ID, o.Name)
			}
		}
		return table.Flush()
	})
}

type backupCommand struct {
	database
	To string `arg:"" help:"File to write; it must not exist." type:"path"`
}

// Run copies the database.
func (c *backupCommand) Run(ctx context.Context, io streams) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(s.Backup(ctx, c.To), s.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(io.out, c.To)
	return err
}

type newHistoryCommand struct{ database }

// Run begins a new history; a server reads it when it starts.
func (c *newHistoryCommand) Run(ctx context.Context, io streams) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(s.NewEpoch(ctx), s.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(io.out, "a new history has begun; a server that is running must be restarted")
	return err
}
