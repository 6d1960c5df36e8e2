package api

import (
	"math"
	"strconv"
	"sync"

	"golang.org/x/time/rate"

	"pinhuo/freight"
)

// maxBuckets bounds the memory of a limiter: about 200 bytes each.
const maxBuckets = 20_000

// limiter gives each key a bucket of tokens that refills with time.
type limiter struct {
	perSecond float64
	burst     int

	mu      sync.Mutex
	buckets map[string]*bucket
	swept   freight.Instant
}

type bucket struct {
	tokens *rate.Limiter
	used   freight.Instant
}

func newLimiter(l Limit) *limiter {
	if l.PerSecond <= 0 {
		l.PerSecond = DefaultPerSecond
	}
	if l.Burst <= 0 {
		l.Burst = DefaultBurst
	}
	return &limiter{perSecond: l.PerSecond, burst: l.Burst, buckets: map[string]*bucket{}}
}

// take uses a token of the key's bucket, or refuses and says when the next one
// is there.
func (l *limiter) take(key string, now freight.Instant) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil {
		l.makeRoom(now)
		b = &bucket{tokens: rate.NewLimiter(rate.Limit(l.perSecond), l.burst)}
		l.buckets[key] = b
	}
	b.used = now
	if b.tokens.AllowN(now.Time(), 1) {
		return nil
	}
	missing := (1 - b.tokens.TokensAt(now.Time())) / l.perSecond
	return &waitError{max(1, int(math.Ceil(missing))), &freight.Error{
		Code: freight.TooMany, Problem: freight.ProblemRate, Max: strconv.FormatFloat(l.perSecond, 'f', -1, 64),
	}}
}

// makeRoom keeps the number of buckets bounded: those that are full again are
// forgotten at most once a second, and where that is not enough any one is.
func (l *limiter) makeRoom(now freight.Instant) {
	if len(l.buckets) < maxBuckets {
		return
	}
	if now-l.swept >= freight.Second {
		l.swept = now
		full := freight.Instant(float64(l.burst) / l.perSecond * float64(freight.Second))
		for key, b := range l.buckets {
			if now-b.used > full {
				delete(l.buckets, key)
			}
		}
	}
	for key := range l.buckets {
		if len(l.buckets) < maxBuckets {
			return
		}
		delete(l.buckets, key)
	}
}
