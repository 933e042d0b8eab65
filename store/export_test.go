package store

import (
	"context"
	"database/sql"
)

// Writer gives the tests the connection that writes, to look into tables and
// to break them on purpose.
func Writer(s *Store) *sql.DB { return s.write }

// Downgrade takes the schema back to an older version.
func Downgrade(ctx context.Context, s *Store, version int64) error {
	provider, err := s.migrations()
	if err == nil {
		_, err = provider.DownTo(ctx, version)
	}
	return err
}

// SchemaVersions gives the numbers of the migrations, the oldest first.
func SchemaVersions(s *Store) ([]int64, error) {
	provider, err := s.migrations()
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, source := range provider.ListSources() {
		out = append(out, source.Version)
	}
	return out, nil
}

// InTx runs f in a transaction of the store's.
func InTx(ctx context.Context, s *Store, f func(tx *sql.Tx) error) error {
	return s.inTx(ctx, func(tx *sql.Tx, _ *sql.Conn) error { return f(tx) })
}
