package bsre

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"
)

// Leases are what only one of all the processes that share an operator's
// account may have at a time.
type Leases interface {
	// ClaimLease takes the lease with a name for at most hold; wait 0 means
	// that it was taken, else it is worth asking again after that time. Who
	// is urgent comes before those who are not.
	ClaimLease(ctx context.Context, name, holder string, hold time.Duration, urgent bool) (wait time.Duration, err error)
	// ReleaseLease gives it back, free again after rest.
	ReleaseLease(ctx context.Context, name, holder string, rest time.Duration) error
}

// The leases.
const (
	leasePace    = "portal pace"    // of a call to the portal
	leaseSession = "portal session" // of a talk with its sign-on
)

const (
	leaseLook = 250 * time.Millisecond // between two looks at a lease that another process has
	leaseGive = 5 * time.Second        // for giving one back
)

// newHolder gives a name that no other process has.
func newHolder() string { return rand.Text()[:16] }

// takeLease waits for a lease. give must be called once.
func takeLease(ctx context.Context, leases Leases, name, holder string, hold time.Duration) (give func(), err error) {
	for {
		wait, err := leases.ClaimLease(ctx, name, holder, hold, true)
		if err != nil {
			return nil, fmt.Errorf("share with other processes: %w", err)
		}
		if wait <= 0 {
			return func() { giveLease(ctx, leases, name, holder, 0) }, nil
		}
		if err := sleep(ctx, min(wait, leaseLook)); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrQueue, newNetError(ctx, err))
		}
	}
}

// giveLease gives a lease back also when ctx is over. When that fails, the
// lease ends by itself.
func giveLease(ctx context.Context, leases Leases, name, holder string, rest time.Duration) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseGive)
	defer cancel()
	_ = leases.ReleaseLease(ctx, name, holder, rest)
}

// alone are the leases of a process that shares nothing.
type alone struct {
	mu  sync.Mutex
	all map[string]lease
}

type lease struct {
	holder string
	free   time.Time
}

func newAlone() *alone { return &alone{all: make(map[string]lease)} }

// ClaimLease takes what is free.
func (a *alone) ClaimLease(_ context.Context, name, holder string, hold time.Duration, _ bool) (time.Duration, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if wait := a.all[name].free.Sub(now); wait > 0 {
		return wait, nil
	}
	a.all[name] = lease{holder, now.Add(hold)}
	return 0, nil
}

// ReleaseLease gives back what the holder has.
func (a *alone) ReleaseLease(_ context.Context, name, holder string, rest time.Duration) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all[name].holder == holder {
		a.all[name] = lease{free: time.Now().Add(rest)}
	}
	return nil
}
