package bot

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"
)

// TestTwoProcessesKeepTheOrder: a person's messages come to one process and
// the other in turn, faster than they are answered.
func TestTwoProcessesKeepTheOrder(t *testing.T) {
	for name, most := range map[string]int{"all is shown": 0, "only the oldest are shown": 3} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m, ch := newMemory(), &room{}
				m.most = most
				handled := map[string]int{}
				slow := func(c *EngineConfig) {
					c.Handler = func(_ context.Context, u Update) (Reply, error) {
						m.set(func() { handled[u.ID]++ })
						time.Sleep(time.Duration(rand.IntN(50)) * time.Millisecond)
						return text(u.Text), nil
					}
				}
				both := []bench{setUpOn(t, m, ch, slow), setUpOn(t, m, ch, slow)}
				both[0].start(t)
				both[1].start(t)
				const accounts, each = 5, 40
				for i := range each {
					for a := range accounts {
						both[(a+i)%2].receive(t, said(named("u", a), strconv.Itoa(a)+"-"+strconv.Itoa(i), strconv.Itoa(i)))
					}
					pause(time.Millisecond)
				}
				pause(20 * time.Second) // nobody waits until a row is old enough to be adopted
				for a := range accounts {
					heard := ch.heard(named("u", a))
					want(t, "answers", len(heard), each)
					for i, s := range heard {
						want(t, "the answer", s, i)
					}
				}
				for id, n := range handled {
					if n != 1 {
						t.Errorf("%s was handled %d times", id, n)
					}
				}
				want(t, "open rows", m.left(), 0)
				both[0].stop(t)
				both[1].stop(t)
			})
		})
	}
}

// TestWhatADeadProcessLeftComesFirst: who writes again is not answered before
// what was asked earlier.
func TestWhatADeadProcessLeftComesFirst(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		b.start(t)
		strange := said("a", "0", "x")
		strange.ID = "another"
		addRows(t, b.inbox, time.Now(), strange)
		b.inbox.set(func() { // cannot be read
			r := row{Telegram, "another"}
			it := b.inbox.open[r]
			it.Payload = []byte("geheim")
			b.inbox.open[r] = it
		})
		addRows(t, b.inbox, time.Now(), said("a", "1", "one"), said("b", "2", "two"))
		b.receive(t, said("a", "3", "three"))
		pause(time.Second)
		want(t, "a", b.room.heard("a"), "[one three]")
		want(t, "b, who is silent", b.room.heard("b"), "[]")
		b.stop(t)
	})
}

// TestWhatComesWhileTheAccountIsLockedIsAnswered: the lock does not show it.
func TestWhatComesWhileTheAccountIsLockedIsAnswered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := setUp(t, nil)
		b.start(t)
		b.inbox.onLocked = sync.OnceFunc(func() { b.receive(t, said("a", "2", "two")) })
		b.receive(t, said("a", "1", "one"))
		pause(time.Millisecond)
		want(t, "answers", b.room.heard("a"), "[one two]")
		want(t, "open rows", b.inbox.left(), 0)
		b.stop(t)
	})
}
