package bot

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func person(id string) Origin { return Origin{Account: Account{Telegram, id}, Private: true} }

// TestWhatIsSaidUnaskedWaitsItsTurn behind what the account sent earlier.
func TestWhatIsSaidUnaskedWaitsItsTurn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, func(c *EngineConfig) {
			c.Handler = func(_ context.Context, u Update) (Reply, error) { time.Sleep(time.Second); return text(u.Text), nil }
		})
		b.inbox.alone = true
		b.start(t)
		b.receive(t, said("a", "1", "one"))
		b.says(t, "2", person("a"), "news")
		b.says(t, "3", person("b"), "others")
		pause(time.Millisecond)
		want(t, "others", b.room.heard("b"), "[others]")
		want(t, "a, at work", b.room.heard("a"), "[]")
		pause(time.Second)
		want(t, "a", b.room.heard("a"), "[one news]")
		want(t, "signs of life", b.room.signs(), "[a]")
		want(t, "open rows", b.inbox.left(), 0)
		b.stop(t)
	})
}

// TestWhatIsSaidUnaskedKeepsItsPlace among updates that another process
// received, or has answered.
func TestWhatIsSaidUnaskedKeepsItsPlace(t *testing.T) {
	for name, test := range map[string]struct {
		elsewhere func(t *testing.T, m *memory)
		want      string
	}{
		"received":  {func(t *testing.T, m *memory) { addRows(t, m, time.Now(), said("a", "2", "two")) }, "[one news two]"},
		"nothing":   {func(*testing.T, *memory) {}, "[one news]"},
		"answered":  {func(t *testing.T, m *memory) { m.set(func() { delete(m.open, row{Telegram, "1"}) }) }, "[news]"},
		"said":      {func(t *testing.T, m *memory) { m.set(func() { delete(m.open, row{Telegram, "n"}) }) }, "[one]"},
		"all is so": {func(t *testing.T, m *memory) { m.set(func() { clear(m.open) }) }, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := setUp(t, nil)
				b.start(t)
				lock, err := b.inbox.Lock(t.Context(), "telegram:a") // another process
				if err != nil {
					t.Fatal(err)
				}
				b.receive(t, said("a", "1", "one"))
				b.says(t, "n", person("a"), "news")
				pause(time.Second)
				test.elsewhere(t, b.inbox)
				lock.Release()
				pause(time.Minute)
				want(t, "said", b.room.heard("a"), test.want)
				b.stop(t)
			})
		})
	}
}

// TestWhatComesAfterWordsThatWereSaidElsewhereIsNotTakenForAnswered: it is
// answered at once, not when its row is old enough to look like a dead
// process's.
func TestWhatComesAfterWordsThatWereSaidElsewhereIsNotTakenForAnswered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		b.start(t)
		lock, err := b.inbox.Lock(t.Context(), "telegram:a") // another process
		if err != nil {
			t.Fatal(err)
		}
		b.says(t, "n", person("a"), "news")
		pause(time.Second) // the worker waits for the lock
		b.inbox.set(func() { delete(b.inbox.open, row{Telegram, "n"}) })
		b.inbox.onLocked = sync.OnceFunc(func() { b.receive(t, said("a", "1", "one")) })
		lock.Release()
		pause(2 * time.Second)
		want(t, "answers", b.room.heard("a"), "[one]")
		b.stop(t)
	})
}

// TestWordsOfAnotherProcessAreSaidSoon: no process has them in memory.
func TestWordsOfAnotherProcessAreSaidSoon(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m, ch := newMemory(), &room{}
		wordsRow(t, m, "0", person("a"), "before")
		one, two := setUpOn(t, m, ch, nil), setUpOn(t, m, ch, nil)
		one.start(t)
		two.start(t)
		pause(time.Millisecond)
		want(t, "what was open at the start", ch.heard("a"), "[before]")
		wordsRow(t, m, "1", person("a"), "news")
		pause(6 * time.Second)
		want(t, "said, once", ch.heard("a"), "[before news]")
		one.stop(t)
		two.stop(t)
	})
}

// TestAnswersGoBeforeWordsThatCannotBeSaid: what fails for itself holds up
// nobody's answer, and comes when it can.
func TestAnswersGoBeforeWordsThatCannotBeSaid(t *testing.T) {
	for name, alone := range map[string]bool{"alone": true, "shared": false} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := setUp(t, nil)
				b.inbox.alone = alone
				b.room.set(func(_ Origin, r Reply) error {
					if r.Messages[0].Text == "news" {
						return errDown
					}
					return nil
				})
				b.start(t)
				b.says(t, "n", person("a"), "news")
				pause(time.Millisecond)
				b.receive(t, said("a", "1", "one"), said("a", "2", "two"))
				pause(time.Millisecond)
				want(t, "answers", b.room.heard("a"), "[one two]")
				pause(time.Hour)
				b.room.set(nil)
				pause(2 * time.Minute)
				want(t, "all", b.room.heard("a"), "[one two news]")
				b.stop(t)
			})
		})
	}
}

// TestWordsAreGivenUpAfterADay, wherever they fail, and the bot tells so.
func TestWordsAreGivenUpAfterADay(t *testing.T) {
	unmade := errors.New("the database is down")
	for name, test := range map[string]struct {
		deliver func(Origin, Reply) error
		compose Handler
		after   time.Duration
		want    error
	}{
		"not delivered": {func(Origin, Reply) error { return errDown }, nil, 25 * time.Hour, errDown},
		"not made":      {nil, func(context.Context, Update) (Reply, error) { return Reply{}, unmade }, 25 * time.Hour, unmade},
		"it panics":     {nil, func(context.Context, Update) (Reply, error) { panic("geheim") }, 25 * time.Hour, nil},
		"gone":          {func(Origin, Reply) error { return ErrGone }, nil, time.Second, ErrGone},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var lost []error
				b := setUp(t, func(c *EngineConfig) {
					if test.compose != nil {
						c.Unasked = test.compose
					}
					c.Lost = func(_ context.Context, to Origin, err error) { lost = append(lost, err) }
				})
				b.room.set(test.deliver)
				b.start(t)
				b.says(t, "n", person("a"), "news")
				if test.after > time.Hour {
					pause(23 * time.Hour)
					want(t, "still open", b.inbox.left(), 1)
				}
				pause(test.after)
				if len(lost) != 1 || test.want != nil && !errors.Is(lost[0], test.want) {
					t.Errorf("told of: %v", lost)
				}
				want(t, "open rows", b.inbox.left(), 0)
				if strings.Contains(b.log.String(), "geheim") {
					t.Error(b.log)
				}
				b.stop(t)
			})
		})
	}
}

// TestWhoWritesAgainIsTriedAgain: the answer that waits for its next try is
// tried at once.
func TestWhoWritesAgainIsTriedAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		b.room.set(func(Origin, Reply) error { return errDown })
		b.start(t)
		b.receive(t, said("a", "1", "one"))
		pause(5 * time.Minute) // the next try is a minute away
		b.room.set(nil)
		b.receive(t, said("a", "2", "two"))
		pause(time.Millisecond)
		want(t, "answers", b.room.heard("a"), "[one two]")
		b.stop(t)
	})
}
