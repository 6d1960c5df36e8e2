package freight

import (
	"crypto/sha256"
	"encoding/hex"
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
