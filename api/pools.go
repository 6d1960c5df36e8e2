package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Corner is where a pool's truck sets out or is done.
type Corner struct {
	Town string  `json:"town"`
	Lat  Decimal `json:"lat" doc:"Of a grid about ten kilometres wide"`
	Lng  Decimal `json:"lng" doc:"Of a grid about ten kilometres wide"`
}

// PoolMember is one load of a pool. Whose it is only its shipper and the desk are told.
type PoolMember struct {
	Own       bool            `json:"own,omitempty" doc:"The reader's load"`
	LoadID    freight.ID      `json:"load_id,omitempty" doc:"Only for its shipper, the desk and who took the pool"`
	Load      OfferedLoad     `json:"load"`
	Consent   freight.Consent `json:"consent,omitempty" enum:"asked,given,refused,lapsed,dropped,booked,released" doc:"Only for its shipper and the desk"`
	Reason    freight.Reason  `json:"reason,omitempty" doc:"Why it is no member any more; only for its shipper and the desk"`
	ShareFen  freight.Fen     `json:"share_fen,omitempty" doc:"What it pays as the pool is now; only for its shipper and the desk"`
	MostFen   freight.Fen     `json:"most_fen,omitempty" doc:"What it pays at the most, whoever leaves; only for its shipper and the desk"`
	AloneFen  freight.Fen     `json:"alone_fen,omitempty" doc:"Estimate of going alone; only for its shipper and the desk"`
	PickupETA time.Time       `json:"pickup_eta"`
	DropETA   time.Time       `json:"drop_eta"`
	BookingID freight.ID      `json:"booking_id,omitempty" doc:"Only for its shipper and the desk"`
}

// Pool is one truck to hire for loads that no truck passes by.
type Pool struct {
	ID        freight.ID          `json:"id"`
	Version   int64               `json:"version"`
	State     freight.PoolState   `json:"state" enum:"consenting,tendered,committed,dissolved"`
	Reason    freight.Reason      `json:"reason,omitempty" doc:"Why it was dissolved"`
	Type      freight.VehicleType `json:"vehicle_type"`
	Needs     []string            `json:"needs" doc:"What the vehicle must have"`
	From      Corner              `json:"from"`
	To        Corner              `json:"to"`
	Leaves    Window              `json:"leaves" doc:"When the truck sets out: at its opening as planned"`
	DepartsBy time.Time           `json:"departs_by" doc:"Last departure that still keeps every window"`
	Metres    int64               `json:"metres" doc:"Of the whole drive"`
	Seconds   int64               `json:"seconds" doc:"From setting out to the end of the last service"`
	PriceFen  freight.Fen         `json:"price_fen" doc:"What the operator gets: the sum of the shares"`
	SharesFen []freight.Fen       `json:"shares_fen" doc:"Who pays how much, without names, the greatest first"`
	ExpiresAt time.Time           `json:"expires_at" doc:"Until when shippers, and once it is tendered operators, may answer"`
	Quorum    int64               `json:"quorum" doc:"Loads without which nobody saves enough"`
	Consents  int64               `json:"consents" doc:"Loads whose shippers have agreed"`
	Router    Router              `json:"router"`
	Members   []PoolMember        `json:"members" doc:"In the order in which they enter the trip; none for an operator whom another forestalled"`
	Carrier   *Party              `json:"carrier,omitempty" doc:"Who took it; only for its members, itself and the desk"`
	TripID    freight.ID          `json:"trip_id,omitempty" doc:"That it became; only for who took it and the desk"`
}

// ConsentTerms name what is agreed to.
type ConsentTerms struct {
	Version int64 `json:"version" minimum:"1" doc:"The version shown"`
}

// DeclinePoolTerms name what is refused, and why.
type DeclinePoolTerms struct {
	Version int64          `json:"version,omitempty" minimum:"1" doc:"The version shown; whatever there is when left out"`
	Reason  freight.Reason `json:"reason,omitempty" enum:"declined,price,window_pickup,window_delivery" doc:"declined when left out"`
}

// TakePoolTerms name what is taken and by which vehicle.
type TakePoolTerms struct {
	Version int64        `json:"version" minimum:"1" doc:"The version shown"`
	Vehicle VehicleTerms `json:"vehicle" doc:"Of the pool's type, with what the pool needs"`
}

