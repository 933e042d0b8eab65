package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const resetColumns = `id, key, nip_hash, nip_sealed, platform, account, chat, message, state, language, created, updated`

func (s *Store) scanReset(row scanner) (Reset, error) {
	var r Reset
	var created, updated int64
	var hash, sealed []byte
	err := row.Scan(&r.ID, &r.Key, &hash, &sealed, &r.Account.Platform, &r.Account.ID, &r.Chat, &r.Message, &r.State, &r.Language, &created, &updated)
	if err != nil {
		return Reset{}, notFound(err)
	}
	r.Created, r.Updated = fromMS(created), fromMS(updated)
	r.NIP, err = s.seal.openNIP("resets", hash, sealed)
	return r, err
}

// RequestReset writes a confirmed wish down, with the job that asks BSrE, or
// tells why not. The same key finds the first row.
func (s *Store) RequestReset(ctx context.Context, r ResetRequest, job func(id int64) Job) (ResetResult, error) {
	var out ResetResult
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockKeys(ctx, tx, "reset "+r.NIP); err != nil {
			return err
		}
		var err error
		if out, err = s.checkReset(ctx, tx, r); err != nil || out.Verdict != ResetNew {
			return err
		}
		hash, sealed := s.seal.sealNIP("resets", r.NIP)
		row := tx.QueryRowContext(ctx, `INSERT INTO resets (key, nip_hash, nip_sealed, platform, account, chat, message, state, language, created, updated)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING `+resetColumns,
			r.Key, hash, sealed, r.Account.Platform, r.Account.ID, r.Chat, r.Message, string(ResetRequested), r.Language, ms(r.Now))
		if out.Reset, err = s.scanReset(row); err != nil {
			return fmt.Errorf("write reset: %w", err)
		}
		if err := s.auditTx(ctx, tx, resetEvent(out.Reset)); err != nil {
			return err
		}
		return s.enqueueTx(ctx, tx, []Job{job(out.Reset.ID)})
	})
	if err != nil {
		return ResetResult{}, err
	}
	return out, nil
}

// resetEvent is the line of the audit trail for what a reset has become.
func resetEvent(r Reset) Event {
	return Event{At: r.Updated, Account: r.Account, NIP: r.NIP, Action: "reset", Outcome: string(r.State)}
}

// CheckReset tells what RequestReset would make of a wish at this moment, and
// writes nothing.
func (s *Store) CheckReset(ctx context.Context, r ResetRequest) (ResetResult, error) {
	return s.checkReset(ctx, s.read, r)
}

// rowReader reads a row, in a transaction or outside.
type rowReader interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// checkReset looks for the same wish, for one under way, and at the limits.
func (s *Store) checkReset(ctx context.Context, db rowReader, r ResetRequest) (ResetResult, error) {
	known, err := s.scanReset(db.QueryRowContext(ctx, `SELECT `+resetColumns+` FROM resets WHERE key = $1`, r.Key))
	if err == nil {
		return ResetResult{Verdict: ResetSeen, Reset: known}, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return ResetResult{}, fmt.Errorf("read reset: %w", err)
	}
	hash := s.seal.nipHash(r.NIP)
	open, err := s.scanReset(db.QueryRowContext(ctx, `SELECT `+resetColumns+` FROM resets
		WHERE nip_hash = $1 AND state IN ('requested', 'asking') ORDER BY id DESC LIMIT 1`, hash))
	if err == nil {
		return ResetResult{Verdict: ResetOpen, Reset: open}, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return ResetResult{}, fmt.Errorf("read reset: %w", err)
	}
	var count, last, oldest int64
	// The cooldown may be longer than the day that the others are counted in.
	err = db.QueryRowContext(ctx, `SELECT count(*), coalesce(min(created), 0),
			(SELECT coalesce(max(created), 0) FROM resets WHERE nip_hash = $1 AND state IN ('sent', 'unknown') AND created <= $4) FROM (
		SELECT created FROM resets WHERE nip_hash = $1 AND state IN ('sent', 'unknown') AND created > $2 AND created <= $4 ORDER BY created DESC LIMIT $3) recent`,
		hash, ms(r.Now.Add(-24*time.Hour)), max(r.Daily, 1), ms(r.Now.Add(clockSkew))).Scan(&count, &oldest, &last)
	if err != nil {
		return ResetResult{}, fmt.Errorf("count resets: %w", err)
	}
	if until := fromMS(last).Add(r.Cooldown); last > 0 && r.Now.Before(until) {
		return ResetResult{Verdict: ResetCooldown, Until: until}, nil
	}
	if r.Daily > 0 && count >= int64(r.Daily) {
		return ResetResult{Verdict: ResetDaily, Until: fromMS(oldest).Add(24 * time.Hour)}, nil
	}
	return ResetResult{Verdict: ResetNew}, nil
}

