package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"pinhuo/api/client"
	"pinhuo/freight"
)

// body is a request to post a load whose reference can be put in place.
type body struct {
	text []byte
	ref  int // where the reference begins
}

// blankRef stands where the reference of a post will.
const blankRef = "PO-00000000"

// reference is the n-th reference.
func reference(n int64) string { return fmt.Sprintf("PO-%08d", n%100_000_000) }

func newBody(terms freight.LoadTerms) (body, error) {
	terms.Ref = blankRef
	text, err := json.Marshal(wireLoad(terms))
	if err != nil {
		return body{}, err
	}
	return body{text, bytes.Index(text, []byte(blankRef))}, nil
}

// under returns the request under a reference.
func (b body) under(ref string) []byte {
	text := bytes.Clone(b.text)
	copy(text[b.ref:], ref)
	return text
}

// wireLoad writes terms as a client sends them.
func wireLoad(t freight.LoadTerms) client.LoadTerms {
	l := client.LoadTerms{Ref: t.Ref, Goods: t.Goods, Pickup: wireStop(t.Pickup), Delivery: wireStop(t.Delivery), Needs: t.Needs.Names()}
	for _, p := range t.Size.Pieces {
		l.Size.Pieces = append(l.Size.Pieces, client.Piece{Count: p.Count, LengthM: thousandths(p.LengthMM), WidthM: thousandths(p.WidthMM),
			HeightM: thousandths(p.HeightMM), Kg: thousandths(p.Grams)})
	}
	return l
}

func wireStop(s freight.Stop) client.Stop {
	lat, lng := s.Place.Point.Degrees()
	return client.Stop{Place: client.Place{Lat: lat, Lng: lng, Town: s.Place.Town, Address: s.Place.Address},
		Window:  client.Window{Open: s.Window.Open.Time(), Close: s.Window.Close.Time()},
		Service: &s.ServiceS, Contact: &client.Contact{Name: s.Contact.Name, Phone: s.Contact.Phone}}
}

func thousandths(n int64) float64 { return float64(n) / 1000 }