// Requests about pools.
type (
	// ListPools lists the pools that concern the organization.
	ListPools struct {
		Listing
		State string `query:"state" enum:"open,consenting,tendered,committed,dissolved" doc:"open: those that can be answered. All when left out"`
	}
	// ConsentPool says yes to sharing a truck.
	ConsentPool struct {
		Named
		Keyed
		Body ConsentTerms
	}
	// DeclinePool says no to sharing a truck.
	DeclinePool struct {
		Named
		Keyed
		Body DeclinePoolTerms
	}
	// TakePool takes a tendered pool.
	TakePool struct {
		Named
		Keyed
		Body TakePoolTerms
	}
)

func (s *server) pools() {
	handle(s, huma.Operation{
		OperationID: "list-pools", Method: http.MethodGet, Path: "/v1/pools", Tags: []string{"pools"},
		Summary: "List the pools that the organization has a load in, may take or took, newest first",
	}, mayRead, s.listPools)
	handle(s, huma.Operation{
		OperationID: "get-pool", Method: http.MethodGet, Path: "/v1/pools/{id}", Tags: []string{"pools"},
		Summary: "Read a pool",
	}, mayRead, s.getPool)
	handle(s, huma.Operation{
		OperationID: "consent-pool", Method: http.MethodPost, Path: "/v1/pools/{id}/consent", Tags: []string{"pools"},
		Summary: "Agree to share the truck, for every load that the organization has in the pool",
	}, mayPost, s.consentPool)
	handle(s, huma.Operation{
		OperationID: "decline-pool", Method: http.MethodPost, Path: "/v1/pools/{id}/decline", Tags: []string{"pools"},
		Summary: "Refuse to share the truck, or take an agreement back before it is taken",
	}, mayPost, s.declinePool)
	handle(s, huma.Operation{
		OperationID: "take-pool", Method: http.MethodPost, Path: "/v1/pools/{id}/take", Tags: []string{"pools"},
		Summary: "Announce the trip that the pool is, and book all its loads on it",
	}, mayHaul, s.takePool)
}

func (s *server) listPools(ctx context.Context, c *call, in *ListPools) (*List[Pool], error) {
	q, err := in.query(c, aPool, in.State)
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Reader.Pools, func(p *freight.Company) (Pool, error) { return viewPool(q.Scope, p), nil })
}

