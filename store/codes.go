package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Who asked for a code, as it stands in the table.
const (
	byTrusted  = 0
	byStranger = 1
	byReserve  = 2 // a stranger's first for the NIP, beyond what strangers get
)

// CreateCode keeps a one-time code as a keyed hash, together with the job
// that mails it; once for an update, which a crash can bring again. At a limit
// no code is kept. The work is the same whether or not the NIP exists, the
// officers' alarm included.
func (s *Store) CreateCode(ctx context.Context, r CodeRequest) (CodeGrant, error) {
	var out CodeGrant
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockKeys(ctx, tx, "code "+r.Account.Platform+":"+r.Account.ID, "code "+r.NIP); err != nil {
			return err
		}
		if again, err := askedBefore(ctx, tx, r); err != nil || again {
			out = CodeGrant{Verdict: CodeIssued}
			return err
		}
		ask := asking{CodeRequest: r}
		ask.hash, ask.sealed = s.seal.sealNIP("claims", r.NIP)
		if err := s.knowAsker(ctx, tx, &ask); err != nil {
			return err
		}
		var err error
		var by int
		if out, by, err = s.limitAsker(ctx, tx, ask); err != nil {
			return err
		}
		if err := s.auditTx(ctx, tx, Event{At: r.Now, Account: r.Account, NIP: r.NIP, Action: "code", Outcome: string(out.Verdict)}); err != nil {
			return err
		}
		if out.Verdict == CodeIssued {
			return s.keepCode(ctx, tx, ask, by)
		}
		if out.Open, err = openCode(ctx, tx, r.Account, r.Now); err != nil || out.Verdict == CodeAsker {
			return err
		}
		if err := s.noteClaim(ctx, tx, ask, 0); err != nil {
			return err
		}
		return s.alarmTx(ctx, tx, ask.hash, r.Now, map[CodeVerdict]Danger{CodeNIP: DangerMany, CodeLocked: DangerLocked}[out.Verdict], r.Alarm)
	})
	if err != nil {
		return CodeGrant{}, err
	}
	return out, nil
}

// askedBefore tells whether this very update was given its code: the mail is
// on its way or read already, and a new one would make it worthless.
func askedBefore(ctx context.Context, tx *sql.Tx, r CodeRequest) (bool, error) {
	if r.Update == "" {
		return false, nil
	}
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM codes WHERE platform = $1 AND account = $2 AND asked_by = $3`, r.Account.Platform, r.Account.ID, r.Update).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for the update's code: %w", err)
	}
	return n > 0, nil
}

// asking is a request with what is known of who asks.
type asking struct {
	CodeRequest
	hash, sealed []byte // the NIP's
	trusted      bool
	hadOne       bool // got a code for the NIP before
	freed        int64
	guard        guard
}

// limitAsker looks at the limits, the asker's own first.
func (s *Store) limitAsker(ctx context.Context, tx *sql.Tx, r asking) (CodeGrant, int, error) {
	ahead := ms(r.Now.Add(clockSkew))
	for _, rate := range r.Limits.Asker {
		since := max(ms(r.Now.Add(-rate.Per)), r.freed)
		until, err := full(ctx, tx, rate, `platform = $1 AND account = $2 AND created > $3 AND created <= $4`, r.Account.Platform, r.Account.ID, since, ahead)
		if err != nil || !until.IsZero() {
			return CodeGrant{Verdict: CodeAsker, Limit: rate, Until: until}, 0, err
		}
	}
	if r.trusted {
		return CodeGrant{Verdict: CodeIssued}, byTrusted, nil
	}
	if r.guard.wrong >= r.Limits.Wrong {
		return CodeGrant{Verdict: CodeLocked}, 0, nil
	}
	by, until, err := s.limitStranger(ctx, tx, r, ahead)
	if err != nil || !until.IsZero() {
		return CodeGrant{Verdict: CodeNIP, Until: until}, 0, err
	}
	until, err = s.limitStrangers(ctx, tx, r, ahead)
	if err != nil || !until.IsZero() {
		return CodeGrant{Verdict: CodeBusy, Until: until}, 0, err
	}
	return CodeGrant{Verdict: CodeIssued}, by, nil
}

// limitStranger looks at what strangers get for a NIP: together so many, and
// beyond that each chat one, so that those who had theirs leave room for who
// never asked before.
func (s *Store) limitStranger(ctx context.Context, tx *sql.Tx, r asking, ahead int64) (by int, until time.Time, err error) {
	rates := func(all []Rate, by int) (time.Time, error) {
		var latest time.Time
		for _, rate := range all {
			since := max(ms(r.Now.Add(-rate.Per)), r.guard.freed)
			until, err := full(ctx, tx, rate, `nip_hash = $1 AND stranger = $2 AND created > $3 AND created <= $4`, r.hash, by, since, ahead)
			if err != nil {
				return time.Time{}, err
			}
			latest = later(latest, until)
		}
		return latest, nil
	}
	until, err = rates(r.Limits.NIP, byStranger)
	if err != nil || until.IsZero() || r.hadOne {
		return byStranger, until, err
	}
	reserve, err := rates(r.Limits.Reserve, byReserve)
	if !reserve.IsZero() && until.Before(reserve) {
		reserve = until
	}
	return byReserve, reserve, err
}

// limitStrangers looks at what all strangers get for all NIPs. The directory
// is counted only when it matters.
func (s *Store) limitStrangers(ctx context.Context, tx *sql.Tx, r asking, ahead int64) (time.Time, error) {
	since := ms(r.Now.Add(-r.Limits.Strangers.Per))
	until, err := full(ctx, tx, r.Limits.Strangers, `stranger > 0 AND created > $1 AND created <= $2`, since, ahead)
	if err != nil || until.IsZero() || r.Limits.Share == 0 {
		return until, err
	}
	var employees int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM employees WHERE active = 1`).Scan(&employees); err != nil {
		return time.Time{}, fmt.Errorf("count employees: %w", err)
	}
	rate := Rate{Most: max(r.Limits.Strangers.Most, employees/r.Limits.Share), Per: r.Limits.Strangers.Per}
	return full(ctx, tx, rate, `stranger > 0 AND created > $1 AND created <= $2`, since, ahead)
}