// BeginReset moves a reset from requested to asking, by this process. mine is false when it
// was not requested any more: somebody else asks, or asked.
func (s *Store) BeginReset(ctx context.Context, id int64, now time.Time) (r Reset, mine bool, err error) {
	r, err = s.scanReset(s.write.QueryRowContext(ctx, `UPDATE resets SET state = 'asking', updated = $1, owner = $3
		WHERE id = $2 AND state = 'requested' RETURNING `+resetColumns, ms(now), id, s.process))
	if errors.Is(err, ErrNotFound) {
		return Reset{}, false, nil
	}
	if err != nil {
		return Reset{}, false, fmt.Errorf("begin reset: %w", err)
	}
	return r, true, nil
}

// FinishReset moves a reset from asking to its end, together with the jobs
// that tell of it and the audit line, which says the detail. It is false when
// the reset was not asking any more.
func (s *Store) FinishReset(ctx context.Context, id int64, st ResetState, detail string, now time.Time, jobs ...Job) (bool, error) {
	var done bool
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		done = false
		r, err := s.scanReset(tx.QueryRowContext(ctx, `UPDATE resets SET state = $1, updated = $2 WHERE id = $3 AND state = 'asking' RETURNING `+resetColumns,
			string(st), ms(now), id))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("finish reset: %w", err)
		}
		end := resetEvent(r)
		end.Detail = detail
		if err := s.auditTx(ctx, tx, end); err != nil {
			return err
		}
		done = true
		return s.enqueueTx(ctx, tx, jobs)
	})
	return done && err == nil, err
}

// Reset gives one reset, or ErrNotFound.
func (s *Store) Reset(ctx context.Context, id int64) (Reset, error) {
	r, err := s.scanReset(s.write.QueryRowContext(ctx, `SELECT `+resetColumns+` FROM resets WHERE id = $1`, id))
	if err != nil {
		return Reset{}, fmt.Errorf("read reset: %w", err)
	}
	return r, nil
}

// clockSkew is how far replicas' clocks may lie apart. What was written
// further ahead was written by a clock that was wrong, and blocks nobody.
const clockSkew = time.Minute

// OpenResets gives the resets that are requested or asking and were not
// touched since before, or only by a clock that was ahead of now, but none
// that another living process asks for. Those that a dead one asked for come
// whenever they were touched.
func (s *Store) OpenResets(ctx context.Context, before, now time.Time) ([]Reset, error) {
	lives := "false" // the file has one process
	if !s.SingleProcess() {
		lives = "EXISTS (SELECT 1 FROM processes WHERE name = owner)"
	}
	return s.resets(ctx, `SELECT `+resetColumns+` FROM resets WHERE state IN ('requested', 'asking')
		AND CASE WHEN state = 'requested' OR owner IN ($3, '') THEN updated <= $1 OR updated > $2 ELSE NOT `+lives+` END ORDER BY id`,
		ms(before), ms(now.Add(clockSkew)), s.process)
}

// Resets gives an employee's resets, the newest first.
func (s *Store) Resets(ctx context.Context, nip string, limit int) ([]Reset, error) {
	return s.resets(ctx, `SELECT `+resetColumns+` FROM resets WHERE nip_hash = $1 ORDER BY created DESC, id DESC LIMIT $2`, s.seal.nipHash(nip), limit)
}

func (s *Store) resets(ctx context.Context, query string, args ...any) ([]Reset, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read resets: %w", err)
	}
	defer closeRows(s, rows)
	var out []Reset
	for rows.Next() {
		r, err := s.scanReset(rows)
		if err != nil {
			return nil, fmt.Errorf("read resets: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read resets: %w", err)
	}
	return out, nil
}
