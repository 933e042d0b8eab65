package bot

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestStopFinishesWhatIsQueued(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Handler = func(_ context.Context, u Update) (Reply, error) { time.Sleep(time.Second); return text(u.Text), nil }
		})
		b.start(t)
		for i := range 5 {
			b.receive(t, said("a", strconv.Itoa(i), strconv.Itoa(i)))
		}
		synctest.Wait()
		began := time.Now()
		b.stop(t)
		want(t, "took", time.Since(began), 5*time.Second)
		want(t, "answers", b.room.heard("a"), "[0 1 2 3 4]")
		b.stop(t) // a second time it only tells the same
	})
}

func TestStopEndsInTime(t *testing.T) {
	for name, stubborn := range map[string]bool{"obedient handler": false, "stubborn handler": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := setUp(t, func(c *EngineConfig) {
					c.Handler = func(ctx context.Context, u Update) (Reply, error) {
						if stubborn {
							time.Sleep(time.Minute)
							return text(u.Text), nil
						}
						<-ctx.Done()
						return Reply{}, ctx.Err()
					}
				})
				b.start(t)
				b.receive(t, said("a", "1", "x"), said("a", "2", "y"), said("b", "3", "z"))
				began := time.Now()
				err := b.Stop(t.Context())
				if d := time.Since(began); d > 10*time.Second || d < 9*time.Second {
					t.Errorf("took %v", d)
				}
				want(t, "an error says so", err != nil, stubborn)
				pause(2 * time.Minute)
				want(t, "open rows", b.inbox.left(), 3)
				want(t, "answers", b.room.said, "[]")
				if log := b.log.String(); strings.Contains(log, "could not be handled") {
					t.Error("stopping looks like a failure:", log)
				}
				again := setUpOn(t, b.inbox, &room{}, nil)
				again.start(t)
				again.stop(t)
				want(t, "answers after the restart", again.room.heard("a"), "[x y]")
				want(t, "open rows", b.inbox.left(), 0)
			})
		})
	}
}

func TestStopLeavesPendingRetriesOpen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		b.room.set(func(to Origin, _ Reply) error {
			if to.Account.ID == "a" {
				return errDown
			}
			return nil
		})
		b.start(t)
		b.receive(t, said("a", "1", "x"), said("a", "2", "y"))
		pause(100 * time.Millisecond)
		b.says(t, "3", Origin{Account: Account{Telegram, "a"}}, "news")
		synctest.Wait()
		began := time.Now()
		b.stop(t)
		want(t, "took", time.Since(began), time.Duration(0))
		want(t, "open rows", b.inbox.left(), 3)

		again := setUpOn(t, b.inbox, b.room, nil)
		b.room.set(nil)
		again.start(t)
		again.stop(t)
		want(t, "answers", b.room.heard("a"), "[x y news]")
	})
}

func TestADeliveryThatFailsDuringStop(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		b.room.set(func(Origin, Reply) error { time.Sleep(time.Second); return errDown })
		b.start(t)
		b.receive(t, said("a", "1", "x"), said("a", "2", "y"))
		synctest.Wait()
		began := time.Now()
		b.stop(t)
		want(t, "took", time.Since(began), time.Second)
		pause(time.Minute)
		want(t, "tries", b.room.tries, 1)
		want(t, "open rows", b.inbox.left(), 2)
	})
}

func TestWhatIsAtWorkIsNotTakenUpAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Turn = time.Hour
			c.Handler = func(_ context.Context, u Update) (Reply, error) {
				time.Sleep(10 * time.Minute)
				return text(u.Text), nil
			}
		})
		b.start(t)
		b.receive(t, said("a", "1", "x"))
		pause(9 * time.Minute)
		want(t, "updates in memory", b.Waiting(), 1)
		pause(2 * time.Minute)
		b.stop(t)
		want(t, "answers", b.room.heard("a"), "[x]")
	})
}

func TestStopWakesWhoWaits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Waiting, c.Concurrency = 1, 1
			c.Handler = func(_ context.Context, u Update) (Reply, error) { time.Sleep(time.Second); return text(u.Text), nil }
		})
		refused := make(chan error, 2)
		go func() { refused <- b.Receive(t.Context(), said("a", "0", "early")) }()
		synctest.Wait()
		b.start(t)
		synctest.Wait()
		want(t, "a Receive before Start", <-refused, nil)
		go func() { refused <- b.Receive(t.Context(), said("a", "1", "late")) }()
		synctest.Wait()
		b.stop(t)
		want(t, "a Receive that waited for room", <-refused, errStopping)
		b.says(t, "2", Origin{Account: Account{Telegram, "a"}}, "news")
		want(t, "words that come late", b.inbox.left(), 1)
		want(t, "answers", b.room.heard("a"), "[early]")

		never := setUp(t, nil)
		go func() { refused <- never.Receive(t.Context(), said("a", "1", "x")) }()
		never.says(t, "1", said("a", "1", "x").Origin, "x")
		synctest.Wait()
		never.stop(t)
		want(t, "before Start", <-refused, errStopping)
	})
}

func TestStartTellsThatTheInboxCannotBeRead(t *testing.T) {
	b := NewEngine(EngineConfig{Inbox: brokenInbox{}, Channels: map[string]Channel{Telegram: &room{}}})
	if err := b.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "no such table") {
		t.Errorf("got %v", err)
	}
	if err := b.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

type brokenInbox struct{ Inbox }

func (brokenInbox) Open(context.Context) ([]InboxItem, error) {
	return nil, errors.New("no such table")
}

// TestNoGoroutineIsLeft runs in real time, unlike the others.
func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 5 {
		b := setUp(t, func(c *EngineConfig) { c.Patience = time.Millisecond })
		b.start(t)
		for i := range 500 {
			b.receive(t, said(named("u", i%50), strconv.Itoa(i), "x"))
		}
		if err := b.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		want(t, "answers", len(b.room.said), 500)
	}
	for end := time.Now().Add(time.Minute); runtime.NumGoroutine() > before; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}
