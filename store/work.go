package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/riverqueue/river"
)

// jobWait is the time before a job's next attempt: soon at first, then every
// minute for half an hour, in which a mail server that puts off whom it does
// not know (greylisting) takes a code before it is too old, then every half an
// hour.
func jobWait(attempt int) time.Duration {
	switch {
	case attempt <= 6:
		return time.Second << (attempt - 1)
	case attempt <= 36:
		return time.Minute
	}
	return 30 * time.Minute
}

// workers is River's client that does jobs; nil until Work.
type workers struct {
	mu      sync.Mutex
	queue   *river.Client[*sql.Tx]
	endLook context.CancelFunc // waits until nobody looks for jobs any more
}

// Work starts doing jobs of the given kinds, in this process and beside
// others on PostgreSQL, until StopWork. It is called once, by the one process
// that serves a SQLite file. What a killed process left running begins anew:
// on SQLite at once, on PostgreSQL with AdoptDead.
func (s *Store) Work(ctx context.Context, kinds map[string]Worker) error {
	s.workers.mu.Lock()
	defer s.workers.mu.Unlock()
	if s.workers.queue != nil {
		return errors.New("start jobs: they were started before")
	}
	if s.pool == nil {
		// This process owns the file: what is marked as running was left by a crash.
		if _, err := s.write.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'"); err != nil {
			return fmt.Errorf("take up jobs: %w", err)
		}
		// A command that was typed has no name, and may run beside this one.
		if _, err := s.write.ExecContext(ctx, `UPDATE leases SET holder = '', free_at = 0 WHERE holder NOT LIKE ' %' AND substr(holder, 1, length($1)) <> $1`, s.process); err != nil {
			return fmt.Errorf("free leases: %w", err)
		}
	}
	if _, err := s.write.ExecContext(ctx, s.reclaimQuery()); err != nil {
		return fmt.Errorf("take up jobs: %w", err)
	}
	queue, err := s.newQueue(kinds)
	if err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	if err := queue.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	s.workers.queue, s.workers.endLook = queue, func() {}
	if s.SingleProcess() {
		looking, end := context.WithCancel(context.WithoutCancel(ctx))
		var look sync.WaitGroup
		look.Go(func() { s.lookForJobs(looking) })
		s.workers.endLook = func() { end(); look.Wait() }
	}
	return nil
}

// reclaimQuery brings jobs into the present that a clock wrote which was
// ahead: nobody would do them before that time has come.
func (s *Store) reclaimQuery() string {
	if s.pool == nil {
		// River keeps times as text in UTC; julianday counts days.
		return `UPDATE river_job SET created_at = CURRENT_TIMESTAMP,
			scheduled_at = strftime('%Y-%m-%d %H:%M:%f', julianday(scheduled_at) - julianday(created_at) + julianday('now'))
			WHERE state IN ('available', 'scheduled', 'retryable') AND julianday(created_at) > julianday('now', '+1 minute')`
	}
	return `UPDATE river_job SET created_at = now(), scheduled_at = scheduled_at - created_at + now()
		WHERE state IN ('available', 'scheduled', 'retryable') AND created_at > now() + interval '1 minute'`
}

// StopWork takes no more jobs and lets those that run finish, as long as ctx
// allows. Without Work there is nothing to stop.
func (s *Store) StopWork(ctx context.Context) error {
	s.workers.mu.Lock()
	defer s.workers.mu.Unlock()
	if s.workers.queue == nil {
		return nil
	}
	s.workers.endLook()
	if err := s.workers.queue.Stop(ctx); err != nil {
		return fmt.Errorf("stop jobs: %w", err)
	}
	return nil
}

// taskWorker opens a job and hands it to the worker of its kind.
type taskWorker struct {
	river.WorkerDefaults[task]
	kinds map[string]Worker
	seal  *sealer
	log   *slog.Logger
	ids   IDs
	wake  *wake
}

// Work is River's call for one attempt.
func (w *taskWorker) Work(ctx context.Context, job *river.Job[task]) error {
	payload, err := w.seal.open("job "+job.Args.Kind_, job.Args.Sealed)
	if err != nil {
		return river.JobCancel(err)
	}
	do := w.kinds[job.Args.Kind_]
	if do == nil {
		return river.JobCancel(fmt.Errorf("no worker for %q", job.Args.Kind_))
	}
	ctx = context.WithValue(w.ids.With(ctx, job.Args.ID), lastTryMark{}, job.Attempt >= job.MaxAttempts)
	err = attempt(ctx, do, payload)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrJobCancel):
		w.log.ErrorContext(ctx, "a job was given up", "kind", job.Args.Kind_, "error", err)
		return river.JobCancel(ErrJobCancel)
	case job.Attempt >= job.MaxAttempts:
		w.log.ErrorContext(ctx, "a job was given up after its last attempt", "kind", job.Args.Kind_, "attempt", job.Attempt, "error", err)
	case errors.Is(err, ErrJobWaits):
		w.log.DebugContext(ctx, "a job waits", "kind", job.Args.Kind_, "attempt", job.Attempt, "error", err)
	default:
		w.log.WarnContext(ctx, "a job will be tried again", "kind", job.Args.Kind_, "attempt", job.Attempt, "error", err)
	}
	return errors.New("see the log of this time") // River keeps this text in the database
}

// attempt catches a panic: River would keep its words, which may hold a part
// of the payload, in the log and in the database. Only where it happened is
// told.
func attempt(ctx context.Context, do Worker, payload []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the worker panicked with a %T at %s", p, panicPlace())
		}
	}()
	return do(ctx, payload)
}

// panicPlace names the line that panicked: the first after the runtime's own.
func panicPlace() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}

// NextRetry is River's question when to try again.
func (w *taskWorker) NextRetry(job *river.Job[task]) time.Time {
	wait := jobWait(job.Attempt)
	w.wake.later(job.Queue, wait)
	return time.Now().Add(wait)
}
