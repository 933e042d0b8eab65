package store

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5/pgconn"
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
	var versions int
	query := `SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`
	if s.pool != nil {
		query = `SELECT count(*) FROM pg_tables WHERE tablename = 'goose_db_version' AND schemaname = current_schema()`
	}
	if err := s.read.QueryRowContext(ctx, query).Scan(&versions); err != nil {
		return fmt.Errorf("look at the schema: %w", explainRights(err))
	}
	if versions == 0 {
		return errors.Join(ErrNoDatabase, s.mayCreate(ctx))
	}
	var have int64
	if err := s.read.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&have); err != nil {
		return fmt.Errorf("look at the schema: %w", explainRights(err))
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

// mayCreate tells whether the tables could be made.
func (s *Store) mayCreate(ctx context.Context) error {
	if s.pool == nil {
		return nil
	}
	var may bool
	var user, schema string
	err := s.read.QueryRowContext(ctx, `SELECT has_schema_privilege(current_schema(), 'CREATE'), current_user, current_schema()`).Scan(&may, &user, &schema)
	if err != nil || may {
		return err
	}
	return fmt.Errorf("the user %s may not make tables there: GRANT CREATE, USAGE ON SCHEMA %s TO %s", user, schema, user)
}

// insufficientPrivilege is PostgreSQL's code for what a user may not do.
const insufficientPrivilege = "42501"

// explainRights adds to PostgreSQL's refusal what whoever runs the server grants.
func explainRights(err error) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != insufficientPrivilege {
		return err
	}
	return fmt.Errorf("%w: let the owner of the database run: GRANT USAGE, CREATE ON SCHEMA public TO the user of DATABASE_URL; "+
		"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO it; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO it", err)
}

// there tells whether a SQLite file is there to be looked at.
func there(file string) error {
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %s", ErrNoDatabase, file)
	}
	return nil
}
