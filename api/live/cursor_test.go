package live

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pinhuo/freight"
)

var testKey = [32]byte{1, 2, 3}

func TestCursorOpensForItsOrganization(t *testing.T) {
	s := NewSealer(testKey, "epoch-1")
	rapid.Check(t, func(t *rapid.T) {
		seq := rapid.Int64Min(0).Draw(t, "seq")
		market := freight.ID(rapid.String().Draw(t, "market"))
		org := freight.ID(rapid.String().Draw(t, "org"))
		cursor := s.Seal(market, org, seq)
		got, err := s.Open(market, org, cursor)
		if err != nil || got != seq {
			t.Fatalf("Open = %d, %v, want %d", got, err, seq)
		}
		if again := s.Seal(market, org, seq); again != cursor {
			t.Fatalf("sealed twice: %q and %q", cursor, again)
		}
	})
}

// A restart makes a new sealer from the same key and epoch.
func TestCursorOutlivesRestart(t *testing.T) {
	cursor := NewSealer(testKey, "epoch-1").Seal("mk_1", "og_1", 77)
	got, err := NewSealer(testKey, "epoch-1").Open("mk_1", "og_1", cursor)
	if err != nil || got != 77 {
		t.Fatalf("Open after restart = %d, %v", got, err)
	}
}

func TestCursorOfOthersIsRefused(t *testing.T) {
	s := NewSealer(testKey, "epoch-1")
	good := s.Seal("mk_1", "og_1", 77)
	for name, c := range map[string]struct {
		market, org freight.ID
		cursor      string
		cause       error
	}{
		"other organization": {"mk_1", "og_2", good, errForged},
		"other market":       {"mk_2", "og_1", good, errForged},
		"shifted parts":      {"mk_1o", "g_1", good, errForged},
		"other epoch":        {"mk_1", "og_1", NewSealer(testKey, "epoch-2").Seal("mk_1", "og_1", 77), ErrEpoch},
		"other key":          {"mk_1", "og_1", NewSealer([32]byte{9}, "epoch-1").Seal("mk_1", "og_1", 77), errForged},
		"empty":              {"mk_1", "og_1", "", errForged},
		"not base64":         {"mk_1", "og_1", strings.Repeat("!", len(good)), errForged},
		"cut":                {"mk_1", "og_1", good[:len(good)-4], errForged},
		"long":               {"mk_1", "og_1", strings.Repeat("A", 1<<20), errForged},
		"padded":             {"mk_1", "og_1", good + "=", errForged},
	} {
		seq, err := s.Open(c.market, c.org, c.cursor)
		var told *freight.Error
		if !errors.As(err, &told) || told.Code != freight.Invalid || told.Problem != freight.ProblemCursor || told.Field != "after" {
			t.Errorf("%s: %d, %v", name, seq, err)
			continue
		}
		if !errors.Is(err, c.cause) {
			t.Errorf("%s: cause %v, want %v", name, err, c.cause)
		}
		if len(told.Value) > 100 {
			t.Errorf("%s: the error repeats %d bytes", name, len(told.Value))
		}
	}
}

func TestEveryBitOfACursorCounts(t *testing.T) {
	s := NewSealer(testKey, "epoch-1")
	raw, err := base64.RawURLEncoding.DecodeString(s.Seal("mk_1", "og_1", 77))
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(raw) * 8 {
		raw[bit/8] ^= 1 << (bit % 8)
		if seq, err := s.Open("mk_1", "og_1", base64.RawURLEncoding.EncodeToString(raw)); err == nil {
			t.Errorf("bit %d flipped opens as %d", bit, seq)
		}
		raw[bit/8] ^= 1 << (bit % 8)
	}
}

// What a cursor looks like says nothing of the position.
func TestCursorsAreOfOneLengthAndHideThePosition(t *testing.T) {
	s := NewSealer(testKey, rand.Text())
	one, two, far := s.Seal("mk_1", "og_1", 1), s.Seal("mk_1", "og_1", 2), s.Seal("mk_1", "og_1", 1<<40)
	if len(one) != len(far) || len(one) > 64 {
		t.Errorf("lengths %d and %d", len(one), len(far))
	}
	mark := base64.RawURLEncoding.EncodedLen(markBytes) - 1
	same := 0
	for i := mark; i < len(one); i++ {
		if one[i] == two[i] {
			same++
		}
	}
	if same > (len(one)-mark)/2 {
		t.Errorf("neighbours share %d of %d characters: %s %s", same, len(one)-mark, one, two)
	}
}
