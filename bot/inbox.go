package bot

import "context"

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
	// Ack closes an item and wipes its payload. It may do so a moment later;
	// a crash until then makes the update be answered again.
	Ack(ctx context.Context, source, id string) error
	// Open gives the items that are not done, oldest first.
	Open(ctx context.Context) ([]InboxItem, error)
	// Lock waits until no other process answers the account. What Ack was
	// told while the lock was held is done when its Release returns.
	Lock(ctx context.Context, account string) (Lock, error)
}

// Lock is the right to answer an account.
type Lock struct {
	Alone   bool        // there is no other process: what waits is in memory
	Open    []InboxItem // the account's items that are not done, the oldest first; none when Alone
	More    bool        // there are more than these, all of them newer
	Release func()
}

// row names an update: the platform and the platform's own id of it.
type row struct{ source, id string }
