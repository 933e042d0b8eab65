package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Who told of a disturbance.
const (
	ByOfficer = "officer"
	ByBot     = "bot"
)

// keepFailures is how long it is known whom a system failed.
const keepFailures = time.Hour

// Disturbance is something that is wrong for everybody. Of one thing there is
// one at most that lasts, from each source.
type Disturbance struct {
	ID        int64
	What      string // the system, in the words of whoever keeps it
	Source    string // ByOfficer or ByBot
	Cause     string // the update that announced it: it does so once; empty: none did
	Words     []byte // what is told of it, in the form of whoever keeps it; nil: nothing of its own
	Began     time.Time
	Until     time.Time // the end that is expected; zero: nobody knows
	Confirmed time.Time // when an officer said that it is one; zero: nobody did
	Hidden    bool      // an officer said that nobody is to be told
	Ended     time.Time // zero: it lasts
}

const disturbanceColumns = `id, what, source, cause, words, began, until, confirmed, hidden, ended`

func (s *Store) scanDisturbance(row scanner) (Disturbance, error) {
	var d Disturbance
	var words []byte
	var began, until, confirmed, hidden, ended int64
	if err := row.Scan(&d.ID, &d.What, &d.Source, &d.Cause, &words, &began, &until, &confirmed, &hidden, &ended); err != nil {
		return Disturbance{}, notFound(err)
	}
	d.Began, d.Until, d.Confirmed, d.Hidden, d.Ended = fromMS(began), fromMS(until), fromMS(confirmed), hidden != 0, fromMS(ended)
	var err error
	d.Words, err = s.seal.open(disturbancePlace(d.What), words)
	return d, err
}

func disturbancePlace(what string) string { return "disturbance of " + what }

const disturbancesQuery = `SELECT ` + disturbanceColumns + ` FROM disturbances WHERE ended = 0 ORDER BY id`

// Disturbances gives those that last, the oldest first.
func (s *Store) Disturbances(ctx context.Context) ([]Disturbance, error) {
	rows, err := s.disturbing.QueryContext(s.brief(ctx))
	return allOf(s, "read disturbances", s.scanDisturbance, rows, err)
}

// AnnounceDisturbance writes one down with what goes with it. It takes the
// place of one of the same thing and source. What the same update announced
// before is given back.
func (s *Store) AnnounceDisturbance(ctx context.Context, d Disturbance, deed func(Disturbance) Deed) (Disturbance, error) {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockKeys(ctx, tx, disturbancePlace(d.What)); err != nil {
			return err
		}
		before, err := s.scanDisturbance(tx.QueryRowContext(ctx, `SELECT `+disturbanceColumns+` FROM disturbances WHERE cause = $1 AND cause <> ''`, d.Cause))
		if err == nil {
			d = before
			return nil
		}
		if !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("read disturbance: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE disturbances SET ended = $1 WHERE what = $2 AND source = $3 AND ended = 0`, ms(d.Began), d.What, d.Source); err != nil {
			return fmt.Errorf("end disturbance: %w", err)
		}
		return s.beginDisturbance(ctx, tx, &d, deed)
	})
	return d, err
}

func (s *Store) beginDisturbance(ctx context.Context, tx *sql.Tx, d *Disturbance, deed func(Disturbance) Deed) error {
	err := tx.QueryRowContext(ctx, `INSERT INTO disturbances (what, source, cause, words, began, until, confirmed) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		d.What, d.Source, d.Cause, s.seal.seal(disturbancePlace(d.What), d.Words), ms(d.Began), ms(d.Until), ms(d.Confirmed)).Scan(&d.ID)
	if err != nil {
		return fmt.Errorf("write disturbance: %w", err)
	}
	return s.deedTx(ctx, tx, deed(*d))
}

// ChangeDisturbance lets decide change whether a disturbance that lasts is
// confirmed, hidden or ended, in one transaction with what goes with it. It
// gives false, and does nothing, when it lasts no more. An error of decide
// undoes everything and is given back.
func (s *Store) ChangeDisturbance(ctx context.Context, id int64, decide func(d *Disturbance) (Deed, error)) (bool, error) {
	var lasts bool
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		lasts = false
		if err := s.lockKeys(ctx, tx, fmt.Sprintf("disturbance %d", id)); err != nil {
			return err
		}
		d, err := s.scanDisturbance(tx.QueryRowContext(ctx, `SELECT `+disturbanceColumns+` FROM disturbances WHERE id = $1 AND ended = 0`, id))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read disturbance: %w", err)
		}
		deed, err := decide(&d)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE disturbances SET confirmed = $1, hidden = $2, ended = $3 WHERE id = $4 AND ended = 0`, ms(d.Confirmed), flag(d.Hidden), ms(d.Ended), id)
		if err != nil {
			return fmt.Errorf("change disturbance: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err //nolint:wrapcheck // impossible with these drivers
		}
		lasts = true
		return s.deedTx(ctx, tx, deed)
	})
	return lasts, err
}

// NoteFailure notes that a system failed somebody. When it has failed as many
// people as several since a time, and no disturbance of it that the bot saw
// lasts, one begins: then it gives true.
func (s *Store) NoteFailure(ctx context.Context, what, who string, now, since time.Time, several int, deed func(Disturbance) Deed) (bool, error) {
	var began bool
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		began = false
		if err := s.lockKeys(ctx, tx, disturbancePlace(what)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO failures (what, who, at) VALUES ($1, $2, $3) ON CONFLICT (what, who) DO UPDATE SET at = excluded.at`,
			what, s.seal.blindIndex("failure", who), ms(now))
		if err != nil {
			return fmt.Errorf("note failure: %w", err)
		}
		var people, lasts, first int64
		err = tx.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MIN(at), 0), (SELECT COUNT(*) FROM disturbances WHERE what = $1 AND source = 'bot' AND ended = 0) FROM failures WHERE what = $1 AND at > $2`,
			what, ms(since)).Scan(&people, &first, &lasts)
		if err != nil {
			return fmt.Errorf("count failures: %w", err)
		}
		if lasts > 0 || people < int64(several) {
			return nil
		}
		began = true
		return s.beginDisturbance(ctx, tx, &Disturbance{What: what, Source: ByBot, Began: fromMS(first)}, deed)
	})
	return began, err
}

// ForgetFailures forgets whom a system failed: it works.
func (s *Store) ForgetFailures(ctx context.Context, what string) error {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM failures WHERE what = $1`, what); err != nil {
		return fmt.Errorf("forget failures: %w", err)
	}
	return nil
}

// LastFailure is when a system failed somebody last; zero: not lately.
func (s *Store) LastFailure(ctx context.Context, what string) (time.Time, error) {
	var at int64
	if err := s.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(at), 0) FROM failures WHERE what = $1`, what).Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("read failures: %w", err)
	}
	return fromMS(at), nil
}
