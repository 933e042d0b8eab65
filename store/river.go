package store

import (
	"context"
	"database/sql"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"
)

// config gives River's settings. Without kinds the client only inserts.
func (s *Store) config(kinds map[string]Worker) *river.Config {
	c := &river.Config{Logger: slog.New(riverLog{quiet{s.log.Handler()}, s.state})}
	if len(kinds) == 0 {
		return c
	}
	c.ID = s.process // AdoptDead finds by it what a dead process did
	c.Workers = river.NewWorkers()
	river.AddWorker(c.Workers, &taskWorker{kinds: kinds, seal: s.seal, log: s.log, ids: s.ids, wake: s.wake})
	c.Queues = make(map[string]river.QueueConfig, len(kinds))
	for kind := range kinds {
		c.Queues[kind] = river.QueueConfig{MaxWorkers: jobWorkers}
	}
	c.FetchCooldown, c.FetchPollInterval = jobCooldown, s.poll
	c.JobTimeout, c.RescueStuckJobsAfter = jobTimeout, jobRescue
	c.CompletedJobRetentionPeriod, c.CancelledJobRetentionPeriod, c.DiscardedJobRetentionPeriod = jobKeep, jobKeep, jobKeep
	c.SoftStopTimeout = jobSoftStop
	return c
}

// newQueue gives River's client. Both engines' take part in transactions of
// database/sql.
func (s *Store) newQueue(kinds map[string]Worker) (*river.Client[*sql.Tx], error) {
	return river.NewClient(s.jobsDriver(), s.config(kinds))
}

func (s *Store) jobsDriver() riverdriver.Driver[*sql.Tx] {
	if s.pool == nil {
		return newWoken(s.write.DB, s.wake)
	}
	return riverdatabasesql.NewWithPgxListener(s.write.DB, s.pool)
}

func (s *Store) migrateJobs(ctx context.Context) error {
	m, err := rivermigrate.New(s.jobsDriver(), &rivermigrate.Config{Logger: slog.New(quiet{s.log.Handler()})})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

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