func (s *server) getPool(ctx context.Context, c *call, in *Named) (*One[Pool], error) {
	return about(aPool, in.ID, func() (*One[Pool], error) {
		p, seq, err := s.cfg.Reader.Pool(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		return one(s, c, p.Pool.Version, seq, viewPool(c.scope(), &p)), nil
	})
}

func (s *server) consentPool(ctx context.Context, c *call, in *ConsentPool) (*One[Pool], error) {
	return s.changePool(ctx, c, in.Key, in.ID, freight.ConsentPool{Pool: in.ID, Version: in.Body.Version})
}

func (s *server) declinePool(ctx context.Context, c *call, in *DeclinePool) (*One[Pool], error) {
	return s.changePool(ctx, c, in.Key, in.ID, freight.DeclinePool{Pool: in.ID, Version: in.Body.Version, Reason: in.Body.Reason})
}

func (s *server) takePool(ctx context.Context, c *call, in *TakePool) (*One[Pool], error) {
	var r reader
	vehicle := r.vehicle(&in.Body.Vehicle, &s.cfg.Costs)
	if err := r.faults.Err(); err != nil {
		return nil, err
	}
	return s.changePool(ctx, c, in.Key, in.ID, freight.TakePool{Pool: in.ID, Version: in.Body.Version, Vehicle: vehicle})
}

// changePool answers with the pool as it is now: what the others in it have done
// meanwhile belongs to it.
func (s *server) changePool(ctx context.Context, c *call, key string, id freight.ID, act freight.Act) (*One[Pool], error) {
	return about(aPool, id, func() (*One[Pool], error) {
		result, err := s.do(ctx, c, key, act)
		if err != nil {
			return nil, s.endedPool(ctx, c, id, err)
		}
		if result.Pool == nil {
			return nil, incomplete(act)
		}
		p, seq, err := s.cfg.Reader.Pool(ctx, c.scope(), id)
		if err != nil {
			return nil, err
		}
		return one(s, c, p.Pool.Version, seq, viewPool(c.scope(), &p)), nil
	})
}

// endedPool explains a not_found to somebody whom the pool concerned: the exchange
// keeps only pools that can be answered, and members that are counted.
func (s *server) endedPool(ctx context.Context, c *call, id freight.ID, refusal error) error {
	if freight.CodeOf(refusal) != freight.NotFound {
		return refusal
	}
	p, _, err := s.cfg.Reader.Pool(ctx, c.scope(), id)
	switch {
	case freight.CodeOf(err) == freight.NotFound:
		return refusal
	case err != nil:
		return err
	case p.Pool.State == freight.PoolCommitted:
		return freight.Refuse(freight.ProblemTaken, "pool", string(p.Pool.State))
	case p.Pool.State == freight.PoolDissolved:
		return freight.Refuse(freight.ProblemExpired, "pool", string(p.Pool.State))
	}
	for i := range p.Members {
		if m := &p.Members[i]; m.Org == c.org && !m.In() {
			return freight.Refuse(freight.ProblemState, "consent", string(m.Consent))
		}
	}
	return refusal
}

// viewPool shows a pool. A member sees its own money and the split as amounts; an
// operator sees the loads as an offer shows them, for as long as he may take them or
// once he has; the desk sees all.
func viewPool(scope freight.Scope, c *freight.Company) Pool {
	p := &c.Pool
	out := Pool{
		ID: p.ID, Version: p.Version, State: p.State, Reason: p.Reason, Type: p.Type, Needs: p.Needs.Names(),
		From: corner(p.Start.Place), To: corner(p.End), Leaves: window(p.Start.Window), DepartsBy: when(p.Departs), Metres: p.Metres,
		Seconds: p.Seconds, PriceFen: p.Price, SharesFen: []freight.Fen{}, ExpiresAt: when(p.Deadline), Quorum: p.Quorum,
		Router: Router(p.Router), Members: []PoolMember{},
	}
	took := scope.Org == p.Carrier
	if scope.Desk || took {
		out.TripID = p.Trip
	}
	rides := slices.ContainsFunc(c.Members, func(m freight.Member) bool { return m.Org == scope.Org })
	if p.State == freight.PoolCommitted && (scope.Desk || took || rides) {
		carrier := relationTo(scope, p.Carrier, ofCounterpart).party(c.Carrier)
		out.Carrier = &carrier
	}
	if !scope.Desk && !took && !rides && p.State != freight.PoolTendered {
		return out
	}
	for i := range c.Members {
		m := &c.Members[i]
		rel := relationTo(scope, m.Org, ofParty)
		if m.In() {
			out.SharesFen = append(out.SharesFen, m.Share)
			out.Consents += counted(m)
		}
		if m.In() || rel >= ofOwn {
			out.Members = append(out.Members, rel.member(m, &c.Loads[i], took))
		}
	}
	slices.SortFunc(out.SharesFen, func(a, b freight.Fen) int { return cmp.Compare(b, a) })
	return out
}

func counted(m *freight.Member) int64 {
	if m.Consent == freight.ConsentAsked {
		return 0
	}
	return 1
}

func (rel relation) member(m *freight.Member, l *freight.Load, took bool) PoolMember {
	out := PoolMember{
		Own: rel == ofOwn, PickupETA: when(m.PickupETA), DropETA: when(m.DropETA),
		Load: OfferedLoad{Goods: l.Goods, Size: size(l.Size), Needs: l.Needs.Names(), Pickup: halt(l.Pickup), Delivery: halt(l.Delivery)},
	}
	if rel >= ofOwn || took {
		out.LoadID = m.Load
	}
	if rel >= ofOwn {
		out.Consent, out.Reason, out.BookingID = m.Consent, m.Reason, m.Booking
		out.ShareFen, out.MostFen, out.AloneFen = m.Share, m.Most, m.Alone
	}
	return out
}

func corner(p freight.Place) Corner {
	at := veiled(p.Point)
	return Corner{Town: p.Town, Lat: degrees(at.LatE7), Lng: degrees(at.LngE7)}
}
