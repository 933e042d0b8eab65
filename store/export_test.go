package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"time"
)

// Writer gives the tests the connection that writes, to look into tables and
// to break them on purpose.
func Writer(s *Store) *sql.DB { return s.write.DB }

// MakeOld makes a database as an older version of the program left it: fill
// writes into the first schema and River's.
func MakeOld(ctx context.Context, url string, key []byte, version int64, fill func(db *sql.DB, seal func(place, text string) []byte) error) (err error) {
	seal, err := newSealer(key)
	if err != nil {
		return err
	}
	s := &Store{seal: seal, log: slog.New(slog.DiscardHandler), now: time.Now, observe: func(Event) {}, say: func([]InboxEntry) {}, state: func(context.Context, time.Duration, error) {}}
	defer func() { err = errors.Join(err, s.closePools()) }()
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		err = s.openSQLite(ctx, file, "")
	} else {
		err = s.openPostgres(ctx, url)
	}
	if err != nil {
		return err
	}
	provider, err := s.migrations()
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, 1); err != nil {
		return err
	}
	if err := s.migrateJobs(ctx); err != nil {
		return err
	}
	if err := fill(s.write.DB, func(place, text string) []byte { return seal.seal(place, []byte(text)) }); err != nil {
		return err
	}
	if s.SingleProcess() {
		s.write.SetMaxOpenConns(2)
	}
	_, err = provider.UpTo(ctx, version)
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
	return s.inTx(ctx, func(tx *sql.Tx) error { return f(tx) })
}

// BoundCommits makes a store less patient with a commit.
func BoundCommits(s *Store, most time.Duration) { s.batch.bound = most }

// DeathAfter is how long a dead process' name must have been unlocked.
const DeathAfter = deathAfter

// ProcessName is a serving store's name among the processes.
func ProcessName(s *Store) string { return s.process }

// TryCode judges a typed code without linking anybody: like RedeemCode it
// counts the attempt, and a code is right once.
func (s *Store) TryCode(ctx context.Context, r CodeAttempt) (CodeResult, error) {
	var out CodeResult
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var err error
		out, err = s.checkCode(ctx, tx, r)
		return err
	})
	if err != nil {
		return CodeResult{}, err
	}
	return out, nil
}

// LookSeldom makes a store, before Work, look for jobs only when it is told of some.
func LookSeldom(s *Store) { s.poll = time.Hour }
