package live

import (
	"fmt"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

// Advice tells a client what to do after its socket was closed.
type Advice string

// The advices.
const (
	AdviceResume Advice = "resume"  // come back after a pause with the last cursor
	AdviceReload Advice = "reload"  // load the page anew and connect with its cursor
	AdviceSignIn Advice = "sign in" // sign in first
	AdviceStop   Advice = "stop"    // do not come back with the same request
)

// Close is one way in which the server closes a socket.
type Close struct {
	Code   int
	Text   string
	Advice Advice
}

// The ways in which the server closes a socket.
var (
	CloseGoingAway    = Close{websocket.CloseGoingAway, "server is going away", AdviceResume}
	CloseInternal     = Close{websocket.CloseInternalServerErr, "our fault", AdviceResume}
	CloseTryLater     = Close{websocket.CloseTryAgainLater, "try again later", AdviceResume}
	CloseBadRequest   = Close{4400, "bad request", AdviceStop}
	CloseUnauthorized = Close{4401, "not signed in, or no longer", AdviceSignIn}
	CloseForbidden    = Close{4403, "not allowed from this origin", AdviceStop}
	CloseSilent       = Close{4408, "no sign of life", AdviceResume}
	CloseReload       = Close{4410, "history is gone", AdviceReload}
	CloseTooLarge     = Close{4413, "frame too large", AdviceStop}
	CloseSlow         = Close{4429, "reads too slowly", AdviceResume}
)

// Closes lists them all; docs/socket.md has the same table.
var Closes = []Close{
	CloseGoingAway, CloseInternal, CloseTryLater, CloseBadRequest, CloseUnauthorized, CloseForbidden,
	CloseSilent, CloseReload, CloseTooLarge, CloseSlow,
}

// reason is the text of the close frame. Where the advice is to come back it
// names the pause, which differs from socket to socket so that not all come at
// once.
func (c Close) reason(pause time.Duration) string {
	if c.Advice != AdviceResume {
		return c.Text
	}
	return fmt.Sprintf("%s; retry_ms=%d", c.Text, pause.Milliseconds())
}

// Codes of sockets that the peer closed, or that broke, as metrics name them.
var peerCodes = []int{websocket.CloseNormalClosure, websocket.CloseNoStatusReceived, websocket.CloseAbnormalClosure}

// codeLabel keeps the label set of the closes closed, whatever a peer sends.
func codeLabel(code int) string {
	ours := func(c Close) bool { return c.Code == code }
	if slices.Contains(peerCodes, code) || slices.ContainsFunc(Closes, ours) {
		return fmt.Sprint(code)
	}
	return "other"
}
