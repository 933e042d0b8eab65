package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"
)

// ErrJobCancel ends a job for good when a worker wraps it: trying again is no use.
var ErrJobCancel = errors.New("the job is given up")

// ErrJobWaits says, when a worker joins it to an error, that the job waits for
// something whose state is told of elsewhere: the log has a line already.
var ErrJobWaits = errors.New("the job waits")

type lastTryMark struct{}

// LastTry tells whether a job that fails now is given up.
func LastTry(ctx context.Context) bool {
	last, _ := ctx.Value(lastTryMark{}).(bool)
	return last
}

// Worker does a job. An error brings the job back later, unless it wraps
// ErrJobCancel.
type Worker func(ctx context.Context, payload []byte) error

const (
	jobWorkers  = 8                // of one kind at the same time
	jobTimeout  = time.Minute      // of one attempt
	jobRescue   = 10 * time.Minute // PostgreSQL: a job that was left and that AdoptDead does not see, an older version's, is done again after this
	jobLook     = 5 * time.Second  // for what nobody told of: on SQLite another process' jobs, on PostgreSQL those of a broken connection
	jobPoll     = time.Minute      // SQLite: River's own look for each kind, beside that
	jobCooldown = 50 * time.Millisecond
	jobKeep     = time.Hour // finished jobs are kept this long
	jobAttempts = 84        // with the waits of jobWait a day
	jobSoftStop = 8 * time.Second
)

// task is the one form of job that River sees: which kind, and a payload that
// is sealed because it may hold a code or an address.
type task struct {
	Kind_  string `json:"kind" river:"unique"` // Kind is River's method
	Key    string `json:"key" river:"unique"`
	Sealed []byte `json:"sealed"`
	ID     string `json:"id,omitempty"` // under which it is done
}

// Kind is River's name for this form.
func (task) Kind() string { return "task" }

// insertParams seals jobs for River.
func (s *Store) insertParams(ctx context.Context, jobs []Job) []river.InsertManyParams {
	params := make([]river.InsertManyParams, 0, len(jobs))
	for _, j := range jobs {
		opts := &river.InsertOpts{Queue: j.Kind, ScheduledAt: j.RunAt, MaxAttempts: jobAttempts}
		if j.Key != "" {
			opts.UniqueOpts = uniqueWhileOpen()
		}
		params = append(params, river.InsertManyParams{
			Args: task{Kind_: j.Kind, Key: s.jobKey(j), Sealed: s.seal.seal("job "+j.Kind, j.Payload), ID: s.ids.Of(ctx)}, InsertOpts: opts,
		})
	}
	return params
}

// jobKey gives the key as River sees it: it may name an employee.
func (s *Store) jobKey(j Job) string {
	if j.Key == "" {
		return ""
	}
	return hex.EncodeToString(s.seal.blindIndex("job "+j.Kind, j.Key))
}

// enqueueTx adds jobs to a transaction.
func (s *Store) enqueueTx(ctx context.Context, tx *sql.Tx, jobs []Job) error {
	var words []Words
	jobs = slices.DeleteFunc(slices.Clone(jobs), func(j Job) bool {
		if j.Say != nil {
			words = append(words, *j.Say)
		}
		return j.Say != nil
	})
	if err := s.sayTx(ctx, tx, words); err != nil || len(jobs) == 0 {
		return err
	}
	if _, err := s.queue.InsertManyTx(ctx, tx, s.insertParams(ctx, jobs)); err != nil {
		return fmt.Errorf("enqueue jobs: %w", err)
	}
	s.uncommitted.add(tx, func(e *effects) { e.jobs = append(e.jobs, jobs...) })
	return nil
}

// Enqueue adds jobs. It returns when they are stored.
func (s *Store) Enqueue(ctx context.Context, jobs ...Job) error {
	return s.inTx(ctx, func(tx *sql.Tx) error { return s.enqueueTx(ctx, tx, jobs) })
}
