package main

import (
	"context"
	"errors"
	"fmt"
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
	Org    orgCommand    `cmd:"" help:"Organizations."`
	User   userCommand   `cmd:"" help:"Users: what they may do and how they sign in."`
	Token  tokenCommand  `cmd:"" help:"API tokens."`
	Backup backupCommand `cmd:"" help:"Copy the embedded database to a file while the server runs."`
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
	return using(ctx, c.found, func(s *store.Store, a *accounts.Accounts) error {
		market, err := a.CreateMarket(ctx, c.Name, c.Zone, box)
		if err != nil {
			return err
		}
		desk, link, err := addMember(ctx, a, market.ID, freight.OrgDesk, c.Desk, c.Owner, freight.RoleOwner)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(io.out, "market  %s  %s\ndesk    %s  %s\nsign in %s\n", market.ID, market.Name, desk.ID, desk.Name, linkURL(c.PublicURL, link))
		return err
	})
}

// addMember makes an organization with one user and a sign-in link for the user.
func addMember(ctx context.Context, a *accounts.Accounts, market freight.ID, kind freight.OrgKind, org, user string, role freight.Role) (freight.Org, string, error) {
	o, err := a.CreateOrg(ctx, market, kind, org)
	if err != nil {
		return o, "", err
	}
	u, err := a.CreateUser(ctx, user)
	if err != nil {
		return o, "", err
	}
	if _, err := a.Join(ctx, u.ID, o.ID, role, ""); err != nil {
		return o, "", err
	}
	link, _, err := a.IssueLink(ctx, u.ID, o.ID, "")
	return o, link, err
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
	List   orgListCommand   `cmd:"" help:"List organizations."`
}

type orgAddCommand struct {
	database
	Market    string `help:"Market id; may be left out where there is one market."`
	Kind      string `help:"enterprise, carrier or desk." enum:"enterprise,carrier,desk" required:""`
	Name      string `help:"Name of the organization." required:""`
	Owner     string `help:"Name of its first user." required:""`
	PublicURL string `help:"URL under which people reach the server, for the link." default:"http://127.0.0.1:8080" env:"PINHUO_PUBLIC_URL" name:"public-url"`
}

// Run adds the organization.
func (c *orgAddCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(s *store.Store, a *accounts.Accounts) error {
		market, err := onlyMarket(ctx, s, freight.ID(c.Market))
		if err != nil {
			return err
		}
		org, link, err := addMember(ctx, a, market, freight.OrgKind(c.Kind), c.Name, c.Owner, freight.RoleOwner)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(io.out, "organization %s  %s\nsign in      %s\n", org.ID, org.Name, linkURL(c.PublicURL, link))
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
		return "", fmt.Errorf("the database holds %d markets: name one with --market", len(list))
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

type userCommand struct {
	Add    userAddCommand    `cmd:"" help:"Add a user to an organization and print a sign-in link."`
	Link   userLinkCommand   `cmd:"" help:"Print a new sign-in link for a member."`
	Revoke userRevokeCommand `cmd:"" help:"End a membership and every session of it."`
	List   userListCommand   `cmd:"" help:"List the members of an organization."`
}

type userAddCommand struct {
	database
	Org       string `help:"Organization id." required:""`
	Name      string `help:"Name of the user." required:""`
	Role      string `help:"owner, clerk, driver, officer, auditor or ops." enum:"owner,clerk,driver,officer,auditor,ops" required:""`
	PublicURL string `help:"URL under which people reach the server, for the link." default:"http://127.0.0.1:8080" env:"PINHUO_PUBLIC_URL" name:"public-url"`
}

// Run adds the user.
func (c *userAddCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(_ *store.Store, a *accounts.Accounts) error {
		u, err := a.CreateUser(ctx, c.Name)
		if err != nil {
			return err
		}
		if _, err := a.Join(ctx, u.ID, freight.ID(c.Org), freight.Role(c.Role), ""); err != nil {
			return err
		}
		return printLink(ctx, a, u.ID, freight.ID(c.Org), c.PublicURL, io)
	})
}

func printLink(ctx context.Context, a *accounts.Accounts, user, org freight.ID, url string, io streams) error {
	link, expires, err := a.IssueLink(ctx, user, org, "")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "user    %s\nsign in %s\nuntil   %s, once\n", user, linkURL(url, link), expires.Time().Format(time.RFC3339))
	return err
}

type userLinkCommand struct {
	database
	User      string `help:"User id." required:""`
	Org       string `help:"Organization id." required:""`
	PublicURL string `help:"URL under which people reach the server, for the link." default:"http://127.0.0.1:8080" env:"PINHUO_PUBLIC_URL" name:"public-url"`
}

// Run prints the link.
func (c *userLinkCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(_ *store.Store, a *accounts.Accounts) error {
		return printLink(ctx, a, freight.ID(c.User), freight.ID(c.Org), c.PublicURL, io)
	})
}

type userRevokeCommand struct {
	database
	User string `help:"User id." required:""`
	Org  string `help:"Organization id." required:""`
}

// Run ends the membership; a running server notices within half a minute.
func (c *userRevokeCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(_ *store.Store, a *accounts.Accounts) error {
		return a.Leave(ctx, freight.ID(c.User), freight.ID(c.Org))
	})
}

type userListCommand struct {
	database
	Org string `help:"Organization id." required:""`
}

// Run lists the members.
func (c *userListCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(s *store.Store, _ *accounts.Accounts) error {
		members, err := s.Memberships(ctx, freight.ID(c.Org))
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(io.out, 0, 4, 2, ' ', 0)
		for _, m := range members {
			u, err := s.User(ctx, m.User)
			if err != nil {
				return err
			}
			fmt.Fprintf(table, "%s\t%s\t%s\n", m.User, m.Role, u.Name)
		}
		return table.Flush()
	})
}

type tokenCommand struct {
	Add    tokenAddCommand    `cmd:"" help:"Issue an API token and print it, once."`
	Revoke tokenRevokeCommand `cmd:"" help:"Revoke an API token."`
	List   tokenListCommand   `cmd:"" help:"List the API tokens of an organization."`
}

type tokenAddCommand struct {
	database
	Org  string `help:"Organization id." required:""`
	Name string `help:"What the token is for." required:""`
}

// Run issues the token.
func (c *tokenAddCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(_ *store.Store, a *accounts.Accounts) error {
		token, secret, err := a.IssueToken(ctx, freight.ID(c.Org), c.Name, "")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(io.out, "token  %s\nsecret %s\n", token.ID, secret)
		return err
	})
}

type tokenRevokeCommand struct {
	database
	Token string `help:"Token id." required:""`
}

// Run revokes the token; a running server notices within half a minute.
func (c *tokenRevokeCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(_ *store.Store, a *accounts.Accounts) error {
		return a.Revoke(ctx, freight.ID(c.Token))
	})
}

type tokenListCommand struct {
	database
	Org string `help:"Organization id." required:""`
}

// Run lists the tokens.
func (c *tokenListCommand) Run(ctx context.Context, io streams) error {
	return withAccounts(ctx, c.database, func(s *store.Store, _ *accounts.Accounts) error {
		tokens, err := s.Tokens(ctx, freight.ID(c.Org))
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(io.out, 0, 4, 2, ' ', 0)
		for _, t := range tokens {
			state := "good"
			if !t.Live(wall()) {
				state = "ended"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\n", t.ID, state, t.Name)
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
