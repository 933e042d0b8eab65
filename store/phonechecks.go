package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// CheckState is how an officer's question on the telephone stands.
type CheckState string

// The states of a PhoneCheck.
const (
	CheckAsked  CheckState = "asked"
	CheckYes    CheckState = "yes"
	CheckNo     CheckState = "no"
	CheckSilent CheckState = "silent" // nobody answered in time
)

// keepChecks is how long it is known that employees were asked.
const keepChecks = 30 * 24 * time.Hour

// PhoneCheck is an officer's question to an employee, in the employee's chats:
// are you speaking with an officer? Both see the same code.
type PhoneCheck struct {
	ID      int64
	NIP     string
	Officer Account
	Room    Account // where the officer is told: a room, or their own private chat
	Subject string  // of the thread in the room; empty: none
	Code    string  // as both see it
	State   CheckState
	Asked   time.Time
	Ended   time.Time // zero: not answered
}

const checkColumns = `id, nip_hash, nip_sealed, officer_platform, officer_account, room_platform, room_account, subject, code, state, asked, ended`

func (s *Store) scanCheck(row scanner) (PhoneCheck, error) {
	var c PhoneCheck
	var hash, sealed, code []byte
	var asked, ended int64
	err := row.Scan(&c.ID, &hash, &sealed, &c.Officer.Platform, &c.Officer.ID, &c.Room.Platform, &c.Room.ID, &c.Subject, &code, &c.State, &asked, &ended)
	if err != nil {
		return PhoneCheck{}, notFound(err)
	}
	c.Asked, c.Ended = fromMS(asked), fromMS(ended)
	if c.NIP, err = s.seal.openNIP("phone_checks", hash, sealed); err != nil {
		return PhoneCheck{}, err
	}
	opened, err := s.seal.open(checkPlace(hash), code)
	c.Code = string(opened)
	return c, err
}

func checkPlace(nipHash []byte) string { return fmt.Sprintf("phone check of %x", nipHash) }

// AskPhoneCheck writes a question down with the deed that goes with it, unless
// the employee was asked another one since a time that nobody answered yet, or
// this one was written down before: then it gives that one, and false. key
// names the update that asks.
func (s *Store) AskPhoneCheck(ctx context.Context, c PhoneCheck, key string, since time.Time, deed func(PhoneCheck) Deed) (PhoneCheck, bool, error) {
	var out PhoneCheck
	var asked bool
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		asked = false
		if err := s.lockKeys(ctx, tx, "phone check "+c.NIP); err != nil {
			return err
		}
		hash, sealed := s.seal.sealNIP("phone_checks", c.NIP)
		var err error
		out, err = s.scanCheck(tx.QueryRowContext(ctx, `SELECT `+checkColumns+` FROM phone_checks WHERE key = $1 OR nip_hash = $2 AND state = 'asked' AND asked > $3 ORDER BY key = $1 DESC, id DESC LIMIT 1`, key, hash, ms(since)))
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("read phone check: %w", err)
		}
		out, err = s.scanCheck(tx.QueryRowContext(ctx, `INSERT INTO phone_checks (key, nip_hash, nip_sealed, officer_platform, officer_account, room_platform, room_account, subject, code, state, asked)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'asked', $10) RETURNING `+checkColumns,
			key, hash, sealed, c.Officer.Platform, c.Officer.ID, c.Room.Platform, c.Room.ID, c.Subject, s.seal.seal(checkPlace(hash), []byte(c.Code)), ms(c.Asked)))
		if err != nil {
			return fmt.Errorf("write phone check: %w", err)
		}
		asked = true
		return s.deedTx(ctx, tx, deed(out))
	})
	if err != nil {
		return PhoneCheck{}, false, err
	}
	return out, asked, nil
}

// ChangePhoneCheck lets decide change a question's state and tell what is done
// with it, in one transaction that nobody else's change comes between. decide
// may be called again from the start; its error undoes everything and is given
// back. It gives ErrNotFound, wrapped, when there is none.
func (s *Store) ChangePhoneCheck(ctx context.Context, id int64, decide func(c *PhoneCheck) (Deed, error)) (PhoneCheck, error) {
	var c PhoneCheck
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockKeys(ctx, tx, fmt.Sprintf("phone check %d", id)); err != nil {
			return err
		}
		var err error
		if c, err = s.scanCheck(tx.QueryRowContext(ctx, `SELECT `+checkColumns+` FROM phone_checks WHERE id = $1`, id)); err != nil {
			return fmt.Errorf("read phone check: %w", err)
		}
		deed, err := decide(&c)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE phone_checks SET state = $1, ended = $2 WHERE id = $3`, string(c.State), ms(c.Ended), id); err != nil {
			return fmt.Errorf("change phone check: %w", err)
		}
		return s.deedTx(ctx, tx, deed)
	})
	return c, err
}

// LastPhoneCheck gives the last question to an employee, or ErrNotFound.
func (s *Store) LastPhoneCheck(ctx context.Context, nip string) (PhoneCheck, error) {
	c, err := s.scanCheck(s.read.QueryRowContext(ctx, `SELECT `+checkColumns+` FROM phone_checks WHERE nip_hash = $1 ORDER BY id DESC LIMIT 1`, s.seal.nipHash(nip)))
	if err != nil {
		return PhoneCheck{}, fmt.Errorf("read phone check: %w", err)
	}
	return c, nil
}
