package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Proofs reads proofs. A booking that the scope is no side of, and a proof that is not the
// booking's, are freight.Missing.
type Proofs interface {
	// Proofs returns the proofs of a booking, oldest first.
	Proofs(ctx context.Context, scope freight.Scope, booking freight.ID) (freight.Page[freight.Proof], error)
	// Proof returns one of them.
	Proof(ctx context.Context, scope freight.Scope, booking, proof freight.ID) (freight.Proof, int64, error)
}

// Pictures reads and keeps pictures.
type Pictures interface {
	// Clean reads a picture that a stranger sent and returns the JPEG that is fit to be
	// kept, with what was read of it; a clock in it that names no zone is read as one of
	// the zone. What the sender can mend is a *freight.Error.
	Clean(ctx context.Context, raw []byte, zone *time.Location) ([]byte, freight.Picture, error)
	// Keep brings a content to the disk before it returns.
	Keep(ctx context.Context, content []byte) error
	// Open returns a content that was kept.
	Open(ctx context.Context, blob freight.Digest) ([]byte, error)
}

// Paths and limits of proofs.
const (
	proofsPath  = "/v1/bookings/{id}/proofs"
	maxUploads  = 32              // at a time, each of freight.MaxPicture in memory at the most
	uploadSpan  = 2 * time.Minute // a phone at the edge of the network has so long
	pictureCost = 25              // requests that a picture stands for in the limit of an account
)

// ofPictures is how many pictures one account may show.
func (l Limit) ofPictures() Limit {
	all := newLimiter(l)
	return Limit{PerSecond: all.perSecond / pictureCost, Burst: max(1, all.burst/4)}
}

// AddProof shows a picture of the goods of a booking.
type AddProof struct {
	Named
	Keyed
	Kind    freight.ProofKind `query:"kind" required:"true" enum:"pickup,delivery,damage,signature" doc:"pickup: the goods as they were taken over; delivery: as they were handed over; damage: what is wrong with them; signature: who took them. A delivery or a signature proves a hand-over, whichever is told first"`
	At      time.Time         `query:"at" doc:"When it was made, by the clock of what sends it; now when left out. Up to 2 days ago"`
	Text    string            `query:"text" maxLength:"200" doc:"In the words of who sends it"`
	RawBody []byte            `contentType:"image/*" doc:"JPEG, PNG or WebP by its content, at most 8 MiB and 24 megapixels"`
}

// Proof is a picture that somebody showed of the goods of a booking.
type Proof struct {
	ID        freight.ID        `json:"id"`
	BookingID freight.ID        `json:"booking_id"`
	Kind      freight.ProofKind `json:"kind" enum:"pickup,delivery,damage,signature"`
	By        freight.Side      `json:"by" enum:"shipper,carrier"`
	At        time.Time         `json:"at" doc:"When it was made, by the clock of what sent it"`
	ToldAt    time.Time         `json:"told_at" doc:"When the exchange got it"`
	Text      string            `json:"text,omitempty"`
	Width     int64             `json:"width" doc:"Pixels"`
	Height    int64             `json:"height" doc:"Pixels"`
	Bytes     int64             `json:"bytes"`
	SHA256    freight.Digest    `json:"sha256" doc:"Of the picture as it is kept"`
	TakenAt   time.Time         `json:"taken_at,omitzero" doc:"When it was taken, as the camera wrote into it"`
	TakenLat  Decimal           `json:"taken_lat,omitempty" doc:"Where, as the camera wrote into it; degrees, WGS-84"`
	TakenLng  Decimal           `json:"taken_lng,omitempty"`
	Picture   string            `json:"picture" doc:"Path of the picture, a JPEG"`
}

// ProofList is the proofs of a booking.
type ProofList struct {
	Items []Proof `json:"items" doc:"Oldest first"`
}

// NamedProof names a proof of a booking.
type NamedProof struct {
	Named
	Proof freight.ID `path:"proof" doc:"The proof's id"`
}

// PictureFile is a picture.
type PictureFile struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

var aProof = entity{freight.KindProof, freight.PrefixProof}

func (s *server) proofs() {
	handle(s, huma.Operation{
		OperationID: "add-proof", Method: http.MethodPost, Path: proofsPath, Tags: []string{"bookings"}, DefaultStatus: http.StatusCreated,
		MaxBodyBytes: freight.MaxPicture + 1,
		Summary:      "Show a picture of the goods; told twice, it is answered alike",
		Description:  "The body is the picture itself. It is kept upright as a new JPEG without anything that a camera writes beside it; place and time are told with the proof.",
	}, mayAsk, s.addProof)
	handle(s, huma.Operation{
		OperationID: "list-proofs", Method: http.MethodGet, Path: proofsPath, Tags: []string{"bookings"},
		Summary: "The proofs of a booking, oldest first; for both sides and the desk",
	}, mayRead, s.listProofs)
	handle(s, huma.Operation{
		OperationID: "get-picture", Method: http.MethodGet, Path: proofsPath + "/{proof}/picture", Tags: []string{"bookings"},
		Summary: "The picture of a proof, a JPEG; for both sides and the desk",
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
			"image/jpeg": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}}},
	}, mayRead, s.getPicture)
}

