package bot

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// nothing is an inbox that keeps no more than the current wave, and a channel
// that says nothing.
type nothing struct {
	delivered sync.WaitGroup
	mu        sync.Mutex
	wave      []InboxItem
}

func (n *nothing) Add(_ context.Context, items []InboxItem) ([]bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wave = append(n.wave, items...)
	fresh := make([]bool, len(items))
	for i := range fresh {
		fresh[i] = true
	}
	return fresh, nil
}

// Open answers the engine when the machine was so busy that it asks.
func (n *nothing) Open(context.Context) ([]InboxItem, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.wave), nil
}

func (n *nothing) endWave() {
	n.delivered.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wave = n.wave[:0]
}

func (*nothing) Ack(context.Context, string, string) error { return nil }
func (*nothing) Lock(context.Context, string) (Lock, error) {
	return Lock{Alone: true, Release: func() {}}, nil
}
func (n *nothing) Deliver(context.Context, Origin, Reply) error { n.delivered.Done(); return nil }
func (*nothing) Working(context.Context, Origin)                {}
func (*nothing) Ready(context.Context) error                    { return nil }

// BenchmarkReceiveToDeliver measures the engine alone: one update at a time,
// and many at once.
func BenchmarkReceiveToDeliver(b *testing.B) {
	run := func(b *testing.B, wave int) {
		n := &nothing{}
		log := slog.New(slog.NewTextHandler(io.Discard, nil))
		e := NewEngine(EngineConfig{
			Inbox: n, Channels: map[string]Channel{Telegram: n}, Logger: log, Sorry: sorry,
			Handler: Chain(echo, Log(log), RateLimit(Limit{Every: 1, Burst: 1000}, func(context.Context, Update) Reply { return Reply{} })),
		})
		if err := e.Start(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		b.ResetTimer()
		for i := 0; i < b.N; i += wave {
			n.delivered.Add(wave)
			for j := range wave {
				u := said(strconv.Itoa(j), strconv.Itoa(i+j), "status saya")
				if err := e.Receive(b.Context(), u); err != nil {
					b.Fatal(err)
				}
			}
			n.endWave()
		}
		b.StopTimer()
		if err := e.Stop(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("one", func(b *testing.B) { run(b, 1) })
	b.Run("wave-of-100", func(b *testing.B) { run(b, 100) })
}

func BenchmarkCodec(b *testing.B) {
	u := said("4711", "1", "status saya")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encodeUpdate(u, u.At); err != nil {
			b.Fatal(err)
		}
	}
}
