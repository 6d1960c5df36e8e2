package roads

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
)

// cacheShards keeps callers out of each other's way; a power of two.
const cacheShards = 64

// remembered is a drive that was asked for before.
type remembered struct {
	a, b   spotKey
	weight ch.Weight
	filled bool
}

// cache remembers drives between snapped places, without access legs. Its memory is
// fixed: a drive takes the place of the one that happens to lie there.
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
		c.shards[i].drives = make([]remembered, max(bytes/cacheShards/int(unsafe.Sizeof(remembered{})), 1))
	}
	return c
}

// between is the drive from a to b, asked of the routes where it is not remembered.
func (c *cache) between(a, b *stand, r *routes) ch.Weight {
	h := spread(a.spot.a, a.spot.b, b.spot.a, b.spot.b)
	s := &c.shards[h%cacheShards]
	at := h / cacheShards % uint64(len(s.drives))
	c.asked.Add(1)
	s.Lock()
	d := s.drives[at]
	s.Unlock()
	if d.filled && d.a == a.spot && d.b == b.spot {
		c.hits.Add(1)
		return d.weight
	}
	w := r.pair(a.from, b.to)
	s.Lock()
	s.drives[at] = remembered{a.spot, b.spot, w, true}
	s.Unlock()
	return w
}

// mix spreads pairs of places over the numbers.
func mix(a, b geo.Point) uint64 {
	return spread(uint64(uint32(a.LatE7))<<32|uint64(uint32(a.LngE7)), uint64(uint32(b.LatE7))<<32|uint64(uint32(b.LngE7)))
}

// spread makes one number of several, so that numbers close together end far apart.
func spread(parts ...uint64) (h uint64) {
	for _, x := range parts {
		h = (h ^ x ^ h>>29) * 0x9e3779b97f4a7c15
		h = (h ^ h>>31) * 0xbf58476d1ce4e5b9
	}
	return h ^ h>>32
}