// readPicture reads the body of a request that shows one, within the limits of the account
// and of the server.
func (s *server) readPicture(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	c := callOf(r.Context())
	if err := s.showing.take(string(c.who.Org)+" "+string(c.actor()), s.cfg.Now()); err != nil {
		return nil, err
	}
	select {
	case s.uploads <- struct{}{}:
		defer func() { <-s.uploads }()
	default:
		return nil, &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemOverload}
	}
	line := http.NewResponseController(w)
	until := time.Now().Add(uploadSpan)
	if err := errors.Join(line.SetReadDeadline(until), line.SetWriteDeadline(until)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, fmt.Errorf("give a picture its time: %w", err)
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, freight.MaxPicture))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, tooMuch("picture", fmt.Sprintf("%d KiB", freight.MaxPicture>>10))
	case err != nil:
		return nil, unreadable("picture", "", err)
	case len(raw) == 0:
		return nil, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: "picture"}
	}
	return raw, nil
}

func (s *server) addProof(ctx context.Context, c *call, in *AddProof) (*Reflected[Proof], error) {
	return about(aBooking, in.ID, func() (*Reflected[Proof], error) {
		deal, _, err := s.cfg.Reader.Booking(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		content, picture, err := s.cfg.Pictures.Clean(ctx, c.body, s.zone(ctx, c.who.Market))
		if err != nil {
			return nil, err
		}
		act := freight.AddProof{Booking: in.ID, Kind: in.Kind, At: instant(in.At), Picture: picture, Text: in.Text}
		// What will be refused takes no room on the disk; what is known has its own there.
		if deal.Booking.Custody.Showing(act.Kind, picture.Blob) == "" {
			if err := deal.Booking.Admits(s.cfg.Now(), &act); err != nil {
				return nil, err
			}
		}
		if err := s.cfg.Pictures.Keep(ctx, content); err != nil {
			return nil, err
		}
		return s.showProof(ctx, c, in.Key, act)
	})
}

// showProof puts a proof on record whose picture is kept.
func (s *server) showProof(ctx context.Context, c *call, key string, act freight.AddProof) (*Reflected[Proof], error) {
	result, err := s.do(ctx, c, key, act)
	if err != nil {
		return nil, err
	}
	if result.Booking == nil {
		return nil, incomplete(act)
	}
	id := result.Booking.Custody.Showing(act.Kind, act.Picture.Blob)
	p, seq, err := s.cfg.Proofs.Proof(ctx, c.scope(), act.Booking, id)
	if err != nil {
		return nil, err
	}
	return &Reflected[Proof]{Cursor: s.cursor(c, seq), Body: viewProof(&p)}, nil
}

func (s *server) listProofs(ctx context.Context, c *call, in *Named) (*Reflected[ProofList], error) {
	return about(aBooking, in.ID, func() (*Reflected[ProofList], error) {
		page, err := s.cfg.Proofs.Proofs(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		out := ProofList{Items: make([]Proof, len(page.Rows))}
		for i := range page.Rows {
			out.Items[i] = viewProof(&page.Rows[i])
		}
		return &Reflected[ProofList]{Cursor: s.cursor(c, page.Seq), Body: out}, nil
	})
}

func (s *server) getPicture(ctx context.Context, c *call, in *NamedProof) (*PictureFile, error) {
	return about(aBooking, in.ID, func() (*PictureFile, error) {
		return about(aProof, in.Proof, func() (*PictureFile, error) {
			p, _, err := s.cfg.Proofs.Proof(ctx, c.scope(), in.ID, in.Proof)
			if err != nil {
				return nil, err
			}
			content, err := s.cfg.Pictures.Open(ctx, p.Picture.Blob)
			if err != nil {
				return nil, err
			}
			return &PictureFile{"image/jpeg", `inline; filename="` + string(p.ID) + `.jpg"`, content}, nil
		})
	})
}

func viewProof(p *freight.Proof) Proof {
	out := Proof{
		ID: p.ID, BookingID: p.Booking, Kind: p.Kind, By: p.By, At: when(p.At), ToldAt: when(p.Made), Text: p.Text,
		Width: p.Picture.Width, Height: p.Picture.Height, Bytes: p.Picture.Bytes, SHA256: p.Picture.Blob, TakenAt: when(p.Picture.Taken),
		Picture: "/v1/bookings/" + string(p.Booking) + "/proofs/" + string(p.ID) + "/picture",
	}
	if at := p.Picture.Point; at != nil {
		out.TakenLat, out.TakenLng = degrees(at.LatE7), degrees(at.LngE7)
	}
	return out
}
