package store

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Errors of a look at a database that nobody may change.
var (
	// ErrNoDatabase: it is not there yet, or empty.
	ErrNoDatabase = errors.New("the database is not there yet")
	// ErrOlder: it is of an older version of the program.
	ErrOlder = errors.New("the database is of an older version of this program")
)

// asItStands refuses to look at what would have to be changed first.
func (s *Store) asItStands(ctx context.Context) error {
	provider, err := s.migrations()
	if err != nil {
		return err
	}
	if err := s.mayWork(ctx); err != nil {
		return err
	}
	var versions int
	query := `SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`
	if s.pool != nil {
		query = `SELECT count(*) FROM pg_tables WHERE tablename = 'goose_db_version' AND schemaname = current_schema()`
	}
	if err := s.read.QueryRowContext(ctx, query).Scan(&versions); err != nil {
		return fmt.Errorf("look at the schema: %w", s.explainRights(ctx, err))
	}
	if versions == 0 {
		return ErrNoDatabase
	}
	var have int64
	if err := s.read.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&have); err != nil {
		return fmt.Errorf("look at the schema: %w", s.explainRights(ctx, err))
	}
	known := provider.ListSources()
	switch newest := known[len(known)-1].Version; {
	case have < newest:
		return fmt.Errorf("%w: its schema is version %d, this program's %d", ErrOlder, have, newest)
	case have > newest:
		return fmt.Errorf("%w: its schema is version %d, this program knows %d", ErrNewer, have, newest)
	}
	return nil
}

// there tells whether a SQLite file is there to be looked at.
func there(file string) error {
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %s", ErrNoDatabase, file)
	}
	return nil
}
