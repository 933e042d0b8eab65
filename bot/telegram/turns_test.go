package telegram

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"resetpin/bot"
)

// told is a Telegram that takes 100 ms for a message, at the pace of the real
// one, and remembers how long each account waited.
type told struct {
	pace *pace

	mu    sync.Mutex
	waits map[string][]time.Duration // by kind of account
	asked map[string]time.Time
}

func (c *told) Deliver(ctx context.Context, to bot.Origin, _ bot.Reply) error {
	if err := c.pace.wait(ctx, to.Account.ID); err != nil {
		return err
	}
	back := bot.Away(ctx)
	time.Sleep(100 * time.Millisecond)
	back()
	c.mu.Lock()
	defer c.mu.Unlock()
	kind := to.Account.ID[:1]
	c.waits[kind] = append(c.waits[kind], time.Since(c.asked[to.Account.ID]))
	return nil
}
func (c *told) Working(context.Context, bot.Origin) {}
func (c *told) Ready(context.Context) error         { return nil }

// asks brings something that an account asks.
func (c *told) asks(t *testing.T, e *bot.Engine, account string, n int) {
	t.Helper()
	c.mu.Lock()
	c.asked[account] = time.Now()
	c.mu.Unlock()
	u := bot.Update{Origin: bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: account}, Private: true}, ID: fmt.Sprint(account, "-", n), Kind: bot.KindText}
	if err := e.Receive(t.Context(), u); err != nil {
		t.Error(err)
	}
}

// answered gives how many of a kind were.
func (c *told) answered(kind string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waits[kind])
}

// percentile gives how long at most a part of the accounts of a kind waited.
func (c *told) percentile(kind string, part float64) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := slices.Sorted(slices.Values(c.waits[kind]))
	if len(all) == 0 {
		return 0
	}
	return all[int(part*float64(len(all)-1))]
}

// kept is an inbox that forgets all.
type kept struct{}

func (kept) Add(_ context.Context, items []bot.InboxItem) ([]bool, error) {
	return slices.Repeat([]bool{true}, len(items)), nil
}
func (kept) Ack(context.Context, string, string) error     { return nil }
func (kept) Open(context.Context) ([]bot.InboxItem, error) { return nil, nil }
func (kept) Lock(context.Context, string) (bot.Lock, error) {
	return bot.Lock{Alone: true, Release: func() {}}, nil
}

// rush runs an engine with the real pace in pretend time. Accounts whose names
// begin with "s" are strangers, and "b" waits ten seconds for BSrE.
func rush(t *testing.T, test func(t *testing.T, e *bot.Engine, c *told)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &told{pace: newPace(Limits{}.withDefaults()), waits: map[string][]time.Duration{}, asked: map[string]time.Time{}}
		e := bot.NewEngine(bot.EngineConfig{
			Inbox: kept{}, Channels: map[string]bot.Channel{bot.Telegram: c}, GiveUp: time.Hour,
			Handler: func(ctx context.Context, u bot.Update) (bot.Reply, error) {
				if u.Account.ID[0] == 'b' {
					defer bot.Away(ctx)()
					time.Sleep(10 * time.Second)
				}
				return bot.Reply{}, nil
			},
			Sorry: func(context.Context, bot.Update, string) bot.Reply { return bot.Reply{} },
			Rank: func(_ context.Context, u bot.Update) bot.Rank {
				switch {
				case u.Kind == bot.KindUnasked:
					return bot.RankUnasked
				case u.Account.ID[0] == 's':
					return bot.RankStranger
				}
				return bot.RankAsked
			},
			Unasked: func(context.Context, bot.Update) (bot.Reply, error) { return bot.Reply{}, nil },
		})
		if err := e.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		test(t, e, c)
		_ = e.Stop(t.Context()) // the crowd is not served to its end
		synctest.Wait()
	})
}

// A thousand strangers write at the pace that each is allowed, and employees
// among them: these do not notice.
func TestStrangersDelayNoEmployee(t *testing.T) {
	rush(t, func(t *testing.T, e *bot.Engine, c *told) {
		for second := range 8 { // the inbox holds ten thousand
			for n := range 1000 {
				c.asks(t, e, fmt.Sprint("s", n), second)
				if n%40 == 0 {
					c.asks(t, e, fmt.Sprint("e", second, "-", n), second)
				}
				time.Sleep(time.Millisecond)
			}
		}
		time.Sleep(2 * time.Second)
		worst := c.percentile("e", 0.99)
		t.Logf("employees: median %v, 99th percentile %v, of %d; of 8000 strangers %d were answered",
			c.percentile("e", 0.5), worst, c.answered("e"), c.answered("s"))
		if c.answered("e") != 200 || worst > time.Second {
			t.Errorf("%d of 200 employees were answered, and waited up to %v", c.answered("e"), worst)
		}
		if n := c.answered("s"); n > 1000 {
			t.Errorf("%d of 8000 strangers were answered: there was no crowd", n)
		}
	})
}

// A thousand people ask for what BSrE takes ten seconds for; who asks for
// something else meanwhile is answered as always.
func TestASlowBSrEDelaysNobodyElse(t *testing.T) {
	rush(t, func(t *testing.T, e *bot.Engine, c *told) {
		for n := range 1000 {
			c.asks(t, e, fmt.Sprint("b", n), 0)
		}
		for n := range 100 {
			time.Sleep(90 * time.Millisecond)
			c.asks(t, e, fmt.Sprint("o", n), 0)
		}
		time.Sleep(50 * time.Second)
		worst := c.percentile("o", 0.99)
		t.Logf("others: median %v, 99th percentile %v, of %d; those who asked BSrE: all %d within %v",
			c.percentile("o", 0.5), worst, c.answered("o"), c.answered("b"), c.percentile("b", 1))
		if c.answered("o") != 100 || worst > 250*time.Millisecond || c.answered("b") != 1000 {
			t.Errorf("%d of 100 others were answered, and waited up to %v; of those who asked BSrE %d", c.answered("o"), worst, c.answered("b"))
		}
	})
}

// Forty people confirm at once while news for two thousand is said: they are
// answered within two seconds.
func TestFortyConfirmationsAmongNews(t *testing.T) {
	rush(t, func(t *testing.T, e *bot.Engine, c *told) {
		for n := range 2000 {
			to := bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: fmt.Sprint("n", n)}, Private: true}
			row, err := bot.EncodeUnasked(to, "news", nil)
			if err != nil {
				t.Fatal(err)
			}
			e.Adopt(bot.InboxItem{Source: bot.Telegram, ID: fmt.Sprint("n", n), Account: to.Account.String(), Payload: row})
		}
		time.Sleep(5 * time.Second)
		for n := range 40 {
			c.asks(t, e, fmt.Sprint("e", n), 0)
		}
		time.Sleep(2 * time.Second)
		t.Logf("confirmations: all %d within %v, with %d news said", c.answered("e"), c.percentile("e", 1), c.answered("n"))
		if c.answered("e") != 40 {
			t.Errorf("%d of 40 were answered within two seconds", c.answered("e"))
		}
		time.Sleep(80 * time.Second)
		if c.answered("n") != 2000 {
			t.Errorf("%d of 2000 were told", c.answered("n"))
		}
	})
}
