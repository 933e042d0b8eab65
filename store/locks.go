package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// accountLocks keeps one account's answers in one process at a time. All
// advisory locks of this process live on one connection: one for each lock
// would use up the server's connections on a busy morning. PostgreSQL frees
// them when the process or the connection dies.
type accountLocks struct {
	config *pgx.ConnConfig
	log    *slog.Logger
	greet  func(ctx context.Context, conn *pgx.Conn) error // what is first done on a new connection

	turn chan struct{} // has room for the one who uses the connection
	conn *pgx.Conn     // nil: none yet

	heldMu sync.Mutex
	held   map[string]chan struct{} // by this process; closed when given back
}

const (
	lockPatience = 10 * time.Second       // for one statement on the locks' connection
	lockPause    = 5 * time.Millisecond   // until the second try for a lock that another process has
	lockPauseMax = 100 * time.Millisecond // it doubles up to this
)

func newAccountLocks(config *pgx.ConnConfig, log *slog.Logger, greet func(context.Context, *pgx.Conn) error) *accountLocks {
	return &accountLocks{config: config, log: log, greet: greet, turn: make(chan struct{}, 1), held: make(map[string]chan struct{})}
}

// LockAccount waits until no other process answers the account. On SQLite
// there is no other. What AckInbox was told before unlock is committed when
// unlock returns, so that whoever locks next sees it.
func (s *Store) LockAccount(ctx context.Context, account string) (unlock func(), err error) {
	if s.locks == nil {
		return func() {}, nil
	}
	if err := s.locks.lock(ctx, account); err != nil {
		return nil, fmt.Errorf("lock account: %w", err)
	}
	return sync.OnceFunc(func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockPatience)
		defer cancel()
		if err := s.batch.flush(bounded); err != nil {
			s.log.Warn("what was queued could not be written before a lock was given back", "error", err)
		}
		s.locks.unlock(account)
	}), nil
}

func (l *accountLocks) lock(ctx context.Context, account string) error {
	if err := l.lockHere(ctx, account); err != nil {
		return err
	}
	for pause := lockPause; ; pause = min(2*pause, lockPauseMax) {
		got, err := l.ask(ctx, "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", account)
		if err == nil && got {
			return nil
		}
		if err == nil {
			err = sleep(ctx, pause)
		}
		if err != nil {
			l.unlockHere(account)
			return err
		}
	}
}

// lockHere waits for this process' own work on the account: for PostgreSQL
// the connection has the lock already.
func (l *accountLocks) lockHere(ctx context.Context, account string) error {
	for {
		l.heldMu.Lock()
		busy, ok := l.held[account]
		if !ok {
			l.held[account] = make(chan struct{})
			l.heldMu.Unlock()
			return nil
		}
		l.heldMu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *accountLocks) unlockHere(account string) {
	l.heldMu.Lock()
	defer l.heldMu.Unlock()
	close(l.held[account])
	delete(l.held, account)
}

func (l *accountLocks) unlock(account string) {
	defer l.unlockHere(account)
	ctx, cancel := context.WithTimeout(context.Background(), 2*lockPatience)
	defer cancel()
	held, err := l.ask(ctx, "SELECT pg_advisory_unlock(hashtextextended($1, 0))", account)
	if err != nil || !held {
		l.log.Warn("an account's lock was lost while it was held: the connection broke", "error", err)
	}
}

// ask runs one statement about a lock.
func (l *accountLocks) ask(ctx context.Context, query, account string) (answer bool, err error) {
	err = l.use(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query, account).Scan(&answer)
	})
	return answer, err
}

// use does something on the locks' connection. It does not end with ctx, which
// would close the connection and free everybody's locks; a broken connection
// is replaced once.
func (l *accountLocks) use(ctx context.Context, do func(ctx context.Context, conn *pgx.Conn) error) (err error) {
	select { // where the network is silent, those in front wait long
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockPatience)
	defer cancel()
	fresh := l.conn == nil
	for {
		if l.conn == nil {
			if l.conn, err = l.connect(ctx); err != nil {
				return err
			}
		}
		err = do(ctx, l.conn)
		if err == nil || !l.conn.IsClosed() || fresh {
			return err
		}
		l.conn, fresh = nil, true
	}
}

func (l *accountLocks) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, l.config)
	if err != nil {
		return nil, err
	}
	if err := l.greet(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

func (l *accountLocks) close() error {
	l.turn <- struct{}{} // for lockPatience at most
	defer func() { <-l.turn }()
	if l.conn == nil {
		return nil
	}
	conn := l.conn
	l.conn = nil
	ctx, cancel := context.WithTimeout(context.Background(), lockPatience)
	defer cancel()
	if err := conn.Close(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("close locks: %w", err)
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
