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

// wake tells River of jobs whose time has come. On SQLite it tells also of those
// that were just committed: River would look twenty times a second else, which
// is most of what an idle bot costs. What another process writes is found by a
// look.
type wake struct {
	tell   func(queue string) // PostgreSQL, which tells all processes; nil: SQLite
	mu     sync.Mutex
	queues map[string]bool // that have new jobs
	ready  chan struct{}   // has something when queues may have
}

func newWake() *wake { return &wake{queues: make(map[string]bool), ready: make(chan struct{}, 1)} }

// notify tells all processes on PostgreSQL of jobs in a queue. What goes wrong
// is mended by River's own look.
func (s *Store) notify(queue string) {
	ctx, cancel := context.WithTimeout(context.Background(), commitBound)
	defer cancel()
	_, err := s.write.ExecContext(ctx, `SELECT pg_notify(concat(current_schema(), '.', $1::text), json_build_object('queue', $2::text)::text)`, insertTopic, queue)
	if err != nil {
		s.log.DebugContext(ctx, "nobody could be told of a job", "error", err)
	}
}

// lookForJobs finds the jobs of all kinds on SQLite that another process has
// written, in one look instead of one of River's for each kind, until ctx ends.
func (s *Store) lookForJobs(ctx context.Context) {
	tick := time.NewTicker(jobLook)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		queues, err := s.dueQueues(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "the jobs could not be looked through", "error", err)
		}
		for _, q := range queues {
			s.wake.call(q)
		}
	}
}

// dueQueues gives the queues with jobs whose time has come.
func (s *Store) dueQueues(ctx context.Context) ([]string, error) {
	scan := func(row scanner) (queue string, err error) { return queue, row.Scan(&queue) }
	return readAll(ctx, s, "look for jobs", scan, `SELECT DISTINCT queue FROM river_job WHERE state = 'available' AND scheduled_at <= datetime('now', 'subsec')`)
}

// call tells of jobs in a queue.
func (w *wake) call(queue string) {
	if w.tell != nil {
		w.tell(queue)
		return
	}
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

// later tells of a job whose time comes. Of one that is due PostgreSQL tells by
// itself.
func (w *wake) later(queue string, wait time.Duration) {
	switch {
	case wait > wakeMost, wait <= 0 && w.tell != nil:
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
