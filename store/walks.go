package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const walkColumns = `id, owner, guide, step, version, state, started, moved`

func scanWalk(row scanner) (Walk, error) {
	var w Walk
	var started, moved int64
	if err := row.Scan(&w.ID, &w.Owner, &w.Guide, &w.Step, &w.Version, &w.State, &started, &moved); err != nil {
		return Walk{}, notFound(err)
	}
	w.Started, w.Moved = fromMS(started), fromMS(moved)
	return w, nil
}

// StartWalk begins a walk at a step. An active walk of the same owner ends as
// stopped.
func (s *Store) StartWalk(ctx context.Context, owner, guide, step string, now time.Time) (Walk, error) {
	var w Walk
	err := s.inTx(ctx, func(tx *sql.Tx, _ *sql.Conn) error {
		if err := s.lockKeys(ctx, tx, "walk "+owner); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE walks SET state = 'stopped', version = version + 1, moved = $1 WHERE owner = $2 AND state = 'active'`, ms(now), owner); err != nil {
			return fmt.Errorf("stop walk: %w", err)
		}
		var err error
		w, err = scanWalk(tx.QueryRowContext(ctx, `INSERT INTO walks (owner, guide, step, version, state, started, moved)
			VALUES ($1, $2, $3, 0, 'active', $4, $4) RETURNING `+walkColumns, owner, guide, step, ms(now)))
		if err != nil {
			return fmt.Errorf("start walk: %w", err)
		}
		return nil
	})
	return w, err
}

// MoveWalk moves a walk on when it is still at version, and gives ErrStale
// when it is not.
func (s *Store) MoveWalk(ctx context.Context, id int64, version int, step string, st WalkState, now time.Time) (Walk, error) {
	w, err := scanWalk(s.write.QueryRowContext(ctx, `UPDATE walks SET step = $1, state = $2, version = version + 1, moved = $3
		WHERE id = $4 AND version = $5 RETURNING `+walkColumns, step, string(st), ms(now), id, version))
	if errors.Is(err, ErrNotFound) {
		return Walk{}, ErrStale
	}
	if err != nil {
		return Walk{}, fmt.Errorf("move walk: %w", err)
	}
	return w, nil
}

// GuideWalk gives the owner's latest walk through one guide, or ErrNotFound.
func (s *Store) GuideWalk(ctx context.Context, owner, guide string) (Walk, error) {
	w, err := scanWalk(s.read.QueryRowContext(ctx, `SELECT `+walkColumns+` FROM walks WHERE owner = $1 AND guide = $2 ORDER BY id DESC LIMIT 1`, owner, guide))
	if err != nil {
		return Walk{}, fmt.Errorf("read walk: %w", err)
	}
	return w, nil
}

// Walk gives the owner's latest walk, or ErrNotFound.
func (s *Store) Walk(ctx context.Context, owner string) (Walk, error) {
	w, err := scanWalk(s.read.QueryRowContext(ctx, `SELECT `+walkColumns+` FROM walks WHERE owner = $1 ORDER BY id DESC LIMIT 1`, owner))
	if err != nil {
		return Walk{}, fmt.Errorf("read walk: %w", err)
	}
	return w, nil
}
