package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// PostgreSQL's codes for what a role may not do
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).
const (
	stateNoRight  = "42501"
	stateNoLogin  = "28000"
	stateNoSchema = "3F000" // none in which it may look
)

// role is what a user of PostgreSQL may do with the database.
type role struct {
	user, schema  string
	usage, create bool // of the schema
	made          bool // the program's tables are there
	readOnly      bool // the server takes no writes, as a standby
	tables        int  // of the program's, that it may not read and write
	sequences     int  // that it may not count on
}

// roleQuery looks at the tables of whoever made the schema: others may stand
// beside them.
const roleQuery = `SELECT current_user, coalesce(current_schema(), 'public'), current_schema() IS NOT NULL,
	coalesce(has_schema_privilege(current_schema(), 'CREATE'), false), current_setting('transaction_read_only') = 'on',
	count(mine) > 0,
	count(*) FILTER (WHERE c.relkind = 'r' AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
		AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))),
	count(*) FILTER (WHERE c.relkind = 'S' AND NOT has_sequence_privilege(c.oid, 'USAGE'))
	FROM (SELECT relowner, relnamespace FROM pg_class WHERE relname = 'goose_db_version' AND relnamespace = to_regnamespace(quote_ident(current_schema()))) mine
	LEFT JOIN pg_class c ON c.relowner = mine.relowner AND c.relnamespace = mine.relnamespace`

// mayWork tells what the user of DATABASE_URL lacks, with the statements that
// give it.
func (s *Store) mayWork(ctx context.Context) error {
	if s.pool == nil {
		return nil
	}
	var r role
	err := s.read.QueryRowContext(ctx, roleQuery).Scan(&r.user, &r.schema, &r.usage, &r.create, &r.readOnly, &r.made, &r.tables, &r.sequences)
	if err != nil {
		return fmt.Errorf("look at the rights of the user of DATABASE_URL: %w", err)
	}
	return r.lacks()
}

func (r role) lacks() error {
	user, schema := pgx.Identifier{r.user}.Sanitize(), pgx.Identifier{r.schema}.Sanitize()
	var grants []string
	if !r.usage || !r.create && !r.made {
		grants = append(grants, fmt.Sprintf("GRANT USAGE, CREATE ON SCHEMA %s TO %s", schema, user))
	}
	if r.tables > 0 || r.sequences > 0 {
		grants = append(grants, fmt.Sprintf("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO %s", schema, user),
			fmt.Sprintf("GRANT USAGE ON ALL SEQUENCES IN SCHEMA %s TO %s", schema, user))
	}
	switch {
	case r.readOnly:
		return errors.New("PostgreSQL takes no writes here, as a standby does: name the primary in DATABASE_URL")
	case len(grants) > 0:
		return fmt.Errorf("the user %s of DATABASE_URL may not do what the bot needs; let the owner of the database run: %s", r.user, strings.Join(grants, "; "))
	}
	return nil
}

// explainRights says beside PostgreSQL's refusal what whoever runs the server
// grants.
func (s *Store) explainRights(ctx context.Context, err error) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != stateNoRight && refused.Code != stateNoSchema {
		return err
	}
	if lacks := s.mayWork(ctx); lacks != nil {
		return fmt.Errorf("%w: %w", err, lacks)
	}
	return err
}

// letIn gives the statement that lets a role in whom PostgreSQL refuses; empty:
// no statement does.
func letIn(err error, to *pgx.ConnConfig) string {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return ""
	}
	user := pgx.Identifier{to.User}.Sanitize()
	switch {
	case refused.Code == stateNoRight && strings.Contains(refused.Detail, "CONNECT"):
		return fmt.Sprintf("GRANT CONNECT ON DATABASE %s TO %s", pgx.Identifier{to.Database}.Sanitize(), user)
	case refused.Code == stateNoLogin && strings.Contains(refused.Message, "not permitted to log in"):
		return fmt.Sprintf("ALTER ROLE %s LOGIN", user)
	}
	return ""
}
