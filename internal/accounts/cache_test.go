package accounts

import (
	"encoding/binary"
	"testing"

	"pinhuo/freight"
)

func TestCacheIsBounded(t *testing.T) {
	c := newCache()
	for i := range uint64(3 * cached) {
		var hash freight.Hash
		binary.BigEndian.PutUint64(hash[:], i)
		c.put(c.asking(), hash, remembered{asked: 1})
		if n := len(c.byHash); n > cached {
			t.Fatalf("%d principals kept", n)
		}
	}
}

func TestCacheAnswersOnlyWhileItMay(t *testing.T) {
	const asked = freight.Instant(1_000_000)
	for name, c := range map[string]struct {
		until, now freight.Instant
		ok         bool
	}{
		"at once":                 {0, asked, true},
		"last moment":             {0, asked + trustedFor - 1, true},
		"too old":                 {0, asked + trustedFor, false},
		"credential ended":        {asked + 10, asked + 10, false},
		"credential about to end": {asked + 10, asked + 9, true},
		"clock set back":          {0, asked - 1, false},
	} {
		k := newCache()
		k.put(k.asking(), freight.Hash{}, remembered{who: freight.Principal{Until: c.until}, asked: asked})
		if _, ok := k.get(freight.Hash{}, c.now); ok != c.ok {
			t.Errorf("%s: %v", name, ok)
		}
	}
}
