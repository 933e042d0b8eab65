package store

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// olderFor is how long a code that a newer one replaced is still recognised,
// to say so.
const olderFor = time.Hour

// RedeemCode judges a typed code and, when it is right, links the account to
// the employee it was sent to, all in one transaction: a code counts once,
// and a crash leaves either nothing or the whole.
func (s *Store) RedeemCode(ctx context.Context, r CodeAttempt, jobs func(nip string, displaced []Account) []Job) (CodeResult, error) {
	var out CodeResult
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var err error
		if out, err = s.checkCode(ctx, tx, r); err != nil || out.Outcome != CodeRight {
			return err
		}
		displaced, err := s.linkTx(ctx, tx, r.Account, out.NIP, r.Now)
		if errors.Is(err, ErrNotFound) {
			nip := out.NIP
			out = CodeResult{Outcome: CodeNone} // the employee left the directory meanwhile
			return s.auditTx(ctx, tx, Event{At: r.Now, Account: r.Account, NIP: nip, Action: "link", Outcome: string(out.Outcome)})
		}
		if err != nil {
			return err
		}
		return s.enqueueTx(ctx, tx, jobs(out.NIP, displaced))
	})
	if err != nil {
		return CodeResult{}, err
	}
	return out, nil
}

// openedCode is the account's newest code that can still be typed.
type openedCode struct {
	id, expires        int64
	attempts, stranger int
	hash, nipHash      []byte
	nip                string
}

// checkCode judges, and records what was not right: a link has a line of its
// own.
func (s *Store) checkCode(ctx context.Context, tx *sql.Tx, r CodeAttempt) (CodeResult, error) {
	out, err := s.compareCode(ctx, tx, r)
	if err != nil || out.Outcome == CodeRight {
		return out, err
	}
	return out, s.auditTx(ctx, tx, Event{At: r.Now, Account: r.Account, NIP: out.NIP, Action: "link", Outcome: string(out.Outcome)})
}

// compareCode compares, counts and closes.
func (s *Store) compareCode(ctx context.Context, tx *sql.Tx, r CodeAttempt) (CodeResult, error) {
	if err := s.lockKeys(ctx, tx, "code "+r.Account.Platform+":"+r.Account.ID); err != nil {
		return CodeResult{}, err
	}
	code, err := s.readCode(ctx, tx, r.Account)
	if errors.Is(err, ErrNotFound) {
		return CodeResult{Outcome: CodeNone}, nil
	}
	if err != nil {
		return CodeResult{}, err
	}
	out := CodeResult{NIP: code.nip}
	if ms(r.Now) > code.expires {
		out.Outcome = CodeExpired
		return out, s.closeCode(ctx, tx, code, true)
	}
	if shut, err := s.shut(ctx, tx, code, r); err != nil || shut {
		out.Outcome = CodeShut
		return out, err
	}
	if hmac.Equal(code.hash, s.codeHash(r.Account, r.Code)) {
		out.Outcome = CodeRight
		return out, s.closeCode(ctx, tx, code, true)
	}
	if older, err := s.isOlder(ctx, tx, r, code.id); err != nil || older {
		out.Outcome = CodeOlder // whoever has it has the mailbox: no guess
		return out, err
	}
	out.Outcome, out.Left = CodeWrong, r.Attempts-code.attempts-1
	if out.Left <= 0 {
		out.Outcome, out.Left = CodeExhausted, 0
	}
	if err := s.closeCode(ctx, tx, code, out.Outcome == CodeExhausted); err != nil {
		return CodeResult{}, err
	}
	return out, s.countWrong(ctx, tx, code, r)
}

