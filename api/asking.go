package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// AskingTerms is what an organization says about asking.
type AskingTerms struct {
	Partners      []freight.ID `json:"partners,omitempty" maxItems:"200" doc:"Of a shipper: organizations of operators that are asked first"`
	PartnersMin   int64        `json:"partners_min,omitempty" minimum:"0" maximum:"240" doc:"Of a shipper: minutes after posting for which nobody else is asked, but no more than a tenth of the time until pickup closes"`
	OffersPerHour int64        `json:"offers_per_hour,omitempty" minimum:"0" maximum:"1000" doc:"Of an operator: offers put before it in an hour at the most; 0 for any number"`
	Quiet         *QuietTerms  `json:"quiet,omitempty" doc:"Of an operator: when it is not asked"`
	WhileDriving  bool         `json:"while_driving,omitempty" doc:"Of an operator: somebody else than the driver answers, so ask also while a truck drives; where two drivers relieve each other that is so anyhow"`
	Lanes         []Lane       `json:"lanes,omitempty" maxItems:"50" doc:"Of an operator: ways it wants loads on; it is asked first about them"`
}

// QuietTerms are the hours in which an operator is not asked.
type QuietTerms struct {
	From   string `json:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"By the market's clock"`
	Till   string `json:"till" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"Before from: past midnight; the same as from: no quiet hours"`
	Urgent bool   `json:"urgent,omitempty" doc:"Ask all the same about a load that cannot wait until then"`
}

// Lane is a way that an operator wants loads on.
type Lane struct {
	Name     string    `json:"name" minLength:"1" maxLength:"40" doc:"What the operator calls it; an offer names it"`
	From     LaneEnd   `json:"from"`
	To       LaneEnd   `json:"to"`
	Days     []string  `json:"days,omitempty" enum:"mon,tue,wed,thu,fri,sat,sun" maxItems:"7" doc:"On which the pickup opens; any when left out"`
	LeastFen int64     `json:"least_fen,omitempty" minimum:"0" maximum:"1000000000" doc:"What a load pays at the least"`
	Most     *LaneRoom `json:"most,omitempty" doc:"What a load takes at the most"`
	Needs    []string  `json:"needs,omitempty" enum:"box,covered,open_top,side_open,tail_lift,food_safe,hazmat" maxItems:"7" doc:"What a load may ask of the vehicle; one that asks for more is not on the lane"`
	Special  bool      `json:"special,omitempty" doc:"Dangerous goods and those kept at a temperature are on it too"`
	Auto     bool      `json:"auto,omitempty" doc:"Take a load that is on it at once, at any hour, without asking"`
}

// LaneEnd is a place and how far around it a stop may lie.
type LaneEnd struct {
	Lat      Decimal `json:"lat" minimum:"-90" maximum:"90" doc:"Degrees, WGS-84"`
	Lng      Decimal `json:"lng" minimum:"-180" maximum:"180" doc:"Degrees, WGS-84"`
	Town     string  `json:"town" maxLength:"64"`
	RadiusKm int64   `json:"radius_km" minimum:"1" maximum:"200" doc:"By great circle"`
}

// LaneRoom is what a load on a lane takes at the most; what is left out does not count.
type LaneRoom struct {
	Kg     Decimal `json:"kg,omitempty" minimum:"0"`
	Litres Decimal `json:"litres,omitempty" minimum:"0"`
	FloorM Decimal `json:"floor_m,omitempty" minimum:"0"`
}

// Asking is what an organization says about asking, as it stands.
type Asking struct {
	Version int64 `json:"version" doc:"0 while nothing was ever said"`
	AskingTerms
	Names map[freight.ID]string `json:"names,omitempty" doc:"Of the partners"`
}

// SetAsking is what an organization says from now on.
type SetAsking struct {
	Keyed
	Conditional
	Body AskingTerms
}

func (s *server) asking() {
	handle(s, huma.Operation{
		OperationID: "get-asking", Method: http.MethodGet, Path: "/v1/asking", Tags: []string{"asking"},
		Summary: "What the organization says about asking: partners, offers an hour, quiet hours, lanes",
	}, mayRead, s.getAsking)
	handle(s, huma.Operation{
		OperationID: "set-asking", Method: http.MethodPut, Path: "/v1/asking", Tags: []string{"asking"},
		Summary: "Say all of it anew",
	}, mayKeep, s.setAsking)
}

func (s *server) getAsking(ctx context.Context, c *call, _ *struct{}) (*One[Asking], error) {
	p, seq, err := s.cfg.Reader.Preference(ctx, freight.Scope{Market: c.who.Market, Org: c.org})
	if err != nil {
		return nil, err
	}
	return s.askingOf(ctx, c, &p, seq)
}

func (s *server) setAsking(ctx context.Context, c *call, in *SetAsking) (*One[Asking], error) {
	version, err := in.version(false)
	if err != nil {
		return nil, err
	}
	terms, err := in.Body.terms()
	if err != nil {
		return nil, err
	}
	if err := s.suits(ctx, c, &terms); err != nil {
		return nil, err
	}
	act := freight.SetPreference{Version: version, Terms: terms}
	result, err := s.do(ctx, c, in.Key, act)
	if err != nil {
		return nil, err
	}
	if result.Preference == nil {
		return nil, incomplete(act)
	}
	return s.askingOf(ctx, c, result.Preference, result.Seq)
}

