package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"pinhuo/freight"
	"pinhuo/internal/accounts"
	"pinhuo/internal/store"
)

type userCommand struct {
	Add    userAddCommand    `cmd:"" help:"Add a user to an organization and print a sign-in link."`
	Link   userLinkCommand   `cmd:"" help:"Print a new sign-in link for a member."`
	Revoke userRevokeCommand `cmd:"" help:"End a membership and every session of it."`
	List   userListCommand   `cmd:"" help:"List the members of an organization: id, role and name."`
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
	if err := checkURL(c.PublicURL); err != nil {
		return err
	}
	return withAccounts(ctx, c.database, func(_ *store.Store, a *accounts.Accounts) error {
		u, err := a.Hire(ctx, freight.ID(c.Org), c.Name, freight.Role(c.Role))
		if err != nil {
			return err
		}
		return printLink(ctx, a, u.ID, freight.ID(c.Org), c.PublicURL, io)
	})
}

func printLink(ctx context.Context, a *accounts.Accounts, user, org freight.ID, url string, io streams) error {
	secret, expires, err := a.IssueLink(ctx, user, org, "")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "user    %s\n%s", user, link{secret, expires}.text(url))
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
	if err := checkURL(c.PublicURL); err != nil {
		return err
	}
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
		org, err := s.Org(ctx, freight.ID(c.Org))
		if err != nil {
			return err
		}
		members, err := s.Memberships(ctx, org.ID)
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
	List   tokenListCommand   `cmd:"" help:"List the API tokens of an organization: id, state and name."`
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
		org, err := s.Org(ctx, freight.ID(c.Org))
		if err != nil {
			return err
		}
		tokens, err := s.Tokens(ctx, org.ID)
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
