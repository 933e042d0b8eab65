package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// keepFakes is how long false links are remembered.
const keepFakes = 7 * 24 * time.Hour

// Fake is a false link that somebody showed to the bot.
type Fake struct {
	Account Account
	NIP     string // empty: the account is not linked
	Host    string // where the link leads; no path, which may be a key
	Now     time.Time
}

// FakeCount tells how far a false link has spread.
type FakeCount struct {
	New    bool // this account did not show this host within a day
	InHour int  // accounts that showed the host within the hour, this one included
	ByOne  int  // hosts that this account showed within the hour, this one included
}

// NoteFake counts a false link, writes it into the audit trail, and adds the
// jobs that tell of it, in one transaction.
func (s *Store) NoteFake(ctx context.Context, f Fake, jobs func(FakeCount) []Job) (FakeCount, error) {
	var n FakeCount
	reporter := s.seal.blindIndex("reporter", f.Account.Platform+":"+f.Account.ID)
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockKeys(ctx, tx, "fake "+f.Host); err != nil {
			return err
		}
		count := func(query string, args ...any) (out int, err error) {
			if err = tx.QueryRowContext(ctx, query, args...).Scan(&out); err != nil {
				return 0, fmt.Errorf("count false links: %w", err)
			}
			return out, nil
		}
		day, hour := ms(f.Now.Add(-24*time.Hour)), ms(f.Now.Add(-time.Hour))
		before, err := count(`SELECT count(*) FROM fake_links WHERE host = $1 AND reporter = $2 AND at > $3`, f.Host, reporter, day)
		if err != nil {
			return err
		}
		n.New = before == 0
		if n.New {
			if _, err := tx.ExecContext(ctx, `INSERT INTO fake_links (host, reporter, at) VALUES ($1, $2, $3)`, f.Host, reporter, ms(f.Now)); err != nil {
				return fmt.Errorf("note a false link: %w", err)
			}
		}
		if n.InHour, err = count(`SELECT count(DISTINCT reporter) FROM fake_links WHERE host = $1 AND at > $2`, f.Host, hour); err != nil {
			return err
		}
		if n.ByOne, err = count(`SELECT count(DISTINCT host) FROM fake_links WHERE reporter = $1 AND at > $2`, reporter, hour); err != nil {
			return err
		}
		if err := s.auditTx(ctx, tx, Event{At: f.Now, Account: f.Account, NIP: f.NIP, Action: "guard", Outcome: "fake", Detail: f.Host}); err != nil {
			return err
		}
		return s.enqueueTx(ctx, tx, jobs(n))
	})
	return n, err
}
