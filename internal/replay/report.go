package replay

import (
	"encoding/json"
	"fmt"
	"io"

	"pinhuo/freight"
	"pinhuo/internal/audit"
)

// Report is what a replay came to. Everything but Seconds follows from the
// input, the settings and the seed.
type Report struct {
	Loads      int            `json:"loads"` // on the market; without the rejected rows
	Trips      int            `json:"trips"`
	Rejected   int            `json:"rejected"` // rows that could not be used
	Capped     int            `json:"capped"`   // trips with more spare volume than their vehicle holds, taken as full of room
	Offers     int            `json:"offers"`
	Counters   int            `json:"counters"`  // prices that a side named
	OffersBy   map[string]int `json:"offers_by"` // their router's method
	Booked     int            `json:"booked"`
	Explained  int            `json:"explained"`  // without a deal, and told why
	Unanswered int            `json:"unanswered"` // neither booked nor explained by answer_by
	Violations *int           `json:"violations"` // null without Verify, like Missed
	Missed     *int           `json:"missed"`     // pairs that fitted and were never asked
	DetourM    int64          `json:"detour_m"`   // of all trips; the whole drive of those that roam
	DetourS    int64          `json:"detour_s"`

	Price  freight.Fen `json:"price_fen"` // of all bookings
	Alone  freight.Fen `json:"alone_fen"` // what their loads would have cost alone
	Value  freight.Fen `json:"value_fen"` // Alone less what the detours and services cost
	Method string      `json:"method"`    // of the router
	Router string      `json:"version"`   // of the router

	Seed     uint64                     `json:"seed"`
	Settings Settings                   `json:"defaults"`
	Reasons  map[freight.Reason]int64   `json:"reasons"`  // over all explained loads and the trips open meanwhile
	Split    int                        `json:"split"`    // explained loads that would fit in parts
	Remedies map[freight.RemedyKind]int `json:"remedies"` // explained loads, by the smallest change that would match them

	TripsTold    int                        `json:"trips_told"`    // trips without loads that were told why
	TripRemedies map[freight.RemedyKind]int `json:"trip_remedies"` // of them, by the smallest change that would win a load; those not named could not be stated anew

	Commits int64         `json:"fsyncs"` // transactions, each of which the database makes durable
	Tickets TicketReport  `json:"tickets"`
	Pools   *PoolReport   `json:"pools,omitempty"`
	Bound   *Bound        `json:"bound,omitempty"`
	Export  *Export       `json:"export,omitempty"`
	Verify  *Verification `json:"verify,omitempty"`

	Seconds float64 `json:"seconds"` // on the wall
}

// TicketReport is what became of the loads that nothing helped: each has an officer
// and a clock, and in a replay nobody acts.
type TicketReport struct {
	Opened  int `json:"opened"`
	Settled int `json:"settled"` // the load was booked after all
	Counted int `json:"counted"` // with the reasons of the explanation
	Late    int `json:"late"`    // past the clock of the desk's head
	Owned   int `json:"owned"`   // with an owner and a clock, which a closed one had

	Causes map[freight.TicketCause]int `json:"causes"` // why they opened
}

// count adds a ticket.
func (t *TicketReport) count(k *freight.Ticket) {
	t.Opened++
	t.Causes[k.Cause]++
	if k.Owner != "" && (k.Due != 0 || !k.Live()) {
		t.Owned++
	}
	if k.State == freight.TicketDone || k.State == freight.TicketClosed {
		t.Settled++
	}
	if len(k.Counts) > 0 {
		t.Counted++
	}
	if k.Late != 0 {
		t.Late++
	}
}

// Settings are the defaults that the data leaves open.
type Settings struct {
	Policy         string  `json:"policy"`
	KMH            float64 `json:"kmh"`
	Because        string  `json:"kmh_because"` // why that speed: told, no trip roams, some trips roam
	Factor         float64 `json:"road_per_great_circle"`
	DetourM        int64   `json:"detour_m"`
	DetourPercent  int64   `json:"detour_percent"`
	ExtraStops     int64   `json:"extra_stops"`
	ServiceS       int64   `json:"service_s"`
	CeilingPercent int64   `json:"ceiling_percent_of_alone"`
}

// Verification is what the auditor looked at.
type Verification struct {
	Rows         map[string]int     `json:"rows"`             // judged, by kind
	Counts       map[audit.Name]int `json:"violation_counts"` // by name
	Pairs        int64              `json:"pairs_tried"`      // for missed matches
	Queued       int                `json:"pairs_queued"`     // fitting, waiting while others were asked
	Explained    int                `json:"explanations_checked"`
	Sampled      int                `json:"reasons_checked"`
	Remedies     int                `json:"remedies_checked"` // all explained loads have one
	Helping      int                `json:"remedies_helping"` // of them those that name a change
	TripRemedies int                `json:"trip_remedies_checked"`
	TripHelping  int                `json:"trip_remedies_helping"` // of them those that name a change
	Unmeasured   int                `json:"unmeasured"`            // trips whose router was not at hand
	Examples     []string           `json:"examples,omitempty"`
}

