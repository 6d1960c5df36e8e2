package book

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
)

var updateScenes = flag.Bool("update", false, "rewrite testdata")

// scene plays what people do with one truck and writes down who pays what.
type scene struct {
	*world
	out   strings.Builder
	trip  freight.ID
	loads map[string]freight.ID
	names map[freight.ID]string // of loads and organizations
}

// TestFareScenes plays the stories of testdata/fares: what follows the line of dashes
// is what everybody pays.
func TestFareScenes(t *testing.T) {
	files, err := filepath.Glob("testdata/fares/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenes: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			story, want, _ := strings.Cut(string(text), "\n----\n")
			s := &scene{world: newWorld(t), loads: map[string]freight.ID{}, names: map[freight.ID]string{"og_truck": "the carrier", "og_desk": "the desk"}}
			fees := freight.DefaultFees()
			s.book.env.Fees, s.book.env.Desks = &fees, []freight.ID{"og_desk"}
			for _, line := range strings.Split(story, "\n") {
				if line != "" && line[0] != '#' {
					s.play(line)
				}
			}
			if got := s.out.String(); *updateScenes {
				err = os.WriteFile(file, []byte(story+"\n----\n"+got), 0o600)
			} else if got != want {
				t.Errorf("%s says\n%s\nbut\n%s", file, want, got)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func (s *scene) play(line string) {
	s.t.Helper()
	fmt.Fprintf(&s.out, "> %s\n", line)
	words := strings.Fields(line)
	told := len(s.told)
	err := s.act(words[0], words[1:])
	if err != nil {
		fmt.Fprintf(&s.out, "    refused: %v\n", err)
	}
	for _, e := range s.told[told:] {
		s.hears(&e)
	}
	if err == nil && slices.Contains([]string{"accept", "withdraw", "cancel", "drop", "missing"}, words[0]) {
		s.pays()
	}
}

func (s *scene) hears(e *freight.Event) {
	who, f := s.names[e.Audience], &e.Facts
	switch e.Type {
	case freight.EventBookingRepriced:
		fmt.Fprintf(&s.out, "    %s hears: you pay %s now\n", who, f.Share)
	case freight.EventBookingFinal:
		fmt.Fprintf(&s.out, "    %s hears: %s pays %s, and that is final\n", who, s.names[f.Load], f.Share)
	case freight.EventTripShort:
		fmt.Fprintf(&s.out, "    %s hears: the truck brings %s, %s short\n", who, f.Due, f.Short)
	case freight.EventBookingReleased:
		if f.Fee > 0 {
			fmt.Fprintf(&s.out, "    %s hears: %s owes %s for %s\n", who, s.names[f.FeeBy], f.Fee, s.names[f.Load])
		}
	case freight.EventCostsSet:
		fmt.Fprintf(&s.out, "    %s hears: costs are version %d\n", who, f.Costs)
	case freight.EventOfferSent, freight.EventOfferRepriced:
		fmt.Fprintf(&s.out, "    %s hears: %s for %s, by costs %d\n", who, f.Price, s.names[f.Load], s.book.Offer(e.Subject).Costs)
	}
}

func (s *scene) pays() {
	tr := s.book.Trip(s.trip)
	for _, k := range s.book.liveBookings(s.trip) {
		fmt.Fprintf(&s.out, "    %s pays %s, agreed %s, at most %s\n", s.names[k.Load], k.Share, k.Price, k.Most)
	}
	if tr != nil {
		fmt.Fprintf(&s.out, "    the carrier gets %s\n", tr.Due)
	}
}

func (s *scene) act(verb string, args []string) error {
	var err error
	switch verb {
	case "truck": // sets out in so many hours
		terms := s.tripTerms("1", km(0, 0), km(100, 0), 9_000_000)
		in := s.hours(args[0])
		terms.Stops[0].Window = freight.Window{Open: s.now + in, Close: s.now + in + 8*freight.Hour}
		terms.Stops[1].Window = freight.Window{Open: s.now + in, Close: s.now + in + 16*freight.Hour}
		s.trip = s.must("og_truck", freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}}).Trip.ID
	case "load": // NAME from to most: it is posted and the truck asked
		s.post1(args)
	case "accept":
		o := s.offer(s.loads[args[0]], s.trip)
		_, err = s.do("og_truck", freight.AcceptOffer{Offer: o.ID, Version: o.Version})
	case "withdraw":
		_, err = s.do(freight.ID("og_"+args[0]), freight.WithdrawLoad{Load: s.loads[args[0]]})
	case "drop": // NAME: the carrier does not fetch it
		_, err = s.do("og_truck", freight.MoveGoods{Booking: s.book.Load(s.loads[args[0]]).Booking, Event: freight.BookingCancel})
	case "at": // NAME's dock
		_, err = s.do("og_truck", freight.MoveGoods{Booking: s.book.Load(s.loads[args[0]]).Booking, Event: freight.BookingArrive})
	case "missing": // NAME is not there
		_, err = s.do("og_truck", freight.MoveGoods{Booking: s.book.Load(s.loads[args[0]]).Booking, Event: freight.BookingNoShow})
	case "cancel":
		_, err = s.do("og_truck", freight.CancelTrip{Trip: s.trip})
	case "wait":
		s.now += s.hours(args[0])
		for _, c := range s.book.Clocks() {
			if c.At < s.now {
				_, _ = s.do("", freight.Tick{Clock: c}) // one that does not apply any more does nothing
			}
		}
	case "toll": // for a kilometre of every type
		costs := *s.book.Costs()
		costs.Types = slices.Clone(costs.Types)
		for i := range costs.Types {
			costs.Types[i].Toll = s.yuan(args[0])
		}
		_, err = s.do("og_desk", freight.SetCosts{Number: s.book.present(), Costs: costs})
	default:
		s.t.Fatalf("no such act: %s", verb)
	}
	return err
}

func (s *scene) post1(args []string) {
	s.t.Helper()
	from, to := s.place(args[1]), s.place(args[2])
	terms := s.loadTerms(from, to, 500_000)
	terms.Ceiling = s.yuan(args[3])
	terms.Pickup.Window = freight.Window{Open: s.now, Close: s.now + 47*freight.Hour}
	terms.Delivery.Window = freight.Window{Open: s.now, Close: s.now + 60*freight.Hour}
	org := freight.ID("og_" + args[0])
	l := s.must(org, freight.PostLoad{Terms: terms, Direct: flat(from, to)}).Load
	s.loads[args[0]], s.names[l.ID], s.names[org] = l.ID, args[0], args[0]
	s.ask(l, s.book.Trip(s.trip))
}

// place reads kilometres along the road and beside it, such as "20,8".
func (s *scene) place(text string) freight.Point {
	x, y, _ := strings.Cut(text, ",")
	along, err := strconv.ParseFloat(x, 64)
	beside, err2 := strconv.ParseFloat(y, 64)
	if err != nil || err2 != nil {
		s.t.Fatalf("no place: %s", text)
	}
	return km(along, beside)
}

func (s *scene) yuan(text string) freight.Fen {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return freight.Fen(f*100 + 0.5)
}

func (s *scene) hours(text string) freight.Instant {
	d, err := time.ParseDuration(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return freight.Instant(d.Milliseconds())
}
