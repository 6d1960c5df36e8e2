package live

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
)

// History is the committed events of a market, read again by whoever was away.
type History interface {
	// Events returns up to limit events of the audience with numbers above
	// after, ascending, and the number of the market's last event in the same
	// read. When events above after have been removed it returns a
	// *freight.Error with ProblemCursor.
	Events(ctx context.Context, market, audience freight.ID, after int64, limit int) (events []freight.Event, head int64, err error)
	// Head returns the number of the market's last event, 0 for none.
	Head(ctx context.Context, market freight.ID) (int64, error)
}

// Render writes the CloudEvents frame of an event for a principal, who carries
// here only what members of one role share: organization, role and market.
// cursor is the position after the event.
type Render func(e freight.Event, p freight.Principal, cursor string) ([]byte, error)

// Check returns those of the credentials that still open something, each with
// the instant it ends, 0 for never.
type Check func(ctx context.Context, credentials []freight.ID) (map[freight.ID]freight.Instant, error)

// Config is what a Hub is made of. History, Render and Sealer are required;
// everything else has a default.
type Config struct {
	History History
	Render  Render
	Sealer  *Sealer
	Check   Check                 // asked every 30 s about open sockets; nil: they end by their own clock alone
	Origins []string              // further origins whose pages may connect, such as "https://zone.example"
	Log     *slog.Logger          // default: discards
	Metrics prometheus.Registerer // default: unregistered

	MaxClients   int           // sockets in all; default and most: file descriptor limit − 200
	MaxPerOrg    int           // sockets of one organization; default 1,000
	QueueBytes   int           // waiting for one socket before it counts as slow; default 512 KiB
	Heartbeat    time.Duration // between two signs of life; default 25 s
	FrameTimeout time.Duration // for one frame to leave; default 10 s
}
