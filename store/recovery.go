package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// keepWaits is how long somebody is told that BSrE answers again.
const keepWaits = 3 * 24 * time.Hour

// RecoveryWait is somebody who wants to be told when BSrE answers again.
type RecoveryWait struct {
	Account  Account
	What     string // the command that could not be done
	Language string // in which they asked
	Press    string // the update that asked for it
	Asked    time.Time
}

// AwaitRecovery notes that an account waits. It waits once: for what it asked
// last.
func (s *Store) AwaitRecovery(ctx context.Context, w RecoveryWait) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO recovery_waits (platform, account, what, language, press, asked) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (platform, account) DO UPDATE SET what = excluded.what, language = excluded.language, press = excluded.press, asked = excluded.asked`,
		w.Account.Platform, w.Account.ID, w.What, w.Language, w.Press, ms(w.Asked))
	if err != nil {
		return fmt.Errorf("note who waits: %w", err)
	}
	return nil
}

// RecoveryWaits gives at most limit accounts that wait for a command, those
// first that have waited longest.
func (s *Store) RecoveryWaits(ctx context.Context, what string, limit int) ([]RecoveryWait, error) {
	scan := func(row scanner) (RecoveryWait, error) {
		var w RecoveryWait
		var asked int64
		err := row.Scan(&w.Account.Platform, &w.Account.ID, &w.What, &w.Language, &w.Press, &asked)
		w.Asked = fromMS(asked)
		return w, err
	}
	return readAll(ctx, s, "read who waits", scan,
		`SELECT platform, account, what, language, press, asked FROM recovery_waits WHERE what = $1 ORDER BY asked, platform, account LIMIT $2`, what, limit)
}

// EndRecoveryWait takes a wait away and does the jobs that go with it, in one
// transaction. When it is there no more, or was asked for anew, it does nothing
// and gives false: somebody else has told, or there is another wait.
func (s *Store) EndRecoveryWait(ctx context.Context, w RecoveryWait, jobs ...Job) (bool, error) {
	var ended bool
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		ended = false
		res, err := tx.ExecContext(ctx, `DELETE FROM recovery_waits WHERE platform = $1 AND account = $2 AND press = $3`, w.Account.Platform, w.Account.ID, w.Press)
		if err != nil {
			return fmt.Errorf("end a wait: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return err //nolint:wrapcheck // impossible with these drivers
		}
		ended = true
		return s.enqueueTx(ctx, tx, jobs)
	})
	return ended && err == nil, err
}

// ForgetRecoveryWait takes an account's wait away, if it has one.
func (s *Store) ForgetRecoveryWait(ctx context.Context, a Account) error {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM recovery_waits WHERE platform = $1 AND account = $2`, a.Platform, a.ID); err != nil {
		return fmt.Errorf("forget a wait: %w", err)
	}
	return nil
}
