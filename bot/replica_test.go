package bot

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestADeadProcessIsReplaced: what it left is answered by another one, which
// was running all the time.
func TestADeadProcessIsReplaced(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		b.start(t)
		left := []Update{said("a", "1", "one"), said("a", "2", "two"), said("b", "3", "three")}
		addRows(t, b.inbox, time.Now(), left...)
		pause(14 * time.Second)
		want(t, "taken over too early", b.room.heard("a"), "[]")
		pause(7 * time.Second)
		want(t, "a", b.room.heard("a"), "[one two]")
		want(t, "b", b.room.heard("b"), "[three]")
		want(t, "open rows", b.inbox.left(), 0)
		b.stop(t)
	})
}

func addRows(t *testing.T, m *memory, received time.Time, updates ...Update) {
	t.Helper()
	for _, u := range updates {
		data, err := encodeUpdate(u, received)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Add(t.Context(), []InboxItem{{Source: u.Account.Platform, ID: u.ID, Account: u.Account.String(), Payload: data}}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTwoProcessesAnswerOnce: one of them is slow enough for the other to
// want to take over, and one starts while the other is at work.
func TestTwoProcessesAnswerOnce(t *testing.T) {
	for _, took := range []time.Duration{100 * time.Millisecond, 40 * time.Second, 100 * time.Second} {
		t.Run(took.String(), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m, ch := newMemory(), &room{}
				slow := func(c *EngineConfig) {
					c.Concurrency = 1
					c.Handler = func(_ context.Context, u Update) (Reply, error) { time.Sleep(took); return text(u.Text), nil }
				}
				one, two := setUpOn(t, m, ch, slow), setUpOn(t, m, ch, slow)
				one.start(t)
				for i := range 3 {
					one.receive(t, said("a", named("a", i), strconv.Itoa(i)))
					one.receive(t, said("b", named("b", i), strconv.Itoa(i)))
				}
				pause(time.Millisecond)
				two.start(t)
				pause(20 * time.Minute)
				one.stop(t)
				two.stop(t)
				want(t, "a", ch.heard("a"), "[0 1 2]")
				want(t, "b", ch.heard("b"), "[0 1 2]")
				want(t, "open rows", m.left(), 0)
			})
		})
	}
}

func TestAnOutageWithTwoProcesses(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m, ch := newMemory(), &room{}
		ch.set(func(Origin, Reply) error { return errDown })
		one, two := setUpOn(t, m, ch, nil), setUpOn(t, m, ch, nil)
		one.start(t)
		two.start(t)
		for i := range 100 {
			one.receive(t, said(named("u", i), strconv.Itoa(i), "x"))
		}
		pause(3 * time.Minute)
		ch.set(nil)
		pause(2 * time.Minute)
		one.stop(t)
		two.stop(t)
		want(t, "answers", len(ch.said), 100)
		want(t, "open rows", m.left(), 0)
	})
}

// TestAnInboxThatClosesRowsLater: a look at the inbox finds a row open that
// was closed a moment ago.
func TestAnInboxThatClosesRowsLater(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Handler = func(_ context.Context, u Update) (Reply, error) {
				time.Sleep(40*time.Second - time.Millisecond)
				return text(u.Text), nil
			}
		})
		b.inbox.doneLag = time.Second
		b.start(t)
		b.receive(t, said("a", "1", "x"))
		pause(3 * time.Minute)
		want(t, "answers", b.room.heard("a"), "[x]")
		want(t, "what is remembered of it", len(b.acked), 0)
		b.stop(t)
	})
}

func TestALockThatCannotBeHad(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) { c.Concurrency = 1 })
		b.start(t)
		lock, err := b.inbox.Lock(t.Context(), "telegram:a") // another process
		if err != nil {
			t.Fatal(err)
		}
		b.receive(t, said("a", "1", "x"), said("b", "2", "y"))
		pause(4 * time.Second)
		want(t, "the other goes on", b.room.heard("b"), "[y]")
		want(t, "a", b.room.heard("a"), "[]")
		lock.Release()
		pause(5 * time.Second)
		want(t, "a", b.room.heard("a"), "[x]")
		b.stop(t)
	})
}

func TestRowsThatCannotBeRead(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMemory()
		for i, payload := range []string{"", "geheim", `{"p":"telegram","u":"a","i":"other","k":"text"}`} {
			_, err := m.Add(t.Context(), []InboxItem{{Source: Telegram, ID: strconv.Itoa(i), Account: "telegram:a", Payload: []byte(payload)}})
			if err != nil {
				t.Fatal(err)
			}
		}
		strange := said("a", "9", "hello")
		strange.Account.Platform = Mattermost
		addRows(t, m, time.Now(), strange, said("a", "8", "hello"))
		b := setUpOn(t, m, &room{}, nil)
		b.start(t)
		b.stop(t)
		want(t, "answers", b.room.said, "[a: hello]")
		want(t, "open rows: another platform's", m.left(), 1)
		if log := b.log.String(); strings.Count(log, "cannot be read") != 3 || strings.Contains(log, "geheim") {
			t.Error(log)
		}
	})
}

func TestMoreIsOpenThanFitsIntoMemory(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMemory()
		for i := range 300 {
			addRows(t, m, time.Now(), said("a", strconv.Itoa(i), strconv.Itoa(i)))
		}
		b := setUpOn(t, m, &room{}, func(c *EngineConfig) { c.Waiting = 10 })
		b.start(t)
		pause(10 * time.Minute)
		b.stop(t)
		heard := b.room.heard("a")
		want(t, "answers", len(heard), 300)
		for i, s := range heard {
			want(t, "answer", s, i)
		}
	})
}
