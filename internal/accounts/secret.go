package accounts

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"pinhuo/freight"
)

// secretBytes is the randomness of a secret: 256 bits cannot be guessed, so
// that a plain hash of one is as good as a slow one.
const secretBytes = 32

// newSecret draws a secret and returns it with its hash.
func (a *Accounts) newSecret(prefix string) (string, freight.Hash, error) {
	var raw [secretBytes]byte
	if _, err := io.ReadFull(a.cfg.Rand, raw[:]); err != nil {
		return "", freight.Hash{}, fmt.Errorf("accounts: draw a secret: %w", err)
	}
	secret := prefix + base64.RawURLEncoding.EncodeToString(raw[:])
	return secret, freight.Hash(sha256.Sum256([]byte(secret))), nil
}

// hashOf returns the hash of a secret that has the right form; false for text
// that no secret of the kind looks like, which need not be looked up.
func hashOf(prefix, secret string) (freight.Hash, bool) {
	body, ok := strings.CutPrefix(secret, prefix)
	if !ok || len(body) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return freight.Hash{}, false
	}
	return freight.Hash(sha256.Sum256([]byte(secret))), true
}

func same(a, b freight.Hash) bool { return subtle.ConstantTimeCompare(a[:], b[:]) == 1 }

func signInFirst() error {
	return &freight.Error{Code: freight.Unauthorized, Problem: freight.ProblemSignIn}
}
