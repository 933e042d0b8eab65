package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// ErrJobCancel, wrapped, ends a job for good: trying again is no use.
var ErrJobCancel = errors.New("the job is given up")

// Worker does a job. An error brings the job back later, unless it wraps
// ErrJobCancel.
type Worker func(ctx context.Context, payload []byte) error

const (
	jobWorkers  = 8               // of one kind at the same time
	jobTimeout  = 2 * time.Minute // of one attempt
	jobRescue   = 3 * time.Minute // a job of a dead process is done again after this
	jobPoll     = 150 * time.Millisecond
	jobKeep     = time.Hour // finished jobs are kept this long
	jobAttempts = 40        // with the waits of jobWait about a day
	jobSoftStop = 8 * time.Second
)

// jobWait is the time before a job's next attempt: soon at first, then every
// half an hour.
func jobWait(attempt int) time.Duration {
	return min(time.Second<<min(attempt-1, 20), 30*time.Minute)
}

// task is the one form of job that River sees: which kind, and a payload that
// is sealed because it may hold a code or an address.
type task struct {
	Kind_  string `json:"kind" river:"unique"` //nolint:revive // Kind is River's method
	Key    string `json:"key" river:"unique"`
	Sealed []byte `json:"sealed"`
}

// Kind is River's name for this form.
func (task) Kind() string { return "task" }

// jobQueue is River's client for either engine.
type jobQueue interface {
	insert(ctx context.Context, tx *sql.Tx, conn *sql.Conn, jobs []river.InsertManyParams) error
	start(ctx context.Context) error
	stop(ctx context.Context) error
}

// insertParams seals jobs for River.
func (s *Store) insertParams(jobs []Job) []river.InsertManyParams {
	params := make([]river.InsertManyParams, 0, len(jobs))
	for _, j := range jobs {
		opts := &river.InsertOpts{Queue: j.Kind, ScheduledAt: j.RunAt, MaxAttempts: jobAttempts}
		if j.Key != "" {
			opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
				rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
			}}
		}
		params = append(params, river.InsertManyParams{
			Args: task{Kind_: j.Kind, Key: j.Key, Sealed: s.seal.seal("job "+j.Kind, j.Payload)}, InsertOpts: opts,
		})
	}
	return params
}

// enqueueTx adds jobs to a transaction.
func (s *Store) enqueueTx(ctx context.Context, tx *sql.Tx, conn *sql.Conn, jobs []Job) error {
	if len(jobs) == 0 {
		return nil
	}
	if err := s.queue.insert(ctx, tx, conn, s.insertParams(jobs)); err != nil {
		return fmt.Errorf("enqueue jobs: %w", err)
	}
	return nil
}

// Enqueue adds jobs. It returns when they are stored.
func (s *Store) Enqueue(ctx context.Context, jobs ...Job) error {
	return s.inTx(ctx, func(tx *sql.Tx, conn *sql.Conn) error { return s.enqueueTx(ctx, tx, conn, jobs) })
}

// Work starts doing jobs of the given kinds, in this process and beside
// others on PostgreSQL, until StopWork. It is called once.
func (s *Store) Work(ctx context.Context, kinds map[string]Worker) error {
	if s.pool == nil {
		// This process owns the file: what is marked as running was left by a crash.
		if _, err := s.write.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'"); err != nil {
			return fmt.Errorf("take up jobs: %w", err)
		}
	}
	queue, err := s.newQueue(kinds)
	if err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	s.queue = queue
	if err := queue.start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	return nil
}

// StopWork takes no more jobs and lets those that run finish, as long as ctx
// allows.
func (s *Store) StopWork(ctx context.Context) error {
	if err := s.queue.stop(ctx); err != nil && !errors.Is(err, context.Canceled) {
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
	err = do(ctx, payload)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrJobCancel):
		w.log.Error("a job was given up", "kind", job.Args.Kind_, "error", err)
		return river.JobCancel(ErrJobCancel)
	}
	w.log.Warn("a job will be tried again", "kind", job.Args.Kind_, "attempt", job.Attempt, "error", err)
	return errors.New("see the log of this time") // River keeps this text in the database
}

// NextRetry is River's question when to try again.
func (w *taskWorker) NextRetry(job *river.Job[task]) time.Time {
	return time.Now().Add(jobWait(job.Attempt))
}

// config gives River's settings. Without kinds the client only inserts.
func (s *Store) config(kinds map[string]Worker) *river.Config {
	c := &river.Config{Logger: slog.New(quiet{s.log.Handler()})}
	if len(kinds) == 0 {
		return c
	}
	c.Workers = river.NewWorkers()
	river.AddWorker(c.Workers, &taskWorker{kinds: kinds, seal: s.seal, log: s.log})
	c.Queues = make(map[string]river.QueueConfig, len(kinds))
	for kind := range kinds {
		c.Queues[kind] = river.QueueConfig{MaxWorkers: jobWorkers}
	}
	c.FetchCooldown, c.FetchPollInterval = 50*time.Millisecond, jobPoll
	if s.pool != nil {
		c.FetchPollInterval = time.Second // LISTEN brings new jobs at once
	}
	c.JobTimeout, c.RescueStuckJobsAfter = jobTimeout, jobRescue
	c.CompletedJobRetentionPeriod, c.CancelledJobRetentionPeriod, c.DiscardedJobRetentionPeriod = jobKeep, jobKeep, jobKeep
	c.SoftStopTimeout = jobSoftStop
	return c
}

func (s *Store) newQueue(kinds map[string]Worker) (jobQueue, error) {
	if s.pool == nil {
		client, err := river.NewClient(riversqlite.New(s.write), s.config(kinds))
		return sqliteQueue{client}, err
	}
	client, err := river.NewClient(riverpgxv5.New(s.pool), s.config(kinds))
	return postgresQueue{client}, err
}

func (s *Store) migrateJobs(ctx context.Context) error {
	log := &rivermigrate.Config{Logger: slog.New(quiet{s.log.Handler()})}
	if s.pool == nil {
		m, err := rivermigrate.New(riversqlite.New(s.write), log)
		if err != nil {
			return err
		}
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	}
	m, err := rivermigrate.New(riverpgxv5.New(s.pool), log)
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

type sqliteQueue struct{ client *river.Client[*sql.Tx] }

func (q sqliteQueue) insert(ctx context.Context, tx *sql.Tx, _ *sql.Conn, jobs []river.InsertManyParams) error {
	_, err := q.client.InsertManyTx(ctx, tx, jobs)
	return err
}
func (q sqliteQueue) start(ctx context.Context) error { return q.client.Start(ctx) }
func (q sqliteQueue) stop(ctx context.Context) error  { return q.client.Stop(ctx) }

type postgresQueue struct{ client *river.Client[pgx.Tx] }

func (q postgresQueue) insert(ctx context.Context, _ *sql.Tx, conn *sql.Conn, jobs []river.InsertManyParams) error {
	return conn.Raw(func(raw any) error {
		c, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of type %T", raw)
		}
		_, err := q.client.InsertManyTx(ctx, pgTx{c.Conn()}, jobs)
		return err
	})
}
func (q postgresQueue) start(ctx context.Context) error { return q.client.Start(ctx) }
func (q postgresQueue) stop(ctx context.Context) error  { return q.client.Stop(ctx) }

// quiet lets only warnings and errors of River through.
type quiet struct{ slog.Handler }

// Enabled is slog's question.
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

// WithAttrs keeps the handler quiet.
func (q quiet) WithAttrs(a []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(a)} }

// WithGroup keeps the handler quiet.
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
