package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestEachAccountIsAnsweredInOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Handler = func(_ context.Context, u Update) (Reply, error) {
				time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
				return text(u.Text), nil
			}
		})
		b.start(t)
		const accounts, each = 30, 40
		var wg sync.WaitGroup
		for a := range accounts {
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprintf("%d-%d", a, i)
					b.receive(t, said(named("u", a), id, strconv.Itoa(i)))
					time.Sleep(time.Duration(rand.IntN(10)) * time.Millisecond)
				}
			})
		}
		wg.Wait()
		b.stop(t)
		for a := range accounts {
			heard := b.room.heard(named("u", a))
			if len(heard) != each {
				t.Fatalf("account %d heard %d answers of %d", a, len(heard), each)
			}
			for i, s := range heard {
				want(t, "the answer", s, i)
			}
		}
		want(t, "open rows", b.inbox.left(), 0)
		want(t, "reads of the open rows, beside the one of Start", b.inbox.opened-1, 0)
	})
}

func TestABatchIsOneAdd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		adds := 0
		b.inbox.onAdd = func() { adds++ }
		b.start(t)
		b.receive(t, said("a", "1", "one"), said("b", "2", "two"), said("a", "3", "three"), said("a", "1", "one"))
		b.stop(t)
		want(t, "adds", adds, 1)
		want(t, "a", b.room.heard("a"), "[one three]")
		want(t, "b", b.room.heard("b"), "[two]")
	})
}

func TestTheBoundIsRespected(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var now, most atomic.Int32
		b := setUp(t, func(c *EngineConfig) {
			c.Concurrency = 5
			c.Handler = func(context.Context, Update) (Reply, error) {
				n := now.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				time.Sleep(time.Second)
				now.Add(-1)
				return Reply{}, nil
			}
		})
		b.start(t)
		for i := range 50 {
			b.receive(t, said(named("u", i), strconv.Itoa(i), "x"))
		}
		began := time.Now()
		synctest.Wait()
		pause(10*time.Second - time.Millisecond)
		want(t, "open rows shortly before ten rounds", b.inbox.left(), 5)
		pause(time.Millisecond)
		want(t, "open rows after ten rounds", b.inbox.left(), 0)
		want(t, "accounts at once", most.Load(), 5)
		b.stop(t)
		if d := time.Since(began); d != 10*time.Second {
			t.Errorf("stopping took %v", d-10*time.Second)
		}
	})
}

func TestASlowAccountHoldsUpNobody(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Concurrency = 2
			c.Handler = func(_ context.Context, u Update) (Reply, error) {
				if u.Account.ID == "slow" {
					time.Sleep(5 * time.Second)
				}
				return text(u.Text), nil
			}
		})
		b.start(t)
		for i := range 4 {
			b.receive(t, said("slow", named("s", i), strconv.Itoa(i)))
		}
		for i := range 100 {
			b.receive(t, said(named("u", i%7), strconv.Itoa(i), "hello"))
		}
		pause(time.Millisecond)
		want(t, "open rows", b.inbox.left(), 4)
		pause(20 * time.Second)
		want(t, "the slow one", b.room.heard("slow"), "[0 1 2 3]")
		b.stop(t)
	})
}

func TestAFloodOfOneAccountLetsOthersIn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Concurrency = 1
			c.Handler = func(_ context.Context, u Update) (Reply, error) {
				time.Sleep(10 * time.Millisecond)
				return text(u.Text), nil
			}
		})
		b.start(t)
		for i := range 200 {
			b.receive(t, said("flood", named("f", i), strconv.Itoa(i)))
		}
		b.receive(t, said("other", "o", "hello"))
		pause(10 * time.Millisecond * (batch + 2))
		want(t, "the other", b.room.heard("other"), "[hello]")
		b.stop(t)
		want(t, "answers to the flood", len(b.room.heard("flood")), 200)
	})
}

func TestDuplicatesAreDropped(t *testing.T) {
	bubble(t, func(t *testing.T) {
		calls := 0
		b := setUp(t, func(c *EngineConfig) {
			c.Handler = func(_ context.Context, u Update) (Reply, error) {
				calls++
				time.Sleep(time.Second)
				return text(u.Text), nil
			}
		})
		b.start(t)
		b.receive(t, said("a", "1", "x"))
		b.receive(t, said("a", "1", "x")) // while it is handled
		pause(2 * time.Second)
		b.receive(t, said("a", "1", "x")) // after it was answered
		other := said("a", "1", "y")
		other.Account.Platform = Telegram
		b.receive(t, other)
		b.stop(t)
		want(t, "calls", calls, 1)
	})
}

func TestWorkingIsShownOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Handler = func(_ context.Context, u Update) (Reply, error) {
				d, err := time.ParseDuration(u.Text)
				time.Sleep(d)
				return text(u.Text), err
			}
		})
		b.start(t)
		b.receive(t, said("quick", "1", "399ms"), said("slow", "2", "3s"))
		b.receive(t, said("slow", "3", "0s")) // queued behind the slow one
		pause(time.Second)
		want(t, "signs of life", b.room.signs(), "[slow slow]")
		pause(3 * time.Second)
		b.stop(t)
		want(t, "signs of life", b.room.signs(), "[slow slow]")
		want(t, "answers", b.room.heard("slow"), "[3s 0s]")
	})
}

func TestReceiveWaitsForRoom(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Waiting, c.Concurrency = 3, 1
			c.Handler = func(_ context.Context, u Update) (Reply, error) { time.Sleep(time.Second); return text("x"), nil }
		})
		b.start(t)
		b.receive(t, said("a", "1", ""), said("b", "2", ""), said("c", "3", ""))
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		err := b.Receive(ctx, said("d", "4", ""))
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "too many") {
			t.Errorf("a full engine answers %v", err)
		}
		want(t, "rows: nothing that was refused is stored", b.inbox.left(), 3)
		began := time.Now()
		b.receive(t, said("d", "4", ""))
		want(t, "waited", time.Since(began), 500*time.Millisecond)
		b.stop(t)
		want(t, "d", b.room.heard("d"), "[x]")
	})
}

func TestReceiveFailsWhenNothingIsStored(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) { c.Waiting = 1 })
		b.start(t)
		b.inbox.set(func() { b.inbox.addErr = errors.New("disk full") })
		for range 3 { // and its room is given back
			if err := b.Receive(t.Context(), said("a", "1", "x")); err == nil || !strings.Contains(err.Error(), "disk full") {
				t.Fatalf("got %v", err)
			}
		}
		b.inbox.set(func() { b.inbox.addErr = nil })
		b.receive(t, said("a", "1", "x"))
		b.stop(t)
		want(t, "a", b.room.heard("a"), "[x]")
	})
}

func TestReceiveRefuses(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.Receive(ctx, said("a", "1", "x")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("before Start: %v", err)
		}
		b.start(t)
		u := said("a", "1", "x")
		u.Account.Platform = Mattermost
		if err := b.Receive(t.Context(), u); err == nil {
			t.Error("an update of no platform was taken")
		}
		b.stop(t)
		if err := b.Receive(t.Context(), said("a", "1", "x")); err == nil {
			t.Error("a stopped engine took an update")
		}
		if err := b.Start(t.Context()); err == nil {
			t.Error("a stopped engine started again")
		}
		want(t, "rows", b.inbox.left(), 0)
	})
}