// exit is the exit code that the report calls for.
func (r *Report) exit() int {
	amiss := r.Rejected > 0
	if r.Verify != nil {
		amiss = amiss || *r.Violations > 0 || *r.Missed > 0 || r.Unanswered > 0 || r.Booked+r.Explained != r.Loads ||
			r.Verify.Remedies != r.Explained
	}
	if amiss {
		return 1
	}
	return 0
}

// write writes the report for programs or for people.
func (r *Report) write(w io.Writer, asJSON bool) error {
	if asJSON {
		text, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s\n", text)
		return err
	}
	_, err := io.WriteString(w, r.text())
	return err
}

// text is the report for people.
func (r *Report) text() string {
	var b []byte
	line := func(label string, format string, args ...any) {
		b = fmt.Appendf(b, "%-28s "+format+"\n", append([]any{label}, args...)...)
	}
	s := &r.Settings
	line("货源 loads", "%d", r.Loads)
	line("行程 trips", "%d", r.Trips)
	line("退回 rejected rows", "%d", r.Rejected)
	if r.Capped > 0 {
		line("余量超车厢 capped rooms", "%d trips state more spare volume than their vehicle holds", r.Capped)
	}
	line("报价 offers", "%d %v", r.Offers, r.OffersBy)
	if r.Counters > 0 {
		line("还价 counters", "%d prices named", r.Counters)
	}
	line("成交 booked", "%d (%s)", r.Booked, share(r.Booked, r.Loads))
	line("已答复 explained", "%d", r.Explained)
	line("未答复 unanswered", "%d", r.Unanswered)
	line("挂单 tickets", "%d (%s), %d of the loads booked after all, %d with reasons, %d with owner and clock, %d late with the head", r.Tickets.Opened,
		share(r.Tickets.Opened, r.Loads), r.Tickets.Settled, r.Tickets.Counted, r.Tickets.Owned, r.Tickets.Late)
	for _, cause := range freight.TicketCauses {
		if n := r.Tickets.Causes[cause]; n > 0 {
			line("起因 "+string(cause), "%d", n)
		}
	}
	line("绕行 detour", "%.1f km, %.1f h", float64(r.DetourM)/1000, float64(r.DetourS)/3600)
	line("运价 price", "¥%s (单独叫车 alone ¥%s)", r.Price, r.Alone)
	line("节省 value", "¥%s", r.Value)
	if p := r.Pools; p != nil {
		line("拼车 pools", "%d formed, %d hired for %d loads, ¥%s (alone ¥%s)", p.Formed, p.Committed, p.Loads, p.Hire, p.Alone)
	}
	line("路由 router", "%s %s", r.Method, r.Router)
	line("设定 defaults", "policy %s, %g km/h (%s), detour <= max(%g km, %d %%), %d extra stops, service %d s, ceiling %d %% of alone, seed %d",
		s.Policy, s.KMH, s.Because, float64(s.DetourM)/1000, s.DetourPercent, s.ExtraStops, s.ServiceS, s.CeilingPercent, r.Seed)
	for _, reason := range freight.Reasons {
		if n := r.Reasons[reason]; n > 0 {
			line("原因 "+string(reason), "%d", n)
		}
	}
	for _, kind := range append(freight.RemedyKinds[:len(freight.RemedyKinds):len(freight.RemedyKinds)], freight.RemedyNone) {
		if n := r.Remedies[kind]; n > 0 {
			line("改一处 "+string(kind), "%d", n)
		}
	}
	line("空车已答复 trips told", "%d", r.TripsTold)
	for _, kind := range append(freight.TripRemedyKinds[:len(freight.TripRemedyKinds):len(freight.TripRemedyKinds)], freight.RemedyNone) {
		if n := r.TripRemedies[kind]; n > 0 {
			line("空车改一处 "+string(kind), "%d", n)
		}
	}
	if v := r.Verify; v != nil {
		line("违例 violations", "%d", *r.Violations)
		line("漏配 missed", "%d of %d pairs tried, %d queued", *r.Missed, v.Pairs, v.Queued)
		line("核对 reasons checked", "%d, explanations %d", v.Sampled, v.Explained)
		line("核对 remedies checked", "%d, %d of them a change", v.Remedies, v.Helping)
		line("核对 trips' remedies", "%d, %d of them a change", v.TripRemedies, v.TripHelping)
		for _, example := range v.Examples {
			line("", "%s", example)
		}
	}
	if r.Export != nil {
		line("导出 export", "%s", r.Export)
	}
	if d := r.Bound; d != nil {
		line("上界 bound", "¥%s (in hindsight, proven; %d of %d trips bounded roughly)", d.Bound, d.Cut, r.Trips)
		line("占上界 online", "%.2f %% of the bound", d.Online)
		line("事后最优 in hindsight", "¥%s found, %.2f %% of the bound", d.Packed, d.Reached)
		line("当时可知 known in time", "¥%s found of the pairs that could still be booked, of which %.2f %% were reached", d.Known, d.OfKnown)
	}
	line("落盘 fsyncs", "%d", r.Commits)
	line("用时 seconds", "%.2f", r.Seconds)
	return string(b)
}

func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}
