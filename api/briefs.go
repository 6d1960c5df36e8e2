package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// BriefLine is one officer's tickets of one firm.
type BriefLine struct {
	Officer  *Person `json:"officer,omitempty"`
	Firm     *Party  `json:"firm,omitempty"`
	Asked    int64   `json:"asked"`
	Answered int64   `json:"answered" doc:"Times that an officer said that one is done"`
	Reopened int64   `json:"reopened" doc:"Times that the firm said that it is not"`
	Closed   int64   `json:"closed"`
	Raised   int64   `json:"raised" doc:"Clocks that ran out"`
	Waiting  int64   `json:"waiting" doc:"At the end"`
	Late     int64   `json:"late" doc:"Of those, past the clock that nobody is above"`
}

// Brief is what a desk's day came to.
type Brief struct {
	ID    freight.ID  `json:"id"`
	From  time.Time   `json:"from"`
	To    time.Time   `json:"to"`
	Sum   BriefLine   `json:"sum"`
	Lines []BriefLine `json:"lines" doc:"By officer, then firm"`
	Bare  []BareLine  `json:"bare" doc:"What was asked for in vain, most loads first"`
}

// BareLine is a firm's loads on a lane that were told that no single change would help.
type BareLine struct {
	Firm  Party  `json:"firm"`
	From  string `json:"from" doc:"Town"`
	To    string `json:"to" doc:"Town"`
	Loads int64  `json:"loads"`
}

// Text is an answer that is no JSON.
type Text struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

var aBrief = entity{freight.KindBrief, freight.PrefixBrief}

func (s *server) briefs() {
	handle(s, huma.Operation{
		OperationID: "list-briefs", Method: http.MethodGet, Path: "/v1/desk/briefs", Tags: []string{"desk"},
		Summary: "What the desk's days came to, newest first; for the desk",
	}, isDesk, s.listBriefs)
	handle(s, huma.Operation{
		OperationID: "brief-text", Method: http.MethodGet, Path: "/v1/desk/briefs/{id}/text", Tags: []string{"desk"},
		Summary: "A brief as text to read aloud or to send on; for the desk",
	}, isDesk, func(ctx context.Context, c *call, in *Named) (*Text, error) {
		return s.brief(ctx, c, in.ID, "text/plain; charset=utf-8", "txt", briefText)
	})
	handle(s, huma.Operation{
		OperationID: "brief-csv", Method: http.MethodGet, Path: "/v1/desk/briefs/{id}/csv", Tags: []string{"desk"},
		Summary: "A brief as CSV for a spreadsheet, which takes no cell of it for a formula; for the desk",
	}, isDesk, func(ctx context.Context, c *call, in *Named) (*Text, error) {
		return s.brief(ctx, c, in.ID, "text/csv; charset=utf-8", "csv", briefCSV)
	})
}

func (s *server) listBriefs(ctx context.Context, c *call, in *Listing) (*List[Brief], error) {
	q, err := in.query(c, aBrief, "")
	if err != nil {
		return nil, err
	}
	people, err := s.people(ctx, c)
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Desk.Briefs, func(b *freight.Brief) (Brief, error) { return s.viewBrief(ctx, people, b) })
}

func (s *server) brief(ctx context.Context, c *call, id freight.ID, kind, ending string, write func(*Brief, lang, *time.Location) []byte) (*Text, error) {
	return about(aBrief, id, func() (*Text, error) {
		b, _, err := s.cfg.Desk.Brief(ctx, c.scope(), id)
		if err != nil {
			return nil, err
		}
		people, err := s.people(ctx, c)
		if err != nil {
			return nil, err
		}
		shown, err := s.viewBrief(ctx, people, &b)
		if err != nil {
			return nil, err
		}
		zone := s.zone(ctx, c.who.Market)
		name := "brief-" + shown.To.In(zone).Format(time.DateOnly) + "." + ending
		return &Text{kind, `attachment; filename="` + name + `"`, write(&shown, c.lang, zone)}, nil
	})
}

// zone is the market's time zone, UTC where it is not known.
func (s *server) zone(ctx context.Context, market freight.ID) *time.Location {
	markets, err := s.cfg.Reader.Markets(ctx)
	if err != nil {
		return time.UTC
	}
	for _, m := range markets {
		if zone, err := time.LoadLocation(m.Zone); m.ID == market && err == nil {
			return zone
		}
	}
	return time.UTC
}

