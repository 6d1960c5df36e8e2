package freight

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Digest names a blob by the SHA-256 of its content, in lower-case hexadecimal.
type Digest string

// DigestOf returns the name of a content.
func DigestOf(content []byte) Digest {
	sum := sha256.Sum256(content)
	return Digest(hex.EncodeToString(sum[:]))
}

// Sound tells whether the digest has the form of one.
func (d Digest) Sound() bool {
	raw, err := hex.DecodeString(string(d))
	return err == nil && len(raw) == sha256.Size && Digest(hex.EncodeToString(raw)) == d
}

// ProofKind is what a proof shows.
type ProofKind string

// The kinds of proof.
const (
	ProofPickup    ProofKind = "pickup"    // the goods as they were taken over
	ProofDelivery  ProofKind = "delivery"  // as they were handed over
	ProofDamage    ProofKind = "damage"    // what is wrong with them
	ProofSignature ProofKind = "signature" // who took them, in his own hand
)

// ProofKinds lists the closed set.
var ProofKinds = []ProofKind{ProofPickup, ProofDelivery, ProofDamage, ProofSignature}

// proves tells whether a proof of the kind shows that the goods were handed over.
func (k ProofKind) proves() bool { return k == ProofDelivery || k == ProofSignature }

// Picture is a picture as it is kept: where its content lies, and what was read of the
// one that came. The time and the place are what a camera believed.
type Picture struct {
	Blob   Digest  `json:"blob"`
	Bytes  int64   `json:"bytes"`
	Width  int64   `json:"width"` // pixels
	Height int64   `json:"height"`
	Taken  Instant `json:"taken,omitempty"` // 0 where not said
	Point  *Point  `json:"point,omitempty"` // nil where not said
}

// Proof is a picture that somebody shows of the goods of a booking. Org is the firm that
// showed it. It is never changed.
type Proof struct {
	Meta
	Booking ID
	Kind    ProofKind
	Picture Picture
	By      Side
	At      Instant // when it was made, by the clock of what sent it
	Text    string  // in the words of who sent it
}

// Shown is a proof as its booking remembers it.
type Shown struct {
	Proof ID        `json:"proof"`
	Kind  ProofKind `json:"kind"`
	Blob  Digest    `json:"blob"`
}

// What proofs are bound by.
const (
	MaxPicture   = 8 << 20  // bytes of a picture as it comes
	MaxProofs    = 30       // of one booking
	ProofsAfter  = 30 * Day // proofs are taken so long after the goods have left the truck
	PrefixProof  = "pf"
	KindProof    = "proof" // of a Change
	maxProofText = MaxStepText
)

// AddProof shows a picture of the goods of a booking. Its content is kept already.
type AddProof struct {
	Booking ID
	Kind    ProofKind
	Picture Picture
	At      Instant // by the clock of what sends it, 0 for now
	Text    string
}

func (a AddProof) act() Naming { return Naming{"add_proof", a.Booking, 0} }

// The events of proof. Both sides of a booking are told.
const (
	EventBookingProof  EventType = "pinhuo.booking.proof"  // a picture more of the goods
	EventBookingProven EventType = "pinhuo.booking.proven" // and it shows that they were handed over
)

// Showing returns the proof of the kind and the content, "" where there is none.
func (c *Custody) Showing(kind ProofKind, blob Digest) ID {
	for _, s := range c.Proofs {
		if s.Kind == kind && s.Blob == blob {
			return s.Proof
		}
	}
	return ""
}

// Proven tells whether there is a proof that the goods were handed over.
func (c *Custody) Proven() bool {
	return slices.ContainsFunc(c.Proofs, func(s Shown) bool { return s.Kind.proves() })
}

// Admits tells what stands against a proof of a booking at now.
func (b *Booking) Admits(now Instant, a *AddProof) error {
	if b.State == BookingHeld || b.State == BookingReleased {
		return Refuse(ProblemState, "state", string(b.State))
	}
	if b.Ended != 0 && now > b.Ended+ProofsAfter {
		return &Error{Code: Conflict, Problem: ProblemExpired, Field: "booking", Max: (b.Ended + ProofsAfter).String()}
	}
	if len(b.Custody.Proofs) >= MaxProofs {
		return &Error{Code: Conflict, Problem: ProblemRange, Field: "proofs", Max: strconv.Itoa(MaxProofs)}
	}
	var faults Faults
	if !slices.Contains(ProofKinds, a.Kind) {
		faults.Add(Error{Code: Invalid, Problem: ProblemMalformed, Field: "kind", Value: Shorten(string(a.Kind))})
	}
	if first, last := max(b.Made, now-StepsLate), now+StepsAhead; a.At != 0 && (a.At < first || a.At > last) {
		faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: "at", Value: a.At.String(), Min: first.String(), Max: last.String()})
	}
	if n := utf8.RuneCountInString(a.Text); n > maxProofText || !utf8.ValidString(a.Text) {
		faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: "text", Value: Shorten(a.Text), Max: strconv.Itoa(maxProofText)})
	}
	if !a.Picture.Blob.Sound() {
		faults.Add(Error{Code: Invalid, Problem: ProblemRequired, Field: "picture"})
	}
	return faults.Err()
}
