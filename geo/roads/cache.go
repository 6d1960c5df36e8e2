package roads

import (
	"sync"
	"sync/atomic"

	"pinhuo/geo"
)

// cacheShards keeps callers out of each other's way; a power of two.
const cacheShards = 64

// remembered is a drive that was asked for before.
type remembered struct {
	a, b            geo.Point
	metres, seconds int32
	filled          bool
}

// rememberedBytes is the size of one.
const rememberedBytes = 28

// cache remembers drives between places. Its memory is fixed: a drive takes the
// place of the one that happens to lie there.
type cache struct {
	shards [cacheShards]struct {
		sync.Mutex
		drives []remembered
	}
	asked, hits atomic.Int64
}

// newCache makes a cache of at most that many bytes, and at least one drive a
// shard.
func newCache(bytes int) *cache {
	c := new(cache)
	for i := range c.shards {
		c.shards[i].drives = make([]remembered, max(bytes/cacheShards/rememberedBytes, 1))
	}
	return c
}

// between is the drive from a to b, asked of f where it is not remembered.
func (c *cache) between(a, b geo.Point, f func(a, b geo.Point) (metres, seconds int64)) (metres, seconds int64) {
	h := mix(a, b)
	s := &c.shards[h%cacheShards]
	at := h / cacheShards % uint64(len(s.drives))
	c.asked.Add(1)
	s.Lock()
	d := s.drives[at]
	s.Unlock()
	if d.filled && d.a == a && d.b == b {
		c.hits.Add(1)
		return int64(d.metres), int64(d.seconds)
	}
	metres, seconds = f(a, b)
	s.Lock()
	s.drives[at] = remembered{a, b, int32(metres), int32(seconds), true}
	s.Unlock()
	return metres, seconds
}

// mix spreads pairs of places over the numbers.
func mix(a, b geo.Point) uint64 {
	h := uint64(uint32(a.LatE7))<<32 | uint64(uint32(a.LngE7))
	h = (h ^ h>>31) * 0x9e3779b97f4a7c15
	h ^= uint64(uint32(b.LatE7))<<32 | uint64(uint32(b.LngE7))
	h = (h ^ h>>29) * 0xbf58476d1ce4e5b9
	return h ^ h>>32
}
