package live

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"pinhuo/freight"
)

// A sealed cursor is mark | nonce | AES-256-GCM(seq), with the market, the
// organization and the epoch as additional data. The nonce is synthetic: a MAC
// over all of these, so that equal positions give equal cursors, and no
// counter or randomness can repeat a nonce under the key for two plaintexts.
// The mark names the epoch, which is no secret, so that a cursor of another
// history can be told from a forged one.
const (
	markBytes  = 4
	nonceBytes = 12
	tagBytes   = 16
	sealed     = markBytes + nonceBytes + 8 + tagBytes
)

// ErrEpoch is the cause of the error for a cursor of another history of the
// database: its holder must load everything anew.
var ErrEpoch = errors.New("cursor of another epoch")

var errForged = errors.New("cursor not sealed for this organization")

// Sealer makes the opaque cursors that clients hold, and reads them again. It
// is safe for concurrent use.
type Sealer struct {
	epoch string
	mark  [markBytes]byte
	mac   []byte
	aead  cipher.AEAD
}

// NewSealer returns a sealer for the database's cursor key and the epoch of
// its history. Cursors outlive a restart because both are kept in the database.
func NewSealer(key [32]byte, epoch string) *Sealer {
	block, err := aes.NewCipher(derive(key, "pinhuo cursor seal"))
	if err != nil {
		panic(fmt.Sprintf("live: %v", err)) // only for a wrong key length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(fmt.Sprintf("live: %v", err)) // only for a wrong block size
	}
	s := &Sealer{epoch: epoch, mac: derive(key, "pinhuo cursor nonce"), aead: aead}
	sum := sha256.Sum256([]byte(epoch))
	copy(s.mark[:], sum[:])
	return s
}

func derive(key [32]byte, use string) []byte {
	out, err := hkdf.Key(sha256.New, key[:], nil, use, 32)
	if err != nil {
		panic(fmt.Sprintf("live: %v", err)) // only for an absurd length
	}
	return out
}

// Epoch returns the identity of the database's history.
func (s *Sealer) Epoch() string { return s.epoch }

// Seal returns the cursor for the position after event seq of a market, good
// for the organization alone. All cursors have the same length.
func (s *Sealer) Seal(market, org freight.ID, seq int64) string {
	var plain [8]byte
	binary.BigEndian.PutUint64(plain[:], uint64(seq))
	data := s.data(market, org)
	mac := hmac.New(sha256.New, s.mac)
	mac.Write(data)
	mac.Write(plain[:])
	out := make([]byte, 0, sealed)
	out = append(out, s.mark[:]...)
	out = append(out, mac.Sum(nil)[:nonceBytes]...)
	out = s.aead.Seal(out, out[markBytes:], plain[:], data)
	return base64.RawURLEncoding.EncodeToString(out)
}

// Open returns the position of a cursor. A cursor that was tampered with, or
// sealed for another organization, market or epoch, is an Invalid error with
// ProblemCursor; for another epoch its cause is ErrEpoch.
func (s *Sealer) Open(market, org freight.ID, cursor string) (int64, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) != sealed {
		return 0, badCursor(cursor, errForged)
	}
	if !bytes.Equal(raw[:markBytes], s.mark[:]) {
		return 0, badCursor(cursor, ErrEpoch)
	}
	nonce, box := raw[markBytes:markBytes+nonceBytes], raw[markBytes+nonceBytes:]
	plain, err := s.aead.Open(nil, nonce, box, s.data(market, org))
	if err != nil {
		return 0, badCursor(cursor, errForged)
	}
	return int64(binary.BigEndian.Uint64(plain)), nil
}

// data is what a cursor is bound to; lengths keep the parts apart.
func (s *Sealer) data(market, org freight.ID) []byte {
	var out []byte
	for _, part := range [...]string{s.epoch, string(market), string(org)} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out
}

func badCursor(cursor string, cause error) error {
	return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemCursor, Field: "after",
		Value: freight.Shorten(cursor), Cause: cause}
}
