package client

import (
	"context"
	"time"
)

// BriefLine is what a day came to for an officer and a firm; for both together in a sum.
type BriefLine struct {
	Officer  *Person `json:"officer,omitempty"`
	Firm     *Party  `json:"firm,omitempty"`
	Asked    int64   `json:"asked"`
	Answered int64   `json:"answered"`
	Reopened int64   `json:"reopened"`
	Closed   int64   `json:"closed"`
	Raised   int64   `json:"raised"` // passed to whoever stands above
	Waiting  int64   `json:"waiting"`
	Late     int64   `json:"late"`
}

// BareLine is a firm's loads on a lane that were told that no single change would help.
type BareLine struct {
	Firm  Party  `json:"firm"`
	From  string `json:"from"`
	To    string `json:"to"`
	Loads int64  `json:"loads"`
}

// Brief is what a desk's day came to.
type Brief struct {
	ID    string      `json:"id"`
	From  time.Time   `json:"from"`
	To    time.Time   `json:"to"`
	Sum   BriefLine   `json:"sum"`
	Lines []BriefLine `json:"lines"`
	Bare  []BareLine  `json:"bare"`
}

// Briefs lists what the days came to, for the desk.
func (c *Client) Briefs(ctx context.Context, l List) (Page[Brief], error) {
	return get[Page[Brief]](ctx, c, "/v1/desk/briefs", l.query(), nil)
}

// BriefText returns a day as text to be read out.
func (c *Client) BriefText(ctx context.Context, id string) (string, error) {
	text, err := file(ctx, c, one("desk/briefs", id, "text"), nil)
	return string(text), err
}

// BriefFile returns a day as CSV, which a spreadsheet reads as text and numbers, never as
// formulas.
func (c *Client) BriefFile(ctx context.Context, id string) ([]byte, error) {
	return file(ctx, c, one("desk/briefs", id, "csv"), nil)
}
