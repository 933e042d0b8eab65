package platform

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"resetpin/bot"
)

// Turns shares out what a platform takes of the bot's messages to all chats
// together. While more is to be said than it takes, a lower rank comes first; an
// account says one thing at a time there, so that accounts take turns. Of those
// who asked, who did so just now comes first, so that nobody waits for a crowd
// that asked before; of four messages one is for who has waited longest. Of four
// the strangers let one go to those behind them.
type Turns struct {
	budget budget

	mu       sync.Mutex
	lines    [bot.Ranks][]turn
	waiting  int
	fresh    int         // of those who asked just now, in a row, while others waited longer
	strange  int         // strangers in a row, while others waited behind them
	sharing  *time.Timer // shares out when there is something again; nil: nobody waits for it
	canceled int         // told their turn too late: what was theirs is another's
}

// budget is what may be sent. Its methods run under the lock of who shares it.
type budget interface {
	take(r bot.Rank) bool
	give(r bot.Rank)                   // back, after it was sent
	more() (in time.Duration, ok bool) // until there is one more; false: give brings it
}

// turn is one message that waits.
type turn struct {
	come  chan struct{} // closed when it is its turn
	asked time.Time     // when what it answers came
}

const (
	justNow = 2 * time.Second // ago

	// inARow is how many come of those who asked just now before the one who has
	// waited longest, and of the strangers before one who stands behind them.
	inARow = 3
)

// NewPace gives turns that come at a pace.
func NewPace(limit *rate.Limiter) *Turns { return &Turns{budget: pace{limit}} }

type pace struct{ limit *rate.Limiter }

func (p pace) take(bot.Rank) bool { return p.limit.Allow() }
func (pace) give(bot.Rank)        {}
func (p pace) more() (time.Duration, bool) {
	missing := max(0, 1-p.limit.Tokens())
	return time.Duration(missing / float64(p.limit.Limit()) * float64(time.Second)), true
}

// NewSlots gives turns of which so many are under way at the same time; half of
// them at most of others than those who asked.
func NewSlots(n int) *Turns { return &Turns{budget: &slots{free: n, low: n / 2}} }

type slots struct{ free, low int }

func (s *slots) take(r bot.Rank) bool {
	if s.free == 0 || r > bot.RankAsked && s.low == 0 {
		return false
	}
	s.count(r, -1)
	return true
}

func (s *slots) give(r bot.Rank)           { s.count(r, 1) }
func (*slots) more() (time.Duration, bool) { return 0, false }

func (s *slots) count(r bot.Rank, n int) {
	s.free += n
	if r > bot.RankAsked {
		s.low += n
	}
}

// Wait waits until one message of the context's rank may be sent. done says that
// it was, or could not be.
func (t *Turns) Wait(ctx context.Context) (done func(), err error) {
	rank, asked := bot.RankOf(ctx)
	done = func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.budget.give(rank)
		t.share()
	}
	t.mu.Lock()
	if t.waiting == 0 && t.budget.take(rank) {
		t.mu.Unlock()
		return done, nil
	}
	mine := turn{make(chan struct{}), asked}
	t.lines[rank] = append(t.lines[rank], mine)
	t.waiting++
	t.share()
	t.mu.Unlock()
	defer bot.Away(ctx)()
	select {
	case <-mine.come:
		return done, nil
	case <-ctx.Done():
		t.leave(rank, mine)
		return nil, ctx.Err() //nolint:wrapcheck // the caller's own
	}
}

// leave takes somebody out of their line. What was given to them already is
// given to the next.
func (t *Turns) leave(rank bot.Rank, mine turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.lines[rank], mine); i >= 0 {
		t.lines[rank] = slices.Delete(t.lines[rank], i, i+1)
		t.waiting--
		return
	}
	if _, paced := t.budget.more(); paced {
		t.canceled++
	} else {
		t.budget.give(rank)
	}
	t.share()
}

// share gives turns while there are some, and sees to it that it is called
// again when there are more. It runs under the lock.
func (t *Turns) share() {
	for t.waiting > 0 {
		rank := t.first()
		if t.canceled > 0 {
			t.canceled--
		} else if !t.budget.take(rank) {
			break
		}
		close(t.next(rank).come)
		t.waiting--
	}
	if t.waiting == 0 {
		t.canceled = 0
		return
	}
	in, paced := t.budget.more()
	if t.sharing != nil || !paced {
		return
	}
	t.sharing = time.AfterFunc(in, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.sharing = nil
		t.share()
	})
}

// first is the rank whose turn it is. It runs under the lock, and somebody
// waits.
func (t *Turns) first() bot.Rank {
	first := bot.Ranks
	for r := range t.lines {
		if len(t.lines[r]) > 0 && (first == bot.Ranks || first == bot.RankStranger && t.strange >= inARow) {
			first = bot.Rank(r)
		}
	}
	return first
}

// next takes out who is next of a rank. It runs under the lock.
func (t *Turns) next(first bot.Rank) turn {
	at := 0
	switch {
	case first == bot.RankAsked:
		at = t.whoAsked()
	case first == bot.RankStranger && t.behind(first):
		t.strange++
	case first > bot.RankStranger:
		t.strange = 0
	}
	mine := t.lines[first][at]
	t.lines[first] = slices.Delete(t.lines[first], at, at+1)
	return mine
}

// whoAsked gives the place of the first who asked just now, or of the one who
// has waited longest.
func (t *Turns) whoAsked() int {
	fresh, oldest, since := -1, 0, time.Now().Add(-justNow)
	for i, one := range t.lines[bot.RankAsked] {
		if fresh < 0 && one.asked.After(since) {
			fresh = i
		}
		if one.asked.Before(t.lines[bot.RankAsked][oldest].asked) {
			oldest = i
		}
	}
	if fresh < 0 || t.fresh >= inARow {
		t.fresh = 0
		return oldest
	}
	if t.lines[bot.RankAsked][oldest].asked.After(since) {
		return fresh // nobody waits for long
	}
	t.fresh++
	return fresh
}

// behind tells whether somebody waits behind a rank.
func (t *Turns) behind(rank bot.Rank) bool {
	for _, line := range t.lines[rank+1:] {
		if len(line) > 0 {
			return true
		}
	}
	return false
}
