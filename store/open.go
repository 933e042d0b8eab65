package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

//go:embed migrations
var migrationFiles embed.FS

// Options are what Open needs beside the address.
type Options struct {
	Key    []byte // DATA_KEY, 32 bytes
	Logger *slog.Logger
	Now    func() time.Time // nil: time.Now
	Serve  bool             // this process does the jobs; on SQLite it is the only one
	Look   bool             // nothing is changed: ErrNoDatabase, ErrOlder when something would have to be
	Mounts string           // the system's list of mounts; empty: Linux's own

	// Observe is told of each line of the audit trail that was written, to
	// count it; nil: nobody is.
	Observe func(Event)

	// State is told whether the database answers, again and again, and after how
	// long: nil when it does; nobody is when it is nil.
	State func(ctx context.Context, took time.Duration, err error)

	IDs IDs // under which things are done; zero: none is kept
}

// IDs carry the id under which something is done through contexts: from an
// update into the audit trail, and through jobs.
type IDs struct {
	Of   func(ctx context.Context) string // empty: none
	With func(ctx context.Context, id string) context.Context
}

func (i IDs) filled() IDs {
	if i.Of == nil || i.With == nil {
		return IDs{func(context.Context) string { return "" }, func(ctx context.Context, _ string) context.Context { return ctx }}
	}
	return i
}

// ErrNewer says that a newer version of the program has changed the database.
var ErrNewer = errors.New("the database was changed by a newer version of this program; start that one")

// Store is the database. Its methods may be called at the same time.
type Store struct {
	write  wire // SQLite: one connection, so that writers queue instead of failing
	read   wire
	pool   *pgxpool.Pool // PostgreSQL only
	locks  *accountLocks // PostgreSQL only
	file   string        // SQLite only
	clear  string        // a warning of what goes over the network in clear
	serve  bool
	look   bool
	served *flock.Flock // SQLite only; nil: this process does not serve

	process string  // this process' name among those that serve, new at each start; empty: it does not serve
	missing missing // PostgreSQL only
	seal    *sealer
	log     *slog.Logger
	now     func() time.Time

	observe     func(Event)
	say         func([]InboxEntry)
	uncommitted uncommitted
	ids         IDs
	state       func(ctx context.Context, took time.Duration, err error)

	session, certificate, disturbing, linked *sql.Stmt // what most answers read

	arrival arrival
	batch   *batcher
	poll    time.Duration // between two looks for jobs that nobody told of
	wake    *wake
	queue   *river.Client[*sql.Tx] // takes jobs
	workers workers                // do them
}

// Open connects to "sqlite:FILE" or "postgres://…", brings the schema up to
// date and checks the key. It gives ErrWrongKey when the database was made
// with another key, ErrNewer when a newer program has changed it, and
// ErrServed when it is a SQLite file, is to be served, and is already.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	seal, err := newSealer(o.Key)
	if err != nil {
		return nil, err
	}
	s := &Store{seal: seal, serve: o.Serve, look: o.Look, log: o.Logger, now: o.Now, observe: o.Observe, say: func([]InboxEntry) {}, ids: o.IDs.filled(), state: o.State}
	if s.serve {
		s.process = rand.Text()
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.state == nil {
		s.state = func(context.Context, time.Duration, error) {}
	}
	if s.observe == nil {
		s.observe = func(Event) {}
	}
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		err = s.openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"), o.Mounts)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		err = s.openPostgres(ctx, url)
	default:
		return nil, errors.New("DATABASE_URL: want sqlite:FILE or postgres://…")
	}
	if err == nil {
		err = s.prepare(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.closePools())
	}
	return s, nil
}

// prepare brings the open database into use.
func (s *Store) prepare(ctx context.Context) error {
	if s.look {
		if err := s.asItStands(ctx); err != nil {
			return err
		}
	} else if err := s.migrate(ctx); err != nil {
		return fmt.Errorf("migrate database: %w", s.explainRights(ctx, err))
	}
	if s.serve { // else it would find out with the first person
		if err := s.mayWork(ctx); err != nil {
			return err
		}
	}
	if err := s.checkKey(ctx); err != nil {
		return err
	}
	if err := s.enter(ctx); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	if err := s.prepareReads(ctx); err != nil {
		return err
	}
	var err error
	if s.batch, err = newBatcher(ctx, s); err != nil {
		return err
	}
	if s.queue, err = s.newQueue(nil); err != nil {
		return fmt.Errorf("prepare jobs: %w", err)
	}
	return nil
}

// canary is sealed once, and shows later whether the key is the same.
const canary = "canary"

func (s *Store) checkKey(ctx context.Context) error {
	_, err := s.KV(ctx, canary)
	if errors.Is(err, ErrWrongKey) {
		return ErrWrongKey // without the canary's name, which tells nobody anything
	}
	if !errors.Is(err, ErrNotFound) || s.look {
		return ignoreNotFound(err)
	}
	// When two processes begin at once, the first one's stands for both.
	_, err = s.write.ExecContext(ctx, `INSERT INTO kv (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`, canary, s.seal.seal(kvPlace(canary), []byte(canary)))
	if err != nil {
		return fmt.Errorf("keep the canary: %w", err)
	}
	_, err = s.KV(ctx, canary)
	return err
}

// prepareReads prepares what most answers read.
func (s *Store) prepareReads(ctx context.Context) error {
	for _, p := range []struct {
		stmt  **sql.Stmt
		query string
	}{{&s.session, sessionQuery}, {&s.certificate, certificateQuery}, {&s.disturbing, disturbancesQuery}, {&s.linked, linkedQuery}} {
		var err error
		if *p.stmt, err = s.read.PrepareContext(ctx, p.query); err != nil { //nolint:sqlclosecheck // Close closes them
			return fmt.Errorf("prepare query: %w", err)
		}
	}
	return nil
}

// Key derives 32 bytes from DATA_KEY for a purpose outside the database, such
// as signing buttons.
func (s *Store) Key(purpose string) []byte { return s.seal.derive("key " + purpose) }

// SingleProcess tells whether this database belongs to one process (SQLite).
func (s *Store) SingleProcess() bool { return s.pool == nil }

// Warning tells what goes over the network in clear; empty: nothing.
func (s *Store) Warning() string { return s.clear }

// Place names the database for people, without a password: the file, or
// PostgreSQL.
func (s *Store) Place() string { return cmp.Or(s.file, "PostgreSQL") }

// Close writes what is still queued and closes the database. Where that takes
// longer than ctx allows, it gives an error, and goes on by itself: what it
// waits for has bounds of its own.
func (s *Store) Close(ctx context.Context) error {
	closed := make(chan error, 1)
	go func() { closed <- s.close() }()
	select {
	case err := <-closed:
		return err
	case <-ctx.Done():
		return fmt.Errorf("close the database: what was queued may not be written: %w", ctx.Err())
	}
}

func (s *Store) close() error {
	s.batch.close()
	return errors.Join(s.session.Close(), s.certificate.Close(), s.disturbing.Close(), s.linked.Close(), s.closePools())
}

func (s *Store) closePools() error {
	var errs []error
	if s.locks != nil {
		errs = append(errs, s.locks.close())
	}
	if s.read.DB != nil && s.read.DB != s.write.DB {
		errs = append(errs, s.read.Close())
	}
	if s.write.DB != nil {
		errs = append(errs, s.write.Close())
	}
	if s.pool != nil {
		s.pool.Close()
	}
	if s.served != nil {
		errs = append(errs, s.served.Close())
	}
	return errors.Join(errs...)
}

// ms and fromMS turn times into the database's unix milliseconds and back;
// the zero time is 0.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMS(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n)
}
