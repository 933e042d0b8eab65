package desk

import (
	"context"
	"fmt"
	"sync"
	"time"

	"resetpin/bot"
	"resetpin/bot/platform"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// An officer may write before it is noted that the thread is a ticket's: within
// milliseconds of its first post, or after a crash in between. A thread that
// nobody knows is looked for again, from threadPause on and twice as long each
// time, six seconds in all; the word waits in the inbox meanwhile.
const (
	threadLooks = 8
	threadPause = 50 * time.Millisecond
	foreignMost = 1000 // threads of officers' own that are remembered
)

// foreign are threads that are about no ticket: nobody waits for them twice.
type foreign struct {
	mu    sync.Mutex
	known map[string]bool // by room and thread
}

func (f *foreign) has(thread string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.known[thread]
}

func (f *foreign) add(thread string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil || len(f.known) >= foreignMost {
		f.known = make(map[string]bool)
	}
	f.known[thread] = true
}

// subjectOf gives what the thread is about in which an officer does something;
// empty: no ticket.
func (d *Desk) subjectOf(ctx context.Context, r talk.Request) (string, error) {
	room := talk.Room(r.Update)
	thread := room.String() + " " + r.Thread
	for look := range threadLooks {
		if look > 0 {
			if err := pause(ctx, d.Pause<<(look-1)); err != nil {
				return "", err
			}
		}
		subject, err := d.Store.Subject(ctx, store.Account(room), r.Thread)
		if err != nil {
			return "", fmt.Errorf("find the ticket of a thread: %w", err)
		}
		if subject != "" || r.Thread == "" || d.foreign.has(thread) {
			return subject, nil
		}
	}
	d.foreign.add(thread)
	return "", nil
}

// pause waits, while the engine serves others.
func pause(ctx context.Context, d time.Duration) error {
	defer bot.Away(ctx)()
	return platform.Sleep(ctx, d) //nolint:wrapcheck // the caller's own
}
