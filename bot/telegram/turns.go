package telegram

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"resetpin/bot"
)

// turns shares out what may be sent to all chats together. While more is to be
// sent than may be, a lower rank comes first, and within a rank who came first:
// an account has one message at a time there, so that accounts take turns. Of
// four messages the strangers let one go to those behind them.
type turns struct {
	budget *rate.Limiter

	mu       sync.Mutex
	lines    [bot.Ranks][]chan struct{} // closed when it is their turn
	waiting  int
	strange  int         // strangers in a row, while others waited behind them
	sharing  *time.Timer // shares out when there is something again; nil: nobody waits
	canceled int         // told their turn too late: what was theirs is another's
}

// strangersInARow is how many strangers come before one who stands behind them.
const strangersInARow = 3

func newTurns(budget *rate.Limiter) *turns { return &turns{budget: budget} }

// wait waits until one message of the rank may be sent.
func (t *turns) wait(ctx context.Context, rank bot.Rank) error {
	t.mu.Lock()
	if t.waiting == 0 && t.budget.Allow() {
		t.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	t.lines[rank] = append(t.lines[rank], mine)
	t.waiting++
	t.share()
	t.mu.Unlock()
	defer bot.Away(ctx)()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
		t.leave(rank, mine)
		return ctx.Err() //nolint:wrapcheck // the caller's own
	}
}

// leave takes somebody out of their line. What was given to them already is
// given to the next.
func (t *turns) leave(rank bot.Rank, mine chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.lines[rank], mine); i >= 0 {
		t.lines[rank] = slices.Delete(t.lines[rank], i, i+1)
		t.waiting--
		return
	}
	t.canceled++
	t.share()
}

// share gives turns while the budget lasts, and sees to it that it is called
// again when there is more. It runs under the lock.
func (t *turns) share() {
	for t.waiting > 0 && (t.canceled > 0 || t.budget.Allow()) {
		t.canceled = max(0, t.canceled-1)
		close(t.next())
		t.waiting--
	}
	if t.waiting == 0 {
		t.canceled = 0
	}
	if t.waiting == 0 || t.sharing != nil {
		return
	}
	missing := max(0, 1-t.budget.Tokens())
	t.sharing = time.AfterFunc(time.Duration(missing/float64(t.budget.Limit())*float64(time.Second)), func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.sharing = nil
		t.share()
	})
}

// next takes out who is next. It runs under the lock, and somebody waits.
func (t *turns) next() chan struct{} {
	first := bot.Ranks
	for r := range t.lines {
		if len(t.lines[r]) > 0 && (first == bot.Ranks || first == bot.RankStranger && t.strange >= strangersInARow) {
			first = bot.Rank(r)
		}
	}
	switch {
	case first == bot.RankStranger && t.behind(first):
		t.strange++
	case first > bot.RankStranger:
		t.strange = 0
	}
	mine := t.lines[first][0]
	t.lines[first] = t.lines[first][1:]
	return mine
}

// behind tells whether somebody waits behind a rank.
func (t *turns) behind(rank bot.Rank) bool {
	for _, line := range t.lines[rank+1:] {
		if len(line) > 0 {
			return true
		}
	}
	return false
}
