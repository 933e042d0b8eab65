package platform

import (
	"context"
	"sync"
)

// Aside is what an adapter does beside its answers: signs that it types, and
// answers to presses that nobody else answers. The zero value is good.
type Aside struct {
	mu   sync.Mutex
	life context.Context //nolint:containedctx // of all that is done, ended by End
	end  context.CancelFunc
	over bool
	all  sync.WaitGroup
}

// Go does something in a goroutine, unless End was called, which it tells. The
// context ends with End.
func (a *Aside) Go(do func(ctx context.Context)) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over {
		return false
	}
	if a.life == nil {
		a.life, a.end = context.WithCancel(context.Background())
	}
	life := a.life
	a.all.Go(func() { do(life) })
	return true
}

// End ends all that is done, takes nothing more, and waits for it as long as
// ctx allows.
func (a *Aside) End(ctx context.Context) error {
	a.mu.Lock()
	a.over = true
	if a.end != nil {
		a.end()
	}
	a.mu.Unlock()
	ended := make(chan struct{})
	go func() { a.all.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // the caller's own
	}
}
