package bot

import (
	"context"
	"time"
)

// Rank is how soon somebody is served where not all can be at once: a lower one
// comes first. Within a rank it is by account in turn.
type Rank int

// The ranks.
const (
	RankAsked    Rank = iota // known people, and what they wait for
	RankStranger             // accounts that are nobody's
	RankUnasked              // what the bot says of itself
	RankReminder             // what is not missed when it comes later
	Ranks                    // how many there are
)

type rankMark struct{}

// ranked is what rankMark stands for.
type ranked struct {
	rank  Rank
	asked time.Time
}

// WithRank gives a context in which all is sent with a rank, and in answer to
// what came at a time.
func WithRank(ctx context.Context, r Rank, asked time.Time) context.Context {
	return context.WithValue(ctx, rankMark{}, ranked{r, asked})
}

// RankOf gives a context's rank, RankAsked when it has none, and when what is
// answered came.
func RankOf(ctx context.Context) (r Rank, asked time.Time) {
	m, _ := ctx.Value(rankMark{}).(ranked)
	return m.rank, m.asked
}

// rank asks how soon an update is served. While there is room for all, those
// who asked for something need not be told apart.
func (e *Engine) rank(ctx context.Context, u Update) Rank {
	if u.Kind != KindUnasked && !e.crowded(u.Account.Platform) {
		return RankAsked
	}
	return e.c.Rank(ctx, u)
}

func (e *Engine) crowded(platform string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.lanes[platform]
	return l.workers >= l.limit/4
}

// rank is that of the most urgent item. It runs under the engine's lock.
func (q *queue) rank() Rank {
	best := Ranks - 1
	for _, it := range q.items {
		best = min(best, it.rank)
	}
	return best
}

// push puts a queue behind the others of its rank. It may stand in the line of
// another rank too, where it is passed over.
func (l *lane) push(q *queue) {
	q.turn, q.waits = q.rank(), true
	l.ready[q.turn] = append(l.ready[q.turn], q)
}

// pop gives the queue whose turn it is, or nil: the ranks below the first have
// a bounded share of the workers, so that one is soon free for the first.
func (l *lane) pop() *queue {
	for r := range l.ready {
		for len(l.ready[r]) > 0 && (r == 0 || l.busy[r] < max(1, l.limit>>(r+1))) {
			q := l.ready[r][0]
			l.ready[r][0] = nil
			if l.ready[r] = l.ready[r][1:]; len(l.ready[r]) == 0 {
				l.ready[r] = nil
			}
			if q.waits && q.turn == Rank(r) {
				q.waits = false
				l.busy[r]++
				return q
			}
		}
	}
	return nil
}
