package main

import (
	"context"
	"fmt"
	"pinhuo/freight"
	"pinhuo/internal/dispatch"
)

// exchange brings each command to the dispatcher of its market.
type exchange map[freight.ID]*dispatch.Dispatcher

// Do carries out the command.
func (e exchange) Do(ctx context.Context, cmd freight.Command) (freight.Result, error) {
	d := e[cmd.Market]
	if d == nil {
		return freight.Result{}, freight.Missing("market", cmd.Market)
	}
	return d.Do(ctx, cmd)
}

// Refused puts an act into the log of its market that was refused before it got there.
func (e exchange) Refused(ctx context.Context, cmd freight.Command, refusal error) {
	if d := e[cmd.Market]; d != nil {
		d.Refused(ctx, cmd, refusal)
	}
}

// Quote asks the dispatcher of the market.
func (e exchange) Quote(_ context.Context, market freight.ID, ask freight.AskQuote) (freight.Quote, error) {
	d := e[market]
	if d == nil {
		return freight.Quote{}, freight.Missing("market", market)
	}
	return d.Quote(ask)
}

func (e exchange) ready(context.Context) error {
	for id, d := range e {
		if !d.Ready() {
			return fmt.Errorf("market %s is not being written", id)
		}
	}
	return nil
}

// writable tells whether the last write of every market went through.
func (e exchange) writable(context.Context) error {
	for id, d := range e {
		if why := d.Sick(); why != "" {
			return fmt.Errorf("market %s cannot be written: %s", id, why)
		}
	}
	return nil
}
