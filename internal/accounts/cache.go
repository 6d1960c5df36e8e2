package accounts

import (
	"sync"

	"pinhuo/freight"
)

const (
	cached     = 10_000              // principals kept
	trustedFor = 30 * freight.Second // until the database is asked again
)

// cache remembers for a short while whom a secret speaks for. A credential that
// is revoked in this process is forgotten at once.
type cache struct {
	mu     sync.Mutex
	byHash map[freight.Hash]remembered
	epoch  uint64 // counts revocations, so that an answer read before one is not kept after it
}

type remembered struct {
	who   freight.Principal
	asked freight.Instant
}

func newCache() *cache { return &cache{byHash: map[freight.Hash]remembered{}} }

func (c *cache) get(hash freight.Hash, now freight.Instant) (freight.Principal, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.byHash[hash]
	if !ok || now >= r.asked+trustedFor || now < r.asked || r.who.Until != 0 && now >= r.who.Until {
		return freight.Principal{}, false
	}
	return r.who, true
}

// asking returns the mark to hand to put, taken before the database is asked.
func (c *cache) asking() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.epoch
}

// put keeps an answer unless something was revoked since it was asked for. A
// full cache is emptied: it fills again with those who are there now.
func (c *cache) put(mark uint64, hash freight.Hash, r remembered) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if mark != c.epoch {
		return
	}
	if len(c.byHash) >= cached {
		clear(c.byHash)
	}
	c.byHash[hash] = r
}

// forget drops everything that was read with the credential.
func (c *cache) forget(credential freight.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	for hash, r := range c.byHash {
		if r.who.Credential == credential {
			delete(c.byHash, hash)
		}
	}
}
