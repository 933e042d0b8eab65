package bot

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// mortal is a process that dies at one of its steps: from then on nothing
// that it does reaches the world any more.
type mortal struct {
	*memory
	ch      *room
	release chan struct{} // ends the dead process's goroutines

	mu    sync.Mutex
	steps int // until death; negative: lives on
	dead  chan struct{}
}

var errDead = errors.New("the process is dead")

// step is passed before and after everything that touches the world.
func (m *mortal) step() error {
	m.mu.Lock()
	if m.steps == 0 {
		m.mu.Unlock()
		<-m.release
		return errDead
	}
	m.steps--
	if m.steps == 0 {
		close(m.dead)
	}
	m.mu.Unlock()
	return nil
}

func around[T any](m *mortal, f func() (T, error)) (T, error) {
	var none T
	if err := m.step(); err != nil {
		return none, err
	}
	v, err := f()
	if dead := m.step(); dead != nil {
		return none, dead
	}
	return v, err
}

func (m *mortal) Add(ctx context.Context, items []InboxItem) ([]bool, error) {
	return around(m, func() ([]bool, error) { return m.memory.Add(ctx, items) })
}

func (m *mortal) Ack(ctx context.Context, source, id string) error {
	_, err := around(m, func() (struct{}, error) { return struct{}{}, m.memory.Ack(ctx, source, id) })
	return err
}

func (m *mortal) Open(ctx context.Context) ([]InboxItem, error) {
	return around(m, func() ([]InboxItem, error) { return m.memory.Open(ctx) })
}

func (m *mortal) Deliver(ctx context.Context, to Origin, r Reply) error {
	_, err := around(m, func() (struct{}, error) { return struct{}{}, m.ch.Deliver(ctx, to, r) })
	return err
}

func (m *mortal) Working(context.Context, Origin) {}

func (m *mortal) Ready(context.Context) error { return nil }

// TestACrashLosesNothing lets the process die at every step of its life. The
// next one answers all that was taken over; what was not is brought again by
// the platform.
func TestACrashLosesNothing(t *testing.T) {
	survived := false
	for steps := 1; !survived; steps++ {
		t.Run(strconv.Itoa(steps), func(t *testing.T) {
			bubble(t, func(t *testing.T) { survived = crashAt(t, steps) })
		})
		if steps > 500 {
			t.Fatal("the process never survives")
		}
	}
}

func crashAt(t *testing.T, steps int) (survived bool) {
	m := &mortal{memory: newMemory(), ch: &room{}, steps: steps, dead: make(chan struct{}), release: make(chan struct{})}
	handled := map[string]int{}
	var mu sync.Mutex
	handler := func(_ context.Context, u Update) (Reply, error) {
		time.Sleep(10 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		handled[u.ID]++
		return text(u.Text), nil
	}
	first := NewEngine(EngineConfig{Inbox: m, Channels: map[string]Channel{Telegram: m}, Sorry: sorry,
		Handler: func(ctx context.Context, u Update) (Reply, error) {
			return around(m, func() (Reply, error) { return handler(ctx, u) })
		}, Logger: setUp(t, nil).c.Logger})
	batches := [][]Update{
		{said("a", "1", "1"), said("b", "2", "2")},
		{said("a", "3", "3")},
		{said("b", "4", "4"), said("a", "5", "5"), said("c", "6", "6")},
	}
	acknowledged := make([]bool, len(batches))
	var poll sync.WaitGroup
	poll.Go(func() {
		if first.Start(t.Context()) != nil {
			return
		}
		for i, us := range batches { // as polling does: the next ones only after these were taken over
			if first.Receive(t.Context(), us...) != nil {
				return
			}
			acknowledged[i] = true
			time.Sleep(7 * time.Millisecond)
		}
	})
	select {
	case <-m.dead:
	case <-time.After(time.Second):
		survived = true
	}
	synctest.Wait()

	second := setUpOn(t, m.memory, m.ch, func(c *EngineConfig) { c.Handler = handler })
	m.set(func() { clear(m.locks) }) // a dead process's locks are free
	second.start(t)
	for i, us := range batches {
		if !acknowledged[i] {
			second.receive(t, us...)
		}
	}
	second.stop(t)
	for account, ids := range map[string][]string{"a": {"1", "3", "5"}, "b": {"2", "4"}, "c": {"6"}} {
		checkHeard(t, account, ids, m.ch.heard(account))
	}
	for id, n := range handled {
		if n > 2 {
			t.Errorf("update %s was handled %d times", id, n)
		}
	}
	want(t, "open rows", m.left(), 0)
	close(m.release)
	poll.Wait()
	if err := first.Stop(t.Context()); err != nil && survived {
		t.Error(err)
	}
	return survived
}

// checkHeard wants each answer in its order; the one that the crash fell upon
// may be there twice.
func checkHeard(t *testing.T, account string, ids, heard []string) {
	t.Helper()
	twice, i := 0, 0
	for _, s := range heard {
		switch {
		case i < len(ids) && s == ids[i]:
			i++
		case i > 0 && s == ids[i-1]:
			twice++
		default:
			t.Errorf("%s heard %v", account, heard)
			return
		}
	}
	if i < len(ids) || twice > 1 {
		t.Errorf("%s heard %v, want %v", account, heard, ids)
	}
}
