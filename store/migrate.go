package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// migrations gives the numbered migrations of the engine.
func (s *Store) migrations() (*goose.Provider, error) {
	dialect, folder := goose.DialectSQLite3, "migrations/sqlite"
	if s.pool != nil {
		dialect, folder = goose.DialectPostgres, "migrations/postgres"
	}
	files, err := fs.Sub(migrationFiles, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, s.write.DB, files, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(s.sealing()...))
}

// migrate runs the numbered migrations that are missing, River's included.
func (s *Store) migrate(ctx context.Context) error {
	unlock, err := s.lockMigrations(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	provider, err := s.migrations()
	if err != nil {
		return err
	}
	if s.SingleProcess() { // goose keeps a connection of its own
		s.write.SetMaxOpenConns(2)
		defer s.write.SetMaxOpenConns(1)
	}
	err = s.migrateBeside(ctx, func(ctx context.Context) error {
		_, err := provider.Up(ctx)
		return err
	})
	if err != nil {
		return err
	}
	have, known, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > known {
		return fmt.Errorf("%w: its schema is version %d, this program knows %d", ErrNewer, have, known)
	}
	return s.migrateBeside(ctx, s.migrateJobs)
}

// migrateBeside migrates beside others. SQLite has no lock as PostgreSQL's: whoever finds
// that another process did the same step meanwhile begins again after it.
func (s *Store) migrateBeside(ctx context.Context, migrate func(context.Context) error) error {
	if s.pool != nil {
		return migrate(ctx)
	}
	return beside(ctx, func(err error) bool { return !errors.Is(err, ErrWrongKey) }, migrate)
}
