package bot

import (
	"context"
	"strings"
	"testing"
	"time"
)

// byName lets accounts whose names begin with "s" be strangers.
func byName(_ context.Context, u Update) Rank {
	switch {
	case u.Kind == KindUnasked:
		return RankUnasked
	case strings.HasPrefix(u.Account.ID, "s"):
		return RankStranger
	}
	return RankAsked
}

// TestStrangersAndNewsKeepNobodyWaiting: handlers that take a second are busy
// with a hundred strangers and with news for a hundred, and who is known is
// answered as if they were alone.
func TestStrangersAndNewsKeepNobodyWaiting(t *testing.T) {
	for name, flood := range map[string]func(t *testing.T, b bench, n int){
		"strangers": func(t *testing.T, b bench, n int) {
			b.receive(t, said(named("s", n), named("s", n), "x"))
		},
		"news": func(t *testing.T, b bench, n int) { b.says(t, named("n", n), person(named("n", n)), "news") },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				slow := func(_ context.Context, u Update) (Reply, error) { time.Sleep(time.Second); return text(u.Text), nil }
				b := setUp(t, func(c *EngineConfig) {
					c.Handler, c.Unasked, c.Rank, c.Concurrency, c.Grace = slow, slow, byName, 8, time.Hour
				})
				b.inbox.alone = true
				b.start(t)
				for n := range 100 {
					flood(t, b, n)
				}
				pause(100 * time.Millisecond)
				b.receive(t, said("a", "a", "known"))
				pause(time.Second)
				want(t, "who is known", b.room.heard("a"), "[known]")
				if left := b.inbox.left(); left < 50 {
					t.Errorf("only %d wait: there was no crowd", left)
				}
				b.stop(t)
			})
		})
	}
}

// TestWhoWritesIsNoNews: an account that has news waiting far behind and then
// asks something has its turn with those who ask.
func TestWhoWritesIsNoNews(t *testing.T) {
	bubble(t, func(t *testing.T) {
		slow := func(_ context.Context, u Update) (Reply, error) {
			time.Sleep(time.Second)
			return text(u.Text + string(u.Words)), nil
		}
		b := setUp(t, func(c *EngineConfig) {
			c.Handler, c.Unasked, c.Rank, c.Concurrency, c.Grace = slow, slow, byName, 8, time.Hour
		})
		b.inbox.alone = true
		b.start(t)
		for n := range 100 {
			b.says(t, named("n", n), person(named("n", n)), "news")
		}
		pause(time.Millisecond) // all workers have found their places
		b.receive(t, said("n99", "q", "asks"))
		pause(2500 * time.Millisecond)
		want(t, "who asks", b.room.heard("n99"), "[news asks]")
		b.stop(t)
	})
}

// TestWhoWaitsOutsideTakesNobodysPlace: a thousand handlers wait ten seconds
// for an outside system, and somebody else is answered at once.
func TestWhoWaitsOutsideTakesNobodysPlace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Handler = func(ctx context.Context, u Update) (Reply, error) {
				if u.Text == "status" {
					defer Away(ctx)()
					time.Sleep(10 * time.Second)
				}
				return text(u.Text), nil
			}
			c.Concurrency, c.Grace = 8, time.Hour
		})
		b.inbox.alone = true
		b.start(t)
		for n := range 1000 {
			b.receive(t, said(named("a", n), named("a", n), "status"))
		}
		pause(time.Second)
		b.receive(t, said("b", "b", "help"))
		pause(time.Millisecond)
		want(t, "somebody else", b.room.heard("b"), "[help]")
		pause(10 * time.Second)
		want(t, "left", b.inbox.left(), 0)
		if l := b.lanes[Telegram]; l.workers != 0 || l.away != 0 || l.busy != [Ranks]int{} || l.idle > l.limit {
			t.Errorf("the lane does not come to rest: %d at work, %d away, busy %v, %d idle", l.workers, l.away, l.busy, l.idle)
		}
		b.stop(t)
	})
}

// TestAFloodOfStrangersLeavesRoom: strangers write on and on while nothing can be
// said; a few updates of each wait, and who is known is taken and answered first.
func TestAFloodOfStrangersLeavesRoom(t *testing.T) {
	bubble(t, func(t *testing.T) {
		slow := func(_ context.Context, u Update) (Reply, error) { time.Sleep(time.Second); return text(u.Text), nil }
		b := setUp(t, func(c *EngineConfig) {
			c.Handler, c.Rank, c.Concurrency, c.Waiting, c.Grace = slow, byName, 8, 100, time.Hour
		})
		b.inbox.alone = true
		b.start(t)
		b.receive(t, said("s", "alone 1", "1"), said("s", "alone 2", "2"), said("s", "alone 3", "3"), said("s", "alone 4", "4"))
		pause(5 * time.Second)
		want(t, "who writes four times while nobody else does", b.room.heard("s"), "[1 2 3 4]")
		for n := range 20 {
			b.receive(t, said("s0", named("first", n), "x"))
			for s := range 40 {
				b.receive(t, said(named("s", s), named("more", 100*n+s), "x"))
			}
		}
		if waits := b.Waiting(); waits > 51 {
			t.Errorf("%d wait, and there is room for 100", waits)
		}
		b.receive(t, said("a", "a", "known"))
		pause(2100 * time.Millisecond)
		want(t, "who is known", b.room.heard("a"), "[known]")
		b.stop(t)
		if n := len(b.room.heard("s0")); n > strangersMost+1 {
			t.Errorf("the stranger who wrote 40 times was answered %d times", n)
		}
	})
}

// TestOneStrangersUpdatesAreCounted: while there is room for thousands, of one
// stranger who writes on and on some wait, whether they come one by one or
// together, and all of somebody who is known.
func TestOneStrangersUpdatesAreCounted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		slow := func(_ context.Context, u Update) (Reply, error) { time.Sleep(time.Second); return text(u.Text), nil }
		b := setUp(t, func(c *EngineConfig) { c.Handler, c.Rank, c.Concurrency, c.Grace = slow, byName, 8, time.Hour })
		b.inbox.alone = true
		b.start(t)
		for n := range 10 {
			b.receive(t, said(named("a", n), named("busy", n), "x"))
		}
		pause(time.Millisecond)
		var crowd []Update
		for n := range 2 * strangersMost {
			b.receive(t, said("s0", named("one by one", n), "x"), said("known", named("known", n), "x"))
			crowd = append(crowd, said("s1", named("together", n), "x"))
			if n%2 == 0 { // others between them count for themselves
				crowd = append(crowd, said("s2", named("between", n), "x"))
			}
		}
		b.receive(t, crowd...)
		pause(5 * time.Minute)
		b.stop(t)
		for who, want := range map[string]int{"s0": strangersMost, "s1": strangersMost, "s2": strangersMost, "known": 2 * strangersMost} {
			if got := len(b.room.heard(who)); got != want {
				t.Errorf("%s was answered %d times, want %d", who, got, want)
			}
		}
	})
}
