package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Requests about loads.
type (
	// ListLoads lists the organization's loads.
	ListLoads struct {
		Listing
		State string `query:"state" enum:"draft,posted,committed,closed" doc:"All when left out"`
	}
	// PostLoad puts a load on the market.
	PostLoad struct {
		Keyed
		Body LoadTerms
	}
	// EditLoad changes a posted load.
	EditLoad struct {
		Named
		Keyed
		Conditional
		Body LoadTerms
	}
	// Act is a change that needs no words.
	Act struct {
		Named
		Keyed
		Conditional
		Body *Empty
	}
)

func (s *server) loads() {
	handle(s, huma.Operation{
		OperationID: "post-load", Method: http.MethodPost, Path: "/v1/loads", DefaultStatus: http.StatusCreated, Tags: []string{"loads"},
		Summary: "Put a load on the market",
	}, mayPost, s.postLoad)
	handle(s, huma.Operation{
		OperationID: "list-loads", Method: http.MethodGet, Path: "/v1/loads", Tags: []string{"loads"},
		Summary: "List the organization's loads, newest first",
	}, mayRead, s.listLoads)
	handle(s, huma.Operation{
		OperationID: "get-load", Method: http.MethodGet, Path: "/v1/loads/{id}", Tags: []string{"loads"},
		Summary: "Read a load",
	}, mayRead, s.getLoad)
	handle(s, huma.Operation{
		OperationID: "edit-load", Method: http.MethodPut, Path: "/v1/loads/{id}", Tags: []string{"loads"},
		Summary: "Change a posted load; its open offers are withdrawn and it is matched anew",
	}, mayPost, s.editLoad)
	handle(s, huma.Operation{
		OperationID: "withdraw-load", Method: http.MethodPost, Path: "/v1/loads/{id}/withdraw", Tags: []string{"loads"},
		Summary: "Take a load back; its booking is released",
	}, mayPost, s.withdrawLoad)
	handle(s, huma.Operation{
		OperationID: "repost-load", Method: http.MethodPost, Path: "/v1/loads/{id}/repost", Tags: []string{"loads"},
		Summary: "Put a withdrawn, expired or lapsed load on the market again",
	}, mayPost, s.repostLoad)
	handle(s, huma.Operation{
		OperationID: "keep-load", Method: http.MethodPost, Path: "/v1/loads/{id}/keep", Tags: []string{"loads"},
		Summary: "Say that a load is still there; one that lapsed comes back to the market as it was",
	}, mayPost, s.keepLoad)
	handle(s, huma.Operation{
		OperationID: "explain-load", Method: http.MethodGet, Path: "/v1/loads/{id}/explanation", Tags: []string{"loads"},
		Summary: "Why a load has no deal",
	}, mayRead, s.explainLoad)
}

func (s *server) postLoad(ctx context.Context, c *call, in *PostLoad) (*One[Load], error) {
	terms, err := s.loadTerms(&in.Body)
	if err != nil {
		return nil, err
	}
	return s.changeLoad(ctx, c, in.Key, freight.PostLoad{Terms: terms})
}

func (s *server) editLoad(ctx context.Context, c *call, in *EditLoad) (*One[Load], error) {
	version, err := in.version(true)
	if err != nil {
		return nil, err
	}
	terms, err := s.loadTerms(&in.Body)
	if err != nil {
		return nil, err
	}
	return about(aLoad, in.ID, func() (*One[Load], error) {
		return s.changeLoad(ctx, c, in.Key, freight.EditLoad{Load: in.ID, Version: version, Terms: terms})
	})
}

func (s *server) withdrawLoad(ctx context.Context, c *call, in *Act) (*One[Load], error) {
	version, err := in.version(false)
	if err != nil {
		return nil, err
	}
	return about(aLoad, in.ID, func() (*One[Load], error) {
		return s.changeLoad(ctx, c, in.Key, freight.WithdrawLoad{Load: in.ID, Version: version})
	})
}

func (s *server) repostLoad(ctx context.Context, c *call, in *EditLoad) (*One[Load], error) {
	version, err := in.version(false)
	if err != nil {
		return nil, err
	}
	terms, err := s.loadTerms(&in.Body)
	if err != nil {
		return nil, err
	}
	return about(aLoad, in.ID, func() (*One[Load], error) {
		return s.changeLoad(ctx, c, in.Key, freight.RepostLoad{Load: in.ID, Version: version, Terms: terms})
	})
}

func (s *server) keepLoad(ctx context.Context, c *call, in *Act) (*One[Load], error) {
	version, err := in.version(false)
	if err != nil {
		return nil, err
	}
	return about(aLoad, in.ID, func() (*One[Load], error) {
		return s.changeLoad(ctx, c, in.Key, freight.KeepLoad{Load: in.ID, Version: version})
	})
}

func (s *server) changeLoad(ctx context.Context, c *call, key string, act freight.Act) (*One[Load], error) {
	result, err := s.do(ctx, c, key, act)
	if err != nil {
		return nil, err
	}
	if result.Load == nil {
		return nil, incomplete(act)
	}
	return s.oneLoad(ctx, c, result.Load, result.Seq)
}

func (s *server) getLoad(ctx context.Context, c *call, in *Named) (*One[Load], error) {
	return about(aLoad, in.ID, func() (*One[Load], error) {
		l, seq, err := s.cfg.Reader.Load(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		return s.oneLoad(ctx, c, &l, seq)
	})
}

func (s *server) oneLoad(ctx context.Context, c *call, l *freight.Load, seq int64) (*One[Load], error) {
	shipper, err := s.names.org(ctx, l.Org)
	if err != nil {
		return nil, err
	}
	return one(s, c, l.Version, seq, relationTo(c.scope(), l.Org, ofBoard).load(l, shipper)), nil
}

func (s *server) listLoads(ctx context.Context, c *call, in *ListLoads) (*List[Load], error) {
	q, err := in.query(c, aLoad, in.State)
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Reader.Loads, func(l *freight.Load) (Load, error) {
		shipper, err := s.names.org(ctx, l.Org)
		return relationTo(q.Scope, l.Org, ofBoard).load(l, shipper), err
	})
}

func (s *server) explainLoad(ctx context.Context, c *call, in *Named) (*Reflected[Explanation], error) {
	return about(aLoad, in.ID, func() (*Reflected[Explanation], error) {
		// Read before the explanation, so that the cursor is never ahead of it.
		seq, err := s.cfg.Reader.Head(ctx, c.who.Market)
		if err != nil {
			return nil, err
		}
		e, err := s.cfg.Reader.Explanation(ctx, c.scope(), in.ID)
		switch {
		case err != nil:
			return nil, err
		case e == nil:
			return nil, s.unexplained(ctx, c, in.ID)
		}
		people, err := s.people(ctx, c)
		if err != nil {
			return nil, err
		}
		return &Reflected[Explanation]{s.cursor(c, seq), viewExplanation(e, people)}, nil
	})
}

// unexplained tells by when a load that waits will be explained, or that there
// is nothing to explain.
func (s *server) unexplained(ctx context.Context, c *call, id freight.ID) error {
	l, _, err := s.cfg.Reader.Load(ctx, c.scope(), id)
	if err != nil {
		return err
	}
	if l.State != freight.LoadPosted {
		return freight.Missing("explanation", id)
	}
	return &freight.Error{Code: freight.NotFound, Problem: freight.ProblemNotYet, Field: "explanation", Value: string(id), Max: l.AnswerBy.String()}
}
