package freight

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata")

// TestTransitions holds every pair of state and event of the machines
// against a table that a person can read and review.
func TestTransitions(t *testing.T) {
	var b strings.Builder
	fmt.Fprintln(&b, "# machine  state        event       -> next (- = refused)")
	list(&b, "load", []LoadState{LoadDraft, LoadPosted, LoadCommitted, LoadClosed},
		[]LoadEvent{LoadPost, LoadBook, LoadRelease, LoadWithdraw, LoadExpire, LoadLapse, LoadOutside, LoadDeliver, LoadFail}, NextLoad)
	list(&b, "trip", []TripState{TripAnnounced, TripOpen, TripUnderway, TripCompleted, TripCancelled, TripLapsed, TripOverdue, TripStopped},
		[]TripEvent{TripOpenUp, TripDepart, TripComplete, TripCancel, TripLapse, TripRenew, TripOverrun, TripBreak}, NextTrip)
	list(&b, "offer", []OfferState{OfferSent, OfferSeen, OfferAccepted, OfferDeclined, OfferCountered, OfferExpired, OfferSuperseded, OfferWithdrawn},
		[]OfferEvent{OfferSee, OfferAccept, OfferDecline, OfferCounter, OfferExpire, OfferSupersede, OfferWithdraw, OfferReprice}, NextOffer)
	list(&b, "booking", []BookingState{BookingHeld, BookingFirm, BookingAboard, BookingHandedOver, BookingProven, BookingReleased, BookingReturned},
		[]BookingEvent{BookingConfirm, BookingLoadUp, BookingArrive, BookingHandOver, BookingProve, BookingRelease, BookingRefuse, BookingReturn,
			BookingCancel, BookingNoShow, BookingStrand}, NextBooking)
	list(&b, "pool", []PoolState{PoolForming, PoolConsenting, PoolTendered, PoolCommitted, PoolDissolved},
		[]PoolEvent{PoolAsk, PoolReprice, PoolTender, PoolCommit, PoolDissolve}, NextPool)
	list(&b, "member", []Consent{ConsentAsked, ConsentGiven, ConsentRefused, ConsentLapsed, ConsentDropped, ConsentBooked, ConsentReleased},
		[]MemberEvent{MemberGive, MemberRefuse, MemberLapse, MemberDrop, MemberBook, MemberRelease}, NextConsent)
	golden(t, "testdata/transitions.txt", b.String())
}

func list[S ~string, E ~string](b *strings.Builder, machine string, states []S, events []E, next func(S, E) (S, error)) {
	for _, s := range states {
		for _, e := range events {
			to, err := next(s, e)
			shown := string(to)
			if err != nil {
				shown = "-"
			}
			fmt.Fprintf(b, "%-8s   %-12s %-10s  -> %s\n", machine, s, e, shown)
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wants := bufio.NewScanner(strings.NewReader(string(want)))
	for i, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if !wants.Scan() || wants.Text() != line {
			t.Fatalf("%s line %d: got %q, want %q", path, i+1, line, wants.Text())
		}
	}
	if wants.Scan() {
		t.Fatalf("%s has a line too many: %q", path, wants.Text())
	}
}

// TestEnds: no event leads out of a state that ends a life.
func TestEnds(t *testing.T) {
	for _, s := range []OfferState{OfferAccepted, OfferDeclined, OfferExpired, OfferSuperseded, OfferWithdrawn} {
		if len(offerTable[s]) != 0 {
			t.Errorf("offer %s has a way out", s)
		}
	}
	for _, s := range []BookingState{BookingProven, BookingReleased, BookingReturned} {
		if len(bookingTable[s]) != 0 {
			t.Errorf("booking %s has a way out", s)
		}
	}
	if _, err := NextBooking(BookingAboard, BookingRelease); CodeOf(err) != Conflict {
		t.Errorf("goods aboard were released: %v", err)
	}
}
