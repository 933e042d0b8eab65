package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// jobQueue is River's client for either engine.
type jobQueue interface {
	insert(ctx context.Context, tx *sql.Tx, conn *sql.Conn, jobs []river.InsertManyParams) error
	start(ctx context.Context) error
	stop(ctx context.Context) error
}

// config gives River's settings. Without kinds the client only inserts.
func (s *Store) config(kinds map[string]Worker) *river.Config {
	c := &river.Config{Logger: slog.New(riverLog{quiet{s.log.Handler()}, s.state})}
	if len(kinds) == 0 {
		return c
	}
	c.ID = s.process // TakeOver finds by it what a dead process did
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

func (s *Store) newQueue(kinds map[string]Worker) (jobQueue, error) {
	if s.pool == nil {
		client, err := river.NewClient(newWoken(s.write.DB, s.wake), s.config(kinds))
		return sqliteQueue{client}, err
	}
	client, err := river.NewClient(riverpgxv5.New(s.pool), s.config(kinds))
	return postgresQueue{client}, err
}

func (s *Store) migrateJobs(ctx context.Context) error {
	log := &rivermigrate.Config{Logger: slog.New(quiet{s.log.Handler()})}
	if s.pool == nil {
		m, err := rivermigrate.New(riversqlite.New(s.write.DB), log)
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
