package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

const walkColumns = `id, owner_hash, owner_sealed, guide, step, version, state, started, moved`

// ownerHash finds the walks of an owner. The hash of an employee's NIP is that
// of their links, and no account's text is a NIP.
func (s *Store) ownerHash(owner string) []byte {
	if strings.Contains(owner, ":") {
		return s.seal.blindIndex("account", owner)
	}
	return s.seal.nipHash(owner)
}

// ownerPlace is what an owner is sealed for.
func ownerPlace(hash []byte) string { return fmt.Sprintf("owner of walks %x", hash) }

func (s *Store) scanWalk(row scanner) (Walk, error) {
	var w Walk
	var hash, sealed []byte
	var started, moved int64
	if err := row.Scan(&w.ID, &hash, &sealed, &w.Guide, &w.Step, &w.Version, &w.State, &started, &moved); err != nil {
		return Walk{}, notFound(err)
	}
	w.Started, w.Moved = fromMS(started), fromMS(moved)
	owner, err := s.seal.open(ownerPlace(hash), sealed)
	w.Owner = string(owner)
	return w, err
}

// StartWalk begins a walk at a step. An active walk of the same owner ends as
// stopped. The lines of the audit trail are written with it.
func (s *Store) StartWalk(ctx context.Context, owner, guide, step string, now time.Time, lines ...Event) (Walk, error) {
	var w Walk
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockKeys(ctx, tx, "walk "+owner); err != nil {
			return err
		}
		hash := s.ownerHash(owner)
		if _, err := tx.ExecContext(ctx, `UPDATE walks SET state = 'stopped', version = version + 1, moved = $1 WHERE owner_hash = $2 AND state = 'active'`, ms(now), hash); err != nil {
			return fmt.Errorf("stop walk: %w", err)
		}
		var err error
		w, err = s.scanWalk(tx.QueryRowContext(ctx, `INSERT INTO walks (owner_hash, owner_sealed, guide, step, version, state, started, moved)
			VALUES ($1, $2, $3, $4, 0, 'active', $5, $5) RETURNING `+walkColumns, hash, s.seal.seal(ownerPlace(hash), []byte(owner)), guide, step, ms(now)))
		if err != nil {
			return fmt.Errorf("start walk: %w", err)
		}
		return s.auditTx(ctx, tx, lines...)
	})
	if err != nil {
		return Walk{}, err
	}
	return w, nil
}

// MoveWalk moves a walk on when it is still at version, and gives ErrStale
// when it is not. The lines of the audit trail are written with the move.
func (s *Store) MoveWalk(ctx context.Context, id int64, version int, step string, st WalkState, now time.Time, lines ...Event) (Walk, error) {
	var w Walk
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var err error
		w, err = s.scanWalk(tx.QueryRowContext(ctx, `UPDATE walks SET step = $1, state = $2, version = version + 1, moved = $3
			WHERE id = $4 AND version = $5 RETURNING `+walkColumns, step, string(st), ms(now), id, version))
		if errors.Is(err, ErrNotFound) {
			return ErrStale
		}
		if err != nil {
			return fmt.Errorf("move walk: %w", err)
		}
		return s.auditTx(ctx, tx, lines...)
	})
	if err != nil {
		return Walk{}, err
	}
	return w, nil
}

// GuideWalk gives the owner's latest walk through one guide, or ErrNotFound.
func (s *Store) GuideWalk(ctx context.Context, owner, guide string) (Walk, error) {
	w, err := s.scanWalk(s.read.QueryRowContext(ctx, `SELECT `+walkColumns+` FROM walks WHERE owner_hash = $1 AND guide = $2 ORDER BY id DESC LIMIT 1`, s.ownerHash(owner), guide))
	if err != nil {
		return Walk{}, fmt.Errorf("read walk: %w", err)
	}
	return w, nil
}

// Walk gives the owner's latest walk, or ErrNotFound.
func (s *Store) Walk(ctx context.Context, owner string) (Walk, error) {
	w, err := s.scanWalk(s.read.QueryRowContext(ctx, `SELECT `+walkColumns+` FROM walks WHERE owner_hash = $1 ORDER BY id DESC LIMIT 1`, s.ownerHash(owner)))
	if err != nil {
		return Walk{}, fmt.Errorf("read walk: %w", err)
	}
	return w, nil
}
