package api

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
)

func (w *world) Clean(_ context.Context, raw []byte, _ *time.Location) ([]byte, freight.Picture, error) {
	if bytes.HasPrefix(raw, []byte("bomb")) {
		return nil, freight.Picture{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: "picture", Value: "10000 x 10000 px", Max: "24000000 px"}
	}
	clean := append([]byte("clean "), raw...)
	at := freight.Point{LatE7: 318_900_000, LngE7: 1_211_700_000}
	return clean, freight.Picture{Blob: freight.DigestOf(clean), Bytes: int64(len(clean)), Width: 4, Height: 3, Taken: now, Point: &at}, nil
}

func (w *world) Keep(_ context.Context, content []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.blobs == nil {
		w.blobs = map[freight.Digest][]byte{}
	}
	w.blobs[freight.DigestOf(content)] = content
	return nil
}

func (w *world) Open(_ context.Context, blob freight.Digest) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.blobs[blob], nil
}

func (w *world) Proofs(ctx context.Context, s freight.Scope, booking freight.ID) (page freight.Page[freight.Proof], err error) {
	if _, page.Seq, err = w.Booking(ctx, s, booking); err == nil {
		page.Rows = w.proofs
	}
	return page, err
}

func (w *world) Proof(ctx context.Context, s freight.Scope, booking, proof freight.ID) (freight.Proof, int64, error) {
	page, err := w.Proofs(ctx, s, booking)
	for _, p := range page.Rows {
		if p.ID == proof {
			return p, page.Seq, nil
		}
	}
	if err == nil {
		err = freight.Missing(freight.KindProof, proof)
	}
	return freight.Proof{}, 0, err
}

// show is the answer of an exchange to a proof of its one booking.
func (w *world) show(cmd freight.Command, act freight.AddProof) (freight.Result, error) {
	k := w.deals[0].Booking
	if k.Custody.Showing(act.Kind, act.Picture.Blob) == "" {
		p := freight.Proof{Meta: freight.Meta{ID: id(freight.PrefixProof, string(act.Kind)), Org: cmd.Org, Made: now}, Booking: act.Booking, Kind: act.Kind, Picture: act.Picture,
			By: freight.SideCarrier, At: now, Text: act.Text}
		w.proofs = append(w.proofs, p)
		k.Custody.Proofs = append(k.Custody.Proofs, freight.Shown{Proof: p.ID, Kind: p.Kind, Blob: p.Picture.Blob})
	}
	return freight.Result{Booking: k}, nil
}

func TestPicturesOfTheGoods(t *testing.T) {
	s := serve(t)
	s.deals = []freight.Deal{someDeal("x", freight.BookingAboard)}
	s.deals[0].Booking.Made = now - freight.Hour
	path := "/v1/bookings/" + string(id("bk", "x")) + "/proofs"
	shown := s.want(201, request{"POST", path + "?kind=delivery&text=at+the+door", "a picture", "driver", map[string]string{"Content-Type": "text/html", "Idempotency-Key": "1"}})
	if shown.at(t, "kind") != "delivery" || shown.at(t, "width") != 4.0 || shown.at(t, "taken_lat") != 31.89 || shown.at(t, "text") != "at the door" {
		t.Errorf("%s", shown.body)
	}
	s.want(201, request{"POST", path + "?kind=delivery&text=at+the+door", "a picture", "driver", map[string]string{"Idempotency-Key": "1"}})
	s.want(409, request{"POST", path + "?kind=damage", "a picture", "driver", map[string]string{"Idempotency-Key": "1"}})
	s.want(201, request{"POST", path + "?kind=damage", "another", "clerk", nil})
	for _, who := range []string{"clerk", "driver", "officer"} {
		list := s.want(200, request{"GET", path, "", who, nil})
		if len(list.at(t, "items").([]any)) != 2 {
			t.Errorf("%s sees %s", who, list.body)
		}
		file := s.want(200, request{"GET", list.at(t, "items.0.picture").(string), "", who, nil})
		if string(file.body) != "clean a picture" || file.Header.Get("Content-Type") != "image/jpeg" || file.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s gets %q as %s", who, file.body, file.Header.Get("Content-Type"))
		}
	}
	first := s.want(200, request{"GET", path, "", "clerk", nil}).at(t, "items.0.picture").(string)
	for _, hidden := range []string{path, first, strings.Replace(first, string(id("bk", "x")), string(id("bk", "y")), 1)} {
		s.want(404, request{"GET", hidden, "", "stranger", nil})
	}
	s.want(404, request{"GET", path + "/" + string(id("pf", "none")) + "/picture", "", "clerk", nil})
	s.want(404, request{"POST", path + "?kind=delivery", "a picture", "stranger", nil})
}

func TestWhatIsRefusedTakesNoRoom(t *testing.T) {
	s := serve(t)
	s.deals = []freight.Deal{someDeal("x", freight.BookingAboard)}
	k := s.deals[0].Booking
	k.Made = now - freight.Hour
	path := "/v1/bookings/" + string(id("bk", "x")) + "/proofs?kind=delivery"
	s.want(422, request{"POST", path, "bomb", "driver", nil})
	s.want(422, request{"POST", path, "", "driver", nil})
	s.want(413, request{"POST", path, strings.Repeat("x", freight.MaxPicture+1), "driver", nil})
	s.want(422, request{"POST", strings.Replace(path, "delivery", "landscape", 1), "a picture", "driver", nil})
	s.want(422, request{"POST", path + "&at=2020-01-01T00:00:00Z", "a picture", "driver", nil})
	s.want(422, request{"POST", path + "&text=" + strings.Repeat("x", 201), "a picture", "driver", nil})
	k.State = freight.BookingHeld
	s.want(409, request{"POST", path, "a picture", "driver", nil})
	k.State = freight.BookingAboard
	for range freight.MaxProofs {
		k.Custody.Proofs = append(k.Custody.Proofs, freight.Shown{Proof: id("pf", "x"), Kind: freight.ProofPickup})
	}
	s.want(409, request{"POST", path, "a picture", "driver", nil})
	if len(s.blobs) > 0 || len(s.commands) > 0 {
		t.Errorf("%d kept, %d brought to the exchange", len(s.blobs), len(s.commands))
	}
	if len(s.noted) < 6 {
		t.Errorf("%d refusals in the log of acts", len(s.noted))
	}
}

func TestTooManyPicturesWait(t *testing.T) {
	s := serve(t, func(c *Config) { c.Limit = Limit{PerSecond: 50, Burst: 200} })
	s.deals = []freight.Deal{someDeal("x", freight.BookingAboard)}
	path := "/v1/bookings/" + string(id("bk", "x")) + "/proofs?kind=delivery"
	for range 50 {
		s.want(422, request{"POST", path, "bomb", "driver", nil})
	}
	if a := s.want(429, request{"POST", path, "bomb", "driver", nil}); a.Header.Get("Retry-After") == "" {
		t.Errorf("%s", a.body)
	}
	s.want(422, request{"POST", path, "bomb", "clerk", nil})
	s.want(200, request{"GET", "/v1/bookings/" + string(id("bk", "x")), "", "driver", nil})
}
