package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"sync"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// wake tells River of jobs that this process has written into SQLite, as soon
// as they are committed. River would look twenty times a second else, which is
// most of what an idle bot costs. What another process writes is found by
// River's own look.
type wake struct {
	mu     sync.Mutex
	queues map[string]bool // that have new jobs
	ready  chan struct{}   // has something when queues may have
}

func newWake() *wake { return &wake{queues: make(map[string]bool), ready: make(chan struct{}, 1)} }

// call tells of jobs in a queue.
func (w *wake) call(queue string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queues[queue] = true
	select {
	case w.ready <- struct{}{}:
	default:
	}
}

// wakeMost is how far ahead a job's time is waited for; what comes later is
// found by River's look.
const (
	wakeMost  = 2 * time.Minute
	wakeSlack = 20 * time.Millisecond
)

// later tells of a job whose time comes. Without a wake, on PostgreSQL, River
// hears of it from there.
func (w *wake) later(queue string, wait time.Duration) {
	switch {
	case w == nil || wait > wakeMost:
	case wait <= 0:
		w.call(queue)
	default: // a moment later, for the database's clock counts milliseconds
		time.AfterFunc(wait+wakeSlack, func() { w.call(queue) })
	}
}

// insertTopic is what River's clients listen to for new jobs.
const insertTopic = "river_insert"

// next gives what River is to be told of, or nil.
func (w *wake) next() (*riverdriver.Notification, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for queue := range w.queues {
		delete(w.queues, queue)
		payload, err := json.Marshal(map[string]string{"queue": queue})
		return &riverdriver.Notification{Topic: insertTopic, Payload: string(payload)}, err
	}
	return nil, nil //nolint:nilnil // nothing to tell is no error
}

// WaitForNotification is River's question what is new.
func (w *wake) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	for {
		if n, err := w.next(); n != nil || err != nil {
			return n, err
		}
		select {
		case <-w.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Connect, Close, Listen, Unlisten and Ping have nothing to do within a process.
func (w *wake) Connect(context.Context) error { return nil }

// Close is like Connect.
func (w *wake) Close(context.Context) error { return nil }

// Listen is like Connect.
func (w *wake) Listen(context.Context, string) error { return nil }

// Unlisten is like Connect.
func (w *wake) Unlisten(context.Context, string) error { return nil }

// Ping is like Connect.
func (w *wake) Ping(context.Context) error { return nil }

// Schema is empty, as SQLite has none.
func (w *wake) Schema() string { return "" }

// SetAfterConnectExec is for River's own tests.
func (w *wake) SetAfterConnectExec(string) {}

// woken is River's driver for SQLite with the wake in the place of a table of
// notifications.
type woken struct {
	*riversqlite.Driver
	wake *wake
}

func newWoken(db *sql.DB, w *wake) woken { return woken{riversqlite.New(db), w} }

// GetListener gives the wake.
func (d woken) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener { return d.wake }

// SupportsListenNotify keeps River from writing notifications.
func (d woken) SupportsListenNotify() bool { return false }
