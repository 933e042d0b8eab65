package bot

import (
	"context"
	"sync"
)

// InboxItem is an update as the inbox keeps it.
type InboxItem struct {
	Source  string // the platform
	ID      string // the platform's own id of the update
	Account string // whose order it belongs to
	Payload []byte // the engine's own form of the update; it may hold a secret
}

// Inbox keeps updates until they are answered. It survives a crash.
type Inbox interface {
	// Add stores items durably. fresh tells for each whether it was never
	// seen before.
	Add(ctx context.Context, items []InboxItem) (fresh []bool, err error)
	// Done closes an item and wipes its payload. It may do so a moment later;
	// a crash until then makes the update be answered again.
	Done(ctx context.Context, source, id string) error
	// Open gives the items that are not done, oldest first.
	Open(ctx context.Context) ([]InboxItem, error)
	// Lock waits until no other process answers the account. What Done was
	// told while the lock was held is done when unlock returns.
	Lock(ctx context.Context, account string) (unlock func(), err error)
}

// row names an update: the platform and the platform's own id of it.
type row struct{ source, id string }

// openRows tells which rows are open. Those who ask at the same time share
// one reading, which always began after they asked.
type openRows struct {
	inbox Inbox

	mu      sync.Mutex
	next    *reading // the one that newcomers join; nil: none
	reading bool
}

type reading struct {
	done chan struct{}
	open map[row]bool
	err  error
}

// holds tells whether the row is still open. The reading goes on under life,
// the wait ends with ctx.
func (o *openRows) holds(ctx, life context.Context, r row) (bool, error) {
	o.mu.Lock()
	if o.next == nil {
		o.next = &reading{done: make(chan struct{})}
	}
	mine := o.next
	if !o.reading {
		o.reading = true
		go o.read(life)
	}
	o.mu.Unlock()
	select {
	case <-mine.done:
		return mine.open[r], mine.err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// read serves readings until nobody wants another.
func (o *openRows) read(ctx context.Context) {
	for {
		o.mu.Lock()
		r := o.next
		o.next = nil
		o.reading = r != nil
		o.mu.Unlock()
		if r == nil {
			return
		}
		items, err := o.inbox.Open(ctx)
		r.err = err
		r.open = make(map[row]bool, len(items))
		for _, it := range items {
			r.open[row{it.Source, it.ID}] = true
		}
		close(r.done)
	}
}