func (s *Store) readCode(ctx context.Context, tx *sql.Tx, a Account) (openedCode, error) {
	var c openedCode
	var sealed []byte
	err := tx.QueryRowContext(ctx, `SELECT id, nip_hash, nip_sealed, hash, expires, attempts, stranger FROM codes
		WHERE platform = $1 AND account = $2 AND closed = 0 ORDER BY id DESC LIMIT 1`, a.Platform, a.ID).
		Scan(&c.id, &c.nipHash, &sealed, &c.hash, &c.expires, &c.attempts, &c.stranger)
	if err := notFound(err); err != nil {
		return openedCode{}, fmt.Errorf("read code: %w", err)
	}
	c.nip, err = s.seal.openNIP("codes", c.nipHash, sealed)
	if err != nil {
		return openedCode{}, err
	}
	return c, s.lockKeys(ctx, tx, "code "+c.nip)
}

// closeCode counts an attempt, and closes the code when that was the last.
func (s *Store) closeCode(ctx context.Context, tx *sql.Tx, c openedCode, last bool) error {
	closed := 0
	if last {
		closed = 1
	}
	if _, err := tx.ExecContext(ctx, `UPDATE codes SET attempts = attempts + 1, closed = $1 WHERE id = $2`, closed, c.id); err != nil {
		return fmt.Errorf("count attempt: %w", err)
	}
	return nil
}

// isOlder tells whether a typed code was the account's before a newer one
// replaced it.
func (s *Store) isOlder(ctx context.Context, tx *sql.Tx, r CodeAttempt, newest int64) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM codes WHERE platform = $1 AND account = $2 AND id < $3 AND hash = $4 AND created > $5`,
		r.Account.Platform, r.Account.ID, newest, s.codeHash(r.Account, r.Code), ms(r.Now.Add(-olderFor))).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read older codes: %w", err)
	}
	return n > 0, nil
}

// shut tells whether too many wrong codes in a row were typed for the NIP for
// this one to be judged (NIST SP 800-63B-4, 3.2.2: at most 100 for an
// account). Those of strangers do not shut out a chat that is trusted.
func (s *Store) shut(ctx context.Context, tx *sql.Tx, c openedCode, r CodeAttempt) (bool, error) {
	if c.stranger == byTrusted {
		return false, nil // at its own bound it is trusted no more
	}
	g, err := readGuard(ctx, tx, c.nipHash)
	return g.wrong >= r.Wrong, err
}

// guessesUnseen is how many wrong codes in a row strangers may type for a NIP
// before the officers hear of it: two persons who mistype all they have.
const guessesUnseen = 10

// countWrong counts a wrong code for the NIP: with strangers', or with the
// trusted chat's own, which is a stranger when it reaches the bound.
func (s *Store) countWrong(ctx context.Context, tx *sql.Tx, c openedCode, r CodeAttempt) error {
	if c.stranger == byTrusted {
		_, err := tx.ExecContext(ctx, `UPDATE claims SET wrong = wrong + 1, trusted = CASE WHEN wrong + 1 >= $1 THEN 0 ELSE trusted END
			WHERE platform = $2 AND account = $3 AND nip_hash = $4`, r.Wrong, r.Account.Platform, r.Account.ID, c.nipHash)
		if err != nil {
			return fmt.Errorf("count wrong code: %w", err)
		}
		return nil
	}
	var wrong int
	err := tx.QueryRowContext(ctx, `INSERT INTO code_guards (nip_hash, wrong, changed) VALUES ($1, 1, $2)
		ON CONFLICT (nip_hash) DO UPDATE SET wrong = code_guards.wrong + 1, changed = excluded.changed RETURNING wrong`, c.nipHash, ms(r.Now)).Scan(&wrong)
	if err != nil {
		return fmt.Errorf("count wrong code: %w", err)
	}
	danger := Danger("")
	switch {
	case wrong == r.Wrong: // told whatever was told before
		danger = DangerLocked
		if _, err := tx.ExecContext(ctx, `UPDATE code_guards SET told = 0 WHERE nip_hash = $1`, c.nipHash); err != nil {
			return fmt.Errorf("count wrong code: %w", err)
		}
	case wrong >= guessesUnseen:
		danger = DangerGuess
	}
	if r.Alarm == nil {
		return nil
	}
	return s.alarmTx(ctx, tx, c.nipHash, r.Now, danger, func(d Danger) Job { return r.Alarm(c.nip, d) })
}
