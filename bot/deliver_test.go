package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestDeliveryFailsAndRecovers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		calls := 0
		b := setUp(t, func(c *EngineConfig) {
			c.Concurrency = 1
			c.Look = time.Second
			c.Handler = func(_ context.Context, u Update) (Reply, error) { calls++; return text(u.Text), nil }
		})
		b.room.set(func(to Origin, _ Reply) error {
			if to.Account.ID == "unlucky" {
				return errDown
			}
			return nil
		})
		b.start(t)
		b.receive(t, said("unlucky", "1", "one"), said("unlucky", "2", "two"), said("other", "3", "hello"))
		synctest.Wait()
		want(t, "the other goes on", b.room.heard("other"), "[hello]")
		want(t, "calls: the second waits for the first", calls, 2)
		pause(8*time.Second + time.Millisecond) // tried again after 0.3, 1 and 2 s
		want(t, "tries", b.room.tries, 5)
		b.room.set(nil)
		pause(10 * time.Second)
		want(t, "answers", b.room.heard("unlucky"), "[one two]")
		want(t, "calls: no handler is asked again", calls, 3)
		want(t, "open rows", b.inbox.left(), 0)
		want(t, "lines in the log", strings.Count(b.log.String(), `level=WARN msg="an answer could not be delivered yet"`), 1)
		want(t, "signs of life: only for the one that waits", b.room.signs(), "[unlucky]")
		b.stop(t)
	})
}

func TestAnUndeliverableAnswerIsGivenUp(t *testing.T) {
	bubble(t, func(t *testing.T) {
		seen := &counts{}
		b := setUp(t, func(c *EngineConfig) { c.Observer = seen })
		b.room.set(func(Origin, Reply) error { return errDown })
		b.start(t)
		b.receive(t, said("a", "1", "geheim"), said("a", "2", "geheim"))
		pause(9 * time.Minute)
		want(t, "open rows before", b.inbox.left(), 2)
		pause(61 * time.Second)
		want(t, "open rows after", b.inbox.left(), 0)
		want(t, "what was counted", seen.String(), "[delayed undelivered delayed undelivered]")
		b.room.set(nil)
		b.receive(t, said("a", "3", "hello"))
		synctest.Wait()
		want(t, "answers", b.room.heard("a"), "[hello]")
		b.stop(t)
		if log := b.log.String(); !strings.Contains(log, "given up") || strings.Contains(log, "geheim") {
			t.Error(log)
		}
	})
}

func TestGoneEndsQuietly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		seen := &counts{}
		b := setUp(t, func(c *EngineConfig) { c.Observer = seen })
		b.room.set(func(Origin, Reply) error { return fmt.Errorf("sendMessage: %w", ErrGone) })
		b.start(t)
		b.receive(t, said("a", "1", "x"))
		b.stop(t)
		want(t, "open rows", b.inbox.left(), 0)
		want(t, "tries", b.room.tries, 1)
		want(t, "what was counted", seen.String(), "[gone]")
		if log := b.log.String(); strings.Contains(log, "level=WARN") || strings.Contains(log, "level=ERROR") {
			t.Error(log)
		}
	})
}

func TestOnlyTheMissingPartIsDeliveredAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Handler = func(context.Context, Update) (Reply, error) {
				return Reply{Messages: []Message{{Text: "one"}, {Text: "two"}}}, nil
			}
		})
		failed := false
		b.room.set(func(_ Origin, r Reply) error {
			if failed {
				return nil
			}
			failed = true
			return fmt.Errorf("send: %w", &Undelivered{Rest: Reply{Messages: r.Messages[1:]}, Err: errDown})
		})
		b.start(t)
		b.receive(t, said("a", "1", "x"))
		pause(2 * time.Second)
		b.stop(t)
		want(t, "said", b.room.heard("a"), "[two]")
	})
}

func TestFailuresAreAnsweredKindly(t *testing.T) {
	for name, h := range map[string]Handler{
		"error":    func(context.Context, Update) (Reply, error) { return text("half"), errors.New("disk on fire") },
		"panic":    func(context.Context, Update) (Reply, error) { panic(errors.New("geheim")) },
		"too long": func(ctx context.Context, _ Update) (Reply, error) { <-ctx.Done(); return Reply{}, ctx.Err() },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				seen := &counts{}
				b := setUp(t, func(c *EngineConfig) { c.Handler, c.Observer = h, seen })
				b.room.set(func(Origin, Reply) error { return nil })
				b.start(t)
				b.receive(t, said("a", "1", "geheim"))
				pause(3 * time.Minute)
				b.stop(t)
				want(t, "answer", b.room.heard("a"), "[sorry 6]")
				want(t, "open rows", b.inbox.left(), 0)
				want(t, "what was counted", seen.String(), "[failed]")
				log := b.log.String()
				if strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, " id="+IDOf(said("a", "1", "geheim"))+"\n") || strings.Contains(log, "geheim") {
					t.Error(log)
				}
				if strings.HasPrefix(name, "panic") && !strings.Contains(log, "deliver_test.go") {
					t.Error("the log does not tell where it panicked:", log)
				}
			})
		})
	}
}

func TestPanicsOutsideTheHandler(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Handler = func(context.Context, Update) (Reply, error) { time.Sleep(time.Second); return Reply{}, errDown }
			c.Sorry = func(context.Context, Update, string) Reply { panic("no words") }
		})
		first := true
		b.room.onWork = func() { panic("no sign") }
		b.room.set(func(Origin, Reply) error {
			if first {
				first = false
				var none []int
				_ = none[len(b.room.said)]
			}
			return nil
		})
		b.start(t)
		b.receive(t, said("a", "1", "x"))
		pause(3 * time.Second)
		b.stop(t)
		want(t, "open rows", b.inbox.left(), 0)
		want(t, "panics in the log", strings.Count(b.log.String(), "index out of range"), 1)
	})
}

func TestARowThatCannotBeClosedIsNotAnsweredAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		b.start(t)
		b.inbox.set(func() { b.inbox.doneErr = errors.New("disk full") })
		b.receive(t, said("a", "1", "one"))
		b.receive(t, said("a", "2", "two"))
		pause(2 * time.Minute)
		want(t, "open rows", b.inbox.left(), 2)
		b.inbox.set(func() { b.inbox.doneErr = nil })
		pause(10 * time.Second)
		want(t, "open rows", b.inbox.left(), 0)
		want(t, "answers", b.room.heard("a"), "[one two]")

		b.inbox.set(func() { b.inbox.doneErr = errors.New("disk full") })
		b.receive(t, said("a", "3", "three"))
		synctest.Wait()
		b.inbox.set(func() { b.inbox.doneErr = nil })
		b.stop(t)
		want(t, "open rows after Stop", b.inbox.left(), 0)
	})
}

// counts is an observer.
type counts struct{ lines }

func (c *counts) Handled(platform, kind, outcome string, took time.Duration) {
	if platform != Telegram || kind != "text" || took < 0 {
		outcome = "wrong labels"
	}
	_, _ = c.Write([]byte(outcome + " "))
}

func (c *counts) Delayed(string) { _, _ = c.Write([]byte("delayed ")) }

func (c *counts) String() string {
	words := strings.Fields(c.lines.String())
	return fmt.Sprint(words)
}