// full tells when a rate has room again for codes that fit; zero: now.
func full(ctx context.Context, tx *sql.Tx, rate Rate, where string, args ...any) (time.Time, error) {
	if rate.Most == 0 {
		return time.Time{}, nil
	}
	var created int64
	err := tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT created FROM codes WHERE %s ORDER BY created DESC LIMIT 1 OFFSET %d`, where, rate.Most-1), args...).Scan(&created)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("count codes: %w", err)
	}
	return fromMS(created).Add(rate.Per), nil
}

// keepCode keeps a code, which ends the account's earlier ones.
func (s *Store) keepCode(ctx context.Context, tx *sql.Tx, r asking, by int) error {
	if _, err := tx.ExecContext(ctx, `UPDATE codes SET closed = 1 WHERE platform = $1 AND account = $2 AND closed = 0`, r.Account.Platform, r.Account.ID); err != nil {
		return fmt.Errorf("close codes: %w", err)
	}
	hash, sealed := s.seal.sealNIP("codes", r.NIP)
	if _, err := tx.ExecContext(ctx, `INSERT INTO codes (platform, account, nip_hash, nip_sealed, hash, created, expires, stranger, asked_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.Account.Platform, r.Account.ID, hash, sealed, s.codeHash(r.Account, r.Code), ms(r.Now), ms(r.Expires), by, r.Update); err != nil {
		return fmt.Errorf("keep code: %w", err)
	}
	if err := s.noteClaim(ctx, tx, r, ms(r.Now)); err != nil {
		return err
	}
	return s.enqueueTx(ctx, tx, []Job{r.Mail})
}

// openCode tells until when the account's newest code is good; zero: none is.
func openCode(ctx context.Context, tx *sql.Tx, a Account, now time.Time) (time.Time, error) {
	var expires int64
	err := tx.QueryRowContext(ctx, `SELECT coalesce(max(expires), 0) FROM codes WHERE platform = $1 AND account = $2 AND closed = 0 AND expires >= $3`,
		a.Platform, a.ID, ms(now)).Scan(&expires)
	if err != nil {
		return time.Time{}, fmt.Errorf("read code: %w", err)
	}
	return fromMS(expires), nil
}

func (s *Store) codeHash(a Account, code string) []byte {
	return s.seal.sum("code", a.Platform, a.ID, code)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