// suits refuses partners that are no operators of the market, and what is not for an
// organization of this kind to say.
func (s *server) suits(ctx context.Context, c *call, t *freight.PreferenceTerms) error {
	mine, err := s.names.org(ctx, c.org)
	if err != nil {
		return err
	}
	shipper := len(t.Partners) > 0 || t.PartnersS > 0
	operator := t.Budget > 0 || t.Quiet.Says() || t.Driving || len(t.Lanes) > 0
	if mine.Kind == freight.OrgEnterprise && operator || mine.Kind == freight.OrgCarrier && shipper {
		return &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemOrgKind, Value: string(mine.Kind)}
	}
	for _, id := range t.Partners {
		if org, err := s.names.org(ctx, id); err != nil || org.Market != c.who.Market || org.Kind != freight.OrgCarrier {
			return freight.Missing("partners", id)
		}
	}
	return nil
}

func (t *AskingTerms) terms() (freight.PreferenceTerms, error) {
	var r reader
	out := freight.PreferenceTerms{PartnersS: t.PartnersMin * 60, Budget: t.OffersPerHour, Driving: t.WhileDriving}
	for _, id := range t.Partners {
		if !slices.Contains(out.Partners, id) {
			out.Partners = append(out.Partners, id)
		}
	}
	if q := t.Quiet; q != nil {
		out.Quiet = freight.Quiet{From: int64(minuteOf(q.From)), Till: int64(minuteOf(q.Till)), Urgent: q.Urgent}
	}
	for i := range t.Lanes {
		out.Lanes = append(out.Lanes, r.lane(fmt.Sprintf("lanes[%d]", i), &t.Lanes[i]))
	}
	return out, r.faults.Err()
}

// lane reads a lane; the room of its loads is rounded down.
func (r *reader) lane(field string, l *Lane) freight.Lane {
	out := freight.Lane{Name: l.Name, From: r.laneEnd(field+".from", &l.From), To: r.laneEnd(field+".to", &l.To),
		Least: freight.Fen(l.LeastFen), Needs: r.capability(field+".needs", l.Needs), Special: l.Special, Auto: l.Auto}
	out.Days = dayBits(l.Days)
	if m := l.Most; m != nil {
		out.Most = freight.Room{Grams: r.some(field+".most.kg", m.Kg, freight.PlacesKilogram),
			Millilitres: r.some(field+".most.litres", m.Litres, freight.PlacesLitre), FloorMM: r.some(field+".most.floor_m", m.FloorM, freight.PlacesMetre)}
	}
	return out
}

func (r *reader) some(field string, d Decimal, places int) int64 {
	if d == "" {
		return 0
	}
	return r.down(field, d, places)
}

func (r *reader) laneEnd(field string, e *LaneEnd) freight.LaneEnd {
	return freight.LaneEnd{Point: freight.Point{LatE7: r.degrees(field+".lat", e.Lat, 90), LngE7: r.degrees(field+".lng", e.Lng, 180)},
		Town: e.Town, RadiusM: e.RadiusKm * 1000}
}

func (s *server) askingOf(ctx context.Context, c *call, p *freight.Preference, seq int64) (*One[Asking], error) {
	out := Asking{Version: p.Version, AskingTerms: viewAsking(&p.PreferenceTerms)}
	for _, id := range p.Partners {
		org, err := s.names.org(ctx, id)
		if err != nil {
			return nil, err
		}
		if out.Names == nil {
			out.Names = map[freight.ID]string{}
		}
		out.Names[id] = org.Name
	}
	return one(s, c, p.Version, seq, out), nil
}

func viewAsking(p *freight.PreferenceTerms) AskingTerms {
	out := AskingTerms{Partners: p.Partners, PartnersMin: p.PartnersS / 60, OffersPerHour: p.Budget, WhileDriving: p.Driving}
	if p.Quiet.Says() {
		out.Quiet = &QuietTerms{From: clockOf(p.Quiet.From), Till: clockOf(p.Quiet.Till), Urgent: p.Quiet.Urgent}
	}
	for i := range p.Lanes {
		out.Lanes = append(out.Lanes, viewLane(&p.Lanes[i]))
	}
	return out
}

func viewLane(l *freight.Lane) Lane {
	end := func(e *freight.LaneEnd) LaneEnd {
		return LaneEnd{Lat: decimalOf(int64(e.Point.LatE7), 7), Lng: decimalOf(int64(e.Point.LngE7), 7), Town: e.Town, RadiusKm: e.RadiusM / 1000}
	}
	out := Lane{Name: l.Name, From: end(&l.From), To: end(&l.To), LeastFen: int64(l.Least), Needs: l.Needs.Names(), Special: l.Special, Auto: l.Auto}
	out.Days = daysOf(l.Days)
	if l.Most != (freight.Room{}) {
		out.Most = &LaneRoom{Kg: someOf(l.Most.Grams, freight.PlacesKilogram), Litres: someOf(l.Most.Millilitres, freight.PlacesLitre),
			FloorM: someOf(l.Most.FloorMM, freight.PlacesMetre)}
	}
	return out
}

// someOf writes an amount, nothing for 0.
func someOf(n int64, places int) Decimal {
	if n == 0 {
		return ""
	}
	return decimalOf(n, places)
}
