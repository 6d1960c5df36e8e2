package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pinhuo/api/client"
	"pinhuo/freight"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/seed"
)

const (
	proofKills   = 20
	showers      = 6
	bookings     = 24
	trucks       = 6  // of which each takes six loads
	leastShowing = 10 // kills that find a picture on its way
)

// TestKilledServersKeepEveryPicture kills the server twenty times while pictures are sent
// and goods are moved.
func TestKilledServersKeepEveryPicture(t *testing.T) {
	if testing.Short() {
		t.Skip("twenty restarts take a minute")
	}
	t.Run("sqlite", func(t *testing.T) { tortureProofs(t, database{Data: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) {
		tortureProofs(t, database{Data: t.TempDir(), DatabaseURL: pgtest.URL(t)})
	})
}

// proofRun is the phones of one engine.
type proofRun struct {
	t        *testing.T
	house    *house
	bookings []string
	flying   atomic.Int64
	retries  atomic.Int64
	working  sync.WaitGroup

	mu    sync.Mutex
	shown []client.Proof // acknowledged
}

func tortureProofs(t *testing.T, db database) {
	random := rand.New(rand.NewPCG(seed.Of(t), 0))
	r := &proofRun{t: t, house: newHouse(t, db, 1, 1)}
	r.house.boot()
	r.book(bookings)
	ctx, stop := context.WithCancel(context.Background())
	for i := range showers {
		r.working.Go(func() { r.show(ctx, i) })
	}
	flying := 0
	for range proofKills {
		<-time.After(time.Duration(200+random.IntN(800)) * time.Millisecond)
		r.house.kill()
		if r.flying.Load() > 0 {
			flying++
		}
		r.house.boot()
	}
	stop()
	r.working.Wait()
	fresh := map[string]bool{}
	for _, p := range r.shown {
		fresh[p.ID] = true
	}
	t.Logf("%d pictures acknowledged in %d answers, %d retries, %d of %d kills found one on its way", len(fresh), len(r.shown), r.retries.Load(), flying, proofKills)
	if flying < leastShowing || len(r.shown) < showers {
		t.Errorf("%d kills found a picture on its way, %d were acknowledged", flying, len(r.shown))
	}
	r.compare()
	if out := r.house.audit(); !strings.Contains(out, "violations: 0") || strings.Contains(out, "proof: 0") {
		t.Errorf("audit:\n%s", out)
	}
	r.spoil()
}

func (r *proofRun) client(org int) *client.Client {
	return r.house.client(org, func(string, int, error) { r.retries.Add(1) })
}

// book makes so many bookings of small loads.
func (r *proofRun) book(n int) {
	ctx, shipper, carrier := context.Background(), r.client(0), r.client(1)
	if _, err := carrier.SetAsking(ctx, client.AskingTerms{OffersPerHour: 100}); err != nil {
		r.t.Fatal(err)
	}
	for i := range trucks {
		if _, err := carrier.AnnounceTrip(ctx, r.house.trip(i)); err != nil {
			r.t.Fatal(err)
		}
	}
	for i := range n {
		if _, err := shipper.PostLoad(ctx, r.house.load(fmt.Sprintf("proof-%d", i), 10*i)); err != nil {
			r.t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(time.Minute); len(r.bookings) < n; {
		page, err := carrier.Offers(ctx, client.List{State: "open", Limit: 50})
		if err != nil || time.Now().After(deadline) {
			r.t.Fatalf("%d bookings: %v", len(r.bookings), err)
		}
		for _, o := range page.Items {
			if k, err := carrier.AcceptOffer(ctx, o.ID, o.Version); err == nil {
				r.bookings = append(r.bookings, k.ID)
			}
		}
		<-time.After(20 * time.Millisecond)
	}
}

// show sends pictures of the bookings in turn until it is told to stop, each under a key of
// its own, and moves the goods in between. Those that a booking has already are sent again.
func (r *proofRun) show(ctx context.Context, phone int) {
	c := r.client(1 - phone%2)
	for n := phone; ctx.Err() == nil; n += showers {
		booking, picture := r.bookings[n%len(r.bookings)], n/len(r.bookings)%mostShown
		kind := []string{"pickup", "delivery", "damage"}[picture%3]
		r.flying.Add(1)
		p, err := c.AddProof(context.WithoutCancel(ctx), booking, client.ProofTerms{Kind: kind}, colours(n%len(r.bookings), picture), client.Key(fmt.Sprintf("phone-%d", n)))
		r.flying.Add(-1)
		if err != nil {
			r.t.Errorf("picture %d of %s: %v", picture, booking, err)
			return
		}
		r.mu.Lock()
		r.shown = append(r.shown, p)
		r.mu.Unlock()
		if event := map[int]string{5: "load", 10: "hand_over"}[picture]; event != "" && phone%2 == 0 {
			_, _ = c.MoveGoods(context.WithoutCancel(ctx), booking, 0, client.Step{Event: event}) // once more, it is refused
		}
	}
}

const mostShown = freight.MaxProofs // pictures of one booking

// colours is a picture that no other is like.
func colours(booking, picture int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for y := range 48 {
		for x := range 64 {
			img.SetRGBA(x, y, color.RGBA{uint8(8 * booking), uint8(8 * picture), uint8(4 * (x + y) % 256), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		panic(err) // to memory
	}
	return out.Bytes()
}

// compare opens every picture that was acknowledged, as the other side.
func (r *proofRun) compare() {
	c := r.client(0)
	for _, p := range r.shown {
		content, err := c.Picture(context.Background(), p.BookingID, p.ID)
		if err != nil {
			r.t.Fatalf("acknowledged %s: %v", p.ID, err)
		}
		sum := sha256.Sum256(content)
		if _, err := jpeg.Decode(bytes.NewReader(content)); err != nil || hex.EncodeToString(sum[:]) != p.SHA256 {
			r.t.Fatalf("acknowledged %s does not open: %v", p.ID, err)
		}
	}
}

// spoil takes one picture away, which the auditor must see.
func (r *proofRun) spoil() {
	of := r.shown[0].SHA256
	if err := os.Remove(filepath.Join(r.house.db.Data, "blobs", of[:2], of[2:])); err != nil {
		r.t.Fatal(err)
	}
	if out := r.house.audit(); !strings.Contains(out, "proof_lost") {
		r.t.Errorf("a picture is gone, and the audit says:\n%s", out)
	}
}
