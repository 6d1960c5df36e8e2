package api

import (
	"context"
	"fmt"

	"pinhuo/freight"
)

// command builds what the exchange is asked to do. An officer says for whom.
func (c *call) command(key string, act freight.Act) (freight.Command, error) {
	if c.who.OrgKind == freight.OrgDesk && c.behalf == "" {
		return freight.Command{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: BehalfHeader}
	}
	return c.own(key, act), nil
}

// own builds what the exchange is asked to do in the caller's own name, which may
// be the desk's.
func (c *call) own(key string, act freight.Act) freight.Command {
	command := freight.Command{
		Market: c.who.Market, Org: c.org, Actor: c.actor(), Behalf: c.behalf, Key: key, Act: act,
	}
	if key != "" {
		command.Hash = c.hash()
	}
	return command
}

// doOwn is do for an act that the desk may carry out in its own name.
func (s *server) doOwn(ctx context.Context, c *call, key string, act freight.Act) (freight.Result, error) {
	c.asked = true
	return s.cfg.Exchange.Do(ctx, c.own(key, act))
}

// do carries an act out. What is admitted is judged by the exchange, after it
// has looked for the first answer to the key: a retry gets that answer also
// when the time that its request names has passed since.
func (s *server) do(ctx context.Context, c *call, key string, act freight.Act) (freight.Result, error) {
	command, err := c.command(key, act)
	if err != nil {
		return freight.Result{}, err
	}
	c.asked = true
	return s.cfg.Exchange.Do(ctx, command)
}

// incomplete is the error for a result without the row it should be about.
func incomplete(act freight.Act) error { return fmt.Errorf("result of %T lacks its row", act) }
