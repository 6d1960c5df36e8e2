package main

import (
	"context"

	"pinhuo/freight"
	"pinhuo/internal/accounts"
)

// gate shows the accounts to the API in the form it asks for.
type gate struct{ *accounts.Accounts }

// SignIn turns a one-time link into a session.
func (g gate) SignIn(ctx context.Context, link string) (string, freight.Principal, freight.Instant, error) {
	p, secret, err := g.Accounts.SignIn(ctx, link)
	return secret, p, wall() + 14*freight.Day, err
}
