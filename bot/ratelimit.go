package bot

import (
	"container/list"
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limit is a RateLimit's measure.
type Limit struct {
	Every time.Duration    // one update per this time in the long run; 0: 1 s
	Burst int              // and so many at once; 0: 10
	Keep  int              // accounts remembered at most; 0: 10000
	Now   func() time.Time // nil: time.Now
}

// RateLimit answers an account that writes too fast once with slow, and then
// not at all until it has calmed down: half its burst has to come back first.
// Silence is an empty Reply, so that the adapter can still end a button's
// waiting. An account that was not seen for long is forgotten when Keep others
// were.
func RateLimit(l Limit, slow func(ctx context.Context, u Update) Reply) Middleware {
	setDefault(&l.Every, time.Second)
	setDefault(&l.Burst, 10)
	setDefault(&l.Keep, 10_000)
	if l.Now == nil {
		l.Now = time.Now
	}
	b := &buckets{limit: l, byAccount: make(map[Account]*list.Element)}
	return func(next Handler) Handler {
		return func(ctx context.Context, u Update) (Reply, error) {
			switch b.classify(u.Account) {
			case pass:
				return next(ctx, u)
			case warn:
				return slow(ctx, u), nil
			}
			return Reply{}, nil
		}
	}
}

type pace int

const (
	pass pace = iota
	warn
	silence
)

// buckets holds a token bucket per account, the latest used in front.
type buckets struct {
	limit Limit

	mu        sync.Mutex
	byAccount map[Account]*list.Element
	recent    list.List // of *bucket
}

type bucket struct {
	account Account
	tokens  *rate.Limiter
	silent  bool
}

func (b *buckets) classify(a Account) pace {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.limit.Now()
	k := b.of(a)
	if k.silent {
		if k.tokens.TokensAt(now) < max(1, float64(b.limit.Burst)/2) {
			return silence
		}
		k.silent = false
	}
	if k.tokens.AllowN(now, 1) {
		return pass
	}
	k.silent = true
	return warn
}

// of finds an account's bucket or makes room for a new one.
func (b *buckets) of(a Account) *bucket {
	if el := b.byAccount[a]; el != nil {
		b.recent.MoveToFront(el)
		return el.Value.(*bucket) //nolint:forcetypeassert // nothing else is put in
	}
	if len(b.byAccount) >= b.limit.Keep {
		oldest := b.recent.Remove(b.recent.Back()).(*bucket) //nolint:forcetypeassert // nothing else is put in
		delete(b.byAccount, oldest.account)
	}
	k := &bucket{account: a, tokens: rate.NewLimiter(rate.Every(b.limit.Every), b.limit.Burst)}
	b.byAccount[a] = b.recent.PushFront(k)
	return k
}
