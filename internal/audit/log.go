package audit

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"pinhuo/freight"
)

// Head is a row of a market's log of acts and its chain, which stands for the row and all
// before it: what one writes down outside, so that nobody can write the log anew.
type Head struct {
	Market freight.ID `json:"market"`
	Seq    int64      `json:"seq"`
	Hash   string     `json:"hash"` // hex
}

// String writes the head as ParseHead reads it.
func (h Head) String() string { return fmt.Sprintf("%s:%d:%s", h.Market, h.Seq, h.Hash) }

// ParseHead reads a head as String writes it.
func ParseHead(text string) (Head, error) {
	parts := strings.Split(text, ":")
	if len(parts) == 3 {
		seq, err := strconv.ParseInt(parts[1], 10, 64)
		hash, bad := hex.DecodeString(parts[2])
		if err == nil && bad == nil && len(hash) == 32 && seq >= 0 {
			return Head{freight.ID(parts[0]), seq, strings.ToLower(parts[2])}, nil
		}
	}
	return Head{}, fmt.Errorf("%q is no head of a log: MARKET:NUMBER:HASH", text)
}

// Log is what following one market's log of acts came to.
type Log struct {
	Head                   // its end, as its writer's row says
	From   int64           `json:"from"`   // number of its first row
	Filled int64           `json:"filled"` // rows up to it were there before the log was chained
	Since  freight.Instant `json:"since"`  // of the last commit before it was; 0 where it has not been
	First  *Violation      `json:"first,omitempty"`
}

// Logs follows the log of acts of every market and nothing else: whether any row was cut,
// changed, put elsewhere or added by another hand, and which is the first. Heads are those
// written down before. It fails only where the database cannot be read.
func Logs(ctx context.Context, src Source, heads []Head) ([]Log, Report, error) {
	report := Report{Rows: map[string]int{}, Counts: map[Name]int{}}
	markets, err := src.AuditMarkets(ctx)
	if err != nil {
		return nil, report, fmt.Errorf("audit: markets: %w", err)
	}
	report.Markets = len(markets)
	known := map[Head]bool{}
	for _, h := range heads {
		known[h] = false
	}
	var logs []Log
	for _, m := range markets {
		w, before := &world{market: m, report: &report}, len(report.List)
		if err := w.readOrgs(ctx, src); err != nil {
			return nil, report, fmt.Errorf("audit: market %s: %w", m.Market.ID, err)
		}
		if err := w.deeds(ctx, src, known); err != nil {
			return nil, report, fmt.Errorf("audit: market %s: %w", m.Market.ID, err)
		}
		l := Log{Head: Head{m.Market.ID, m.DeedSeq, hex.EncodeToString(m.DeedHead[:])}, From: m.DeedRoot.Seq + 1, Filled: m.DeedRoot.Filled, Since: m.DeedRoot.Since}
		if len(report.List) > before {
			first := report.List[before]
			l.First = &first
		}
		logs = append(logs, l)
	}
	for _, h := range heads {
		if !known[h] {
			report.note(Violation{Name: ActEnd, Market: h.Market, Rows: []Row{{"market", h.Market}}, Numbers: []Number{{"written_down_seq", h.Seq}}})
		}
	}
	report.sort()
	return logs, report, nil
}

// seen ticks off a head that was written down.
func (a *acts) seen(seq int64, chain [32]byte) {
	if len(a.heads) == 0 {
		return
	}
	head := Head{a.w.market.Market.ID, seq, hex.EncodeToString(chain[:])}
	if _, ok := a.heads[head]; ok {
		a.heads[head] = true
	}
}
