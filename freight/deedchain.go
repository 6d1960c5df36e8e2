package freight

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// DeedRoot is where the chain of a market's log of acts begins: the row after Seq is
// chained to Hash, which is zero where nothing was before it. Rows up to Filled were in the
// log when it was chained first: the chain proves of them only what they were then.
type DeedRoot struct {
	Seq    int64
	Hash   [32]byte
	Since  Instant // of the market's last commit when it was chained first; 0 where it has not been yet
	Filled int64
}

// Seal writes the row's Body and chains the row to the one before it, whose Chain is prev.
func (d *Deed) Seal(prev [32]byte) error {
	text, err := json.Marshal(&d.DeedBody)
	if err != nil {
		return fmt.Errorf("seal act %d: %w", d.Seq, err)
	}
	d.Body = string(text)
	d.Chain = d.Link(prev)
	return nil
}

// Unseal reads what Body says; an error means that it is no JSON of one.
func (d *Deed) Unseal() error {
	d.DeedBody = DeedBody{}
	if err := json.Unmarshal([]byte(d.Body), &d.DeedBody); err != nil {
		return fmt.Errorf("unseal act %d: %w", d.Seq, err)
	}
	return nil
}

// Link is what the row's Chain must be where that of the row before it is prev: the SHA-256
// of prev and of every column of the row but Chain, in their order: texts after their length
// and numbers in eight bytes each, big-endian.
func (d *Deed) Link(prev [32]byte) [32]byte {
	var room [768]byte
	to := append(room[:0], prev[:]...)
	to = texts(to, string(d.ID), string(d.Market), string(d.Org))
	to = numbers(to, int64(d.Made), d.Version, int64(d.Changed))
	to = texts(to, string(d.Actor), string(d.Behalf))
	to = numbers(to, d.Seq)
	to = texts(to, d.What.Act, string(d.What.Subject))
	to = numbers(to, d.What.Version)
	to = texts(to, d.Key)
	to = append(to, d.Hash[:]...)
	to = texts(to, string(d.Code), string(d.Problem))
	to = numbers(to, d.Times)
	return sha256.Sum256(texts(to, d.Body))
}

func texts(to []byte, list ...string) []byte {
	for _, text := range list {
		to = append(binary.BigEndian.AppendUint64(to, uint64(len(text))), text...)
	}
	return to
}

func numbers(to []byte, list ...int64) []byte {
	for _, n := range list {
		to = binary.BigEndian.AppendUint64(to, uint64(n))
	}
	return to
}

// DeedHead is a row of a market's log of acts by its number and its Chain, which stands for
// the row and all before it.
type DeedHead struct {
	Market ID
	Seq    int64
	Hash   [32]byte
}

// String writes the head as people write it down: MARKET:NUMBER:HASH.
func (h DeedHead) String() string { return fmt.Sprintf("%s:%d:%x", h.Market, h.Seq, h.Hash) }