func (s *server) viewBrief(ctx context.Context, people map[freight.ID]Person, b *freight.Brief) (Brief, error) {
	out := Brief{ID: b.ID, From: when(b.From), To: when(b.To), Sum: viewLine(&b.Sum), Lines: make([]BriefLine, len(b.Lines))}
	for i := range b.Lines {
		org, err := s.names.org(ctx, b.Lines[i].Firm)
		if err != nil {
			return out, err
		}
		who := person(people, b.Lines[i].Officer)
		out.Lines[i] = viewLine(&b.Lines[i])
		out.Lines[i].Officer, out.Lines[i].Firm = &who, &Party{ID: org.ID, Name: org.Name}
	}
	out.Bare = make([]BareLine, len(b.Bare))
	for i, l := range b.Bare {
		org, err := s.names.org(ctx, l.Firm)
		if err != nil {
			return out, err
		}
		out.Bare[i] = BareLine{Party{ID: org.ID, Name: org.Name}, l.From, l.To, l.Loads}
	}
	return out, nil
}

func viewLine(l *freight.BriefLine) BriefLine {
	return BriefLine{Asked: l.Asked, Answered: l.Answered, Reopened: l.Reopened, Closed: l.Closed, Raised: l.Raised, Waiting: l.Waiting, Late: l.Late}
}

// numbers are a line's, in the order of briefWords.
func (l *BriefLine) numbers() []int64 {
	return []int64{l.Asked, l.Answered, l.Reopened, l.Closed, l.Raised, l.Waiting, l.Late}
}

// briefWords head the numbers of a brief.
var briefWords = [][2]string{
	{"新增", "asked"}, {"已答复", "answered"}, {"被退回", "reopened"}, {"已销号", "closed"}, {"超时上交", "raised"}, {"在办", "waiting"}, {"超期未办", "late"},
}

// briefText writes a brief for people.
func briefText(b *Brief, l lang, zone *time.Location) []byte {
	const form = "2006-01-02 15:04"
	var text strings.Builder
	title := [2]string{"服务台日报 %s 至 %s（%s）\n", "The desk's day, %s to %s (%s)\n"}[l]
	fmt.Fprintf(&text, title, b.From.In(zone).Format(form), b.To.In(zone).Format(form), zone)
	line := func(head string, of *BriefLine) {
		var parts []string
		for i, n := range of.numbers() {
			if n != 0 {
				parts = append(parts, briefWords[i][l]+" "+strconv.FormatInt(n, 10))
			}
		}
		if len(parts) == 0 {
			parts = []string{[2]string{"无事", "nothing"}[l]}
		}
		text.WriteString(head + [2]string{"：", ": "}[l] + strings.Join(parts, [2]string{"，", ", "}[l]) + "\n")
	}
	line([2]string{"合计", "In all"}[l], &b.Sum)
	for i := range b.Lines {
		line(plainLine(b.Lines[i].Officer.Name+" · "+b.Lines[i].Firm.Name), &b.Lines[i])
	}
	if len(b.Bare) > 0 {
		text.WriteString([2]string{"没有办法的货源（改哪一处都配不上）：\n", "Loads that no change would have helped:\n"}[l])
	}
	for _, bare := range b.Bare {
		fmt.Fprintf(&text, "  %s %d\n", plainLine(bare.Firm.Name+" · "+bare.From+" → "+bare.To), bare.Loads)
	}
	return []byte(text.String())
}

// plainLine keeps a name on its line.
func plainLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}

// briefCSV writes a brief for a spreadsheet, with the mark by which it knows UTF-8.
func briefCSV(b *Brief, l lang, _ *time.Location) []byte {
	var text bytes.Buffer
	text.WriteString("\ufeff")
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	head := []string{[2]string{"值班员", "officer"}[l], [2]string{"单位", "firm"}[l]}
	for _, word := range briefWords {
		head = append(head, word[l])
	}
	rows := [][]string{head}
	row := func(officer, firm string, of *BriefLine) {
		cells := []string{cell(officer), cell(firm)}
		for _, n := range of.numbers() {
			cells = append(cells, strconv.FormatInt(n, 10))
		}
		rows = append(rows, cells)
	}
	for i := range b.Lines {
		row(b.Lines[i].Officer.Name, b.Lines[i].Firm.Name, &b.Lines[i])
	}
	row([2]string{"合计", "sum"}[l], "", &b.Sum)
	if len(b.Bare) > 0 {
		rows = append(rows, []string{}, [][]string{{"单位", "起点", "终点", "没有办法的货源"}, {"firm", "from", "to", "loads that no change helps"}}[l])
	}
	for _, bare := range b.Bare {
		rows = append(rows, []string{cell(bare.Firm.Name), cell(bare.From), cell(bare.To), strconv.FormatInt(bare.Loads, 10)})
	}
	_ = w.WriteAll(rows) // a buffer takes everything
	return text.Bytes()
}

// cell makes a text one that no spreadsheet takes for a formula: what begins like
// one, also after white space, is led by an apostrophe, and stays on its line.
func cell(s string) string {
	s = plainLine(s)
	if rest := strings.TrimLeft(s, " \u00a0\u3000"); rest != "" && strings.ContainsRune("=+-@＝＋－＠|%", []rune(rest)[0]) {
		return "'" + s
	}
	return s
}
