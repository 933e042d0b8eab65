package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// forever is as late as a time in the database can be.
const forever = 1 << 53

// guard is what strangers together did for a NIP.
type guard struct {
	wrong       int
	freed, told int64
}

// Claim is what a chat has to do with a NIP that it named.
type Claim struct {
	Account   Account
	Reference string    // the chat's, see Store.Reference
	Asked     time.Time // last, for a code
	Issued    time.Time // last; zero: it never got a code
	Trusted   bool      // it was linked with the NIP before, or an officer let it ask
}

// knowAsker reads what is known of who asks, and of the NIP.
func (s *Store) knowAsker(ctx context.Context, tx *sql.Tx, r *asking) error {
	var issued, trusted int64
	var wrong int
	err := tx.QueryRowContext(ctx, `SELECT issued, trusted, wrong, freed FROM claims WHERE platform = $1 AND account = $2 AND nip_hash = $3`,
		r.Account.Platform, r.Account.ID, r.hash).Scan(&issued, &trusted, &wrong, &r.freed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read claim: %w", err)
	}
	r.hadOne, r.trusted = issued > 0, (r.Linked || trusted > ms(r.Now)) && wrong < r.Limits.Wrong
	r.guard, err = readGuard(ctx, tx, r.hash)
	return err
}

func readGuard(ctx context.Context, tx *sql.Tx, hash []byte) (guard, error) {
	var g guard
	err := tx.QueryRowContext(ctx, `SELECT wrong, freed, told FROM code_guards WHERE nip_hash = $1`, hash).Scan(&g.wrong, &g.freed, &g.told)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return guard{}, fmt.Errorf("read guard: %w", err)
	}
	return g, nil
}

// noteClaim notes that a chat asked for a code, and when one was issued (0:
// none was).
func (s *Store) noteClaim(ctx context.Context, tx *sql.Tx, r asking, issued int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO claims (platform, account, nip_hash, nip_sealed, asked, issued) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (platform, account, nip_hash) DO UPDATE SET asked = excluded.asked,
			issued = CASE WHEN excluded.issued > 0 THEN excluded.issued ELSE claims.issued END`,
		r.Account.Platform, r.Account.ID, r.hash, r.sealed, ms(r.Now), issued)
	if err != nil {
		return fmt.Errorf("note claim: %w", err)
	}
	return nil
}

// trustTx trusts a chat with a NIP until a time, in milliseconds; what was
// wrong before counts no more, its own and that of strangers.
func (s *Store) trustTx(ctx context.Context, tx *sql.Tx, a Account, nip string, until, freed int64, now time.Time) error {
	hash, sealed := s.seal.sealNIP("claims", nip)
	_, err := tx.ExecContext(ctx, `INSERT INTO claims (platform, account, nip_hash, nip_sealed, asked, trusted, freed) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (platform, account, nip_hash) DO UPDATE SET wrong = 0,
			trusted = CASE WHEN excluded.trusted > claims.trusted THEN excluded.trusted ELSE claims.trusted END,
			freed = CASE WHEN excluded.freed > claims.freed THEN excluded.freed ELSE claims.freed END`,
		a.Platform, a.ID, hash, sealed, ms(now), until, freed)
	if err != nil {
		return fmt.Errorf("trust chat: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE code_guards SET wrong = 0, changed = $1 WHERE nip_hash = $2`, ms(now), hash)
	if err != nil {
		return fmt.Errorf("trust chat: %w", err)
	}
	return nil
}

// distrustTx makes chats strangers to a NIP again.
func (s *Store) distrustTx(ctx context.Context, tx *sql.Tx, nip string, accounts []Account) error {
	for _, a := range accounts {
		_, err := tx.ExecContext(ctx, `UPDATE claims SET trusted = 0 WHERE platform = $1 AND account = $2 AND nip_hash = $3`, a.Platform, a.ID, s.seal.nipHash(nip))
		if err != nil {
			return fmt.Errorf("distrust chat: %w", err)
		}
	}
	return nil
}

// FreeNIP lets codes be asked for a NIP anew, whatever strangers did. by is
// who wants it, for the audit trail. It gives ErrNotFound when the NIP is
// nobody's.
func (s *Store) FreeNIP(ctx context.Context, nip string, by Account, now time.Time) error {
	if _, err := s.Employee(ctx, nip); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO code_guards (nip_hash, freed, changed) VALUES ($1, $2, $2)
			ON CONFLICT (nip_hash) DO UPDATE SET wrong = 0, freed = excluded.freed, told = 0, changed = excluded.changed`, s.seal.nipHash(nip), ms(now))
		if err != nil {
			return fmt.Errorf("free NIP: %w", err)
		}
		return s.auditTx(ctx, tx, Event{At: now, NIP: nip, Action: "link", Outcome: "freed", Detail: by.Platform + ":" + by.ID})
	})
}

// FreeChat lets one chat ask for a NIP until a time, counted by itself, with
// the jobs that tell of it. by is who wants it.
func (s *Store) FreeChat(ctx context.Context, a Account, nip string, by Account, now, until time.Time, jobs ...Job) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.trustTx(ctx, tx, a, nip, ms(until), ms(now), now); err != nil {
			return err
		}
		if err := s.auditTx(ctx, tx, Event{At: now, Account: a, NIP: nip, Action: "link", Outcome: "freed", Detail: by.Platform + ":" + by.ID}); err != nil {
			return err
		}
		return s.enqueueTx(ctx, tx, jobs)
	})
}

// Claims gives the chats that asked for a NIP since a time, the latest first.
func (s *Store) Claims(ctx context.Context, nip string, since time.Time) ([]Claim, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT platform, account, asked, issued, trusted FROM claims WHERE nip_hash = $1 AND asked >= $2 ORDER BY asked DESC`, s.seal.nipHash(nip), ms(since))
	if err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	defer closeRows(s, rows)
	var out []Claim
	for rows.Next() {
		var c Claim
		var asked, issued, trusted int64
		if err := rows.Scan(&c.Account.Platform, &c.Account.ID, &asked, &issued, &trusted); err != nil {
			return nil, fmt.Errorf("read claims: %w", err)
		}
		c.Reference, c.Asked, c.Issued, c.Trusted = s.Reference(c.Account), fromMS(asked), fromMS(issued), trusted > ms(s.now())
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	return out, nil
}

// LastClaim gives the NIP that a chat last asked a code for, and when, or
// ErrNotFound.
func (s *Store) LastClaim(ctx context.Context, a Account) (nip string, asked time.Time, err error) {
	var hash, sealed []byte
	var at int64
	err = s.read.QueryRowContext(ctx, `SELECT nip_hash, nip_sealed, asked FROM claims WHERE platform = $1 AND account = $2 ORDER BY asked DESC LIMIT 1`, a.Platform, a.ID).Scan(&hash, &sealed, &at)
	if err := notFound(err); err != nil {
		return "", time.Time{}, fmt.Errorf("read claim: %w", err)
	}
	nip, err = s.seal.openNIP("claims", hash, sealed)
	return nip, fromMS(at), err
}

// referenceAlphabet has at most one of what is mistaken for each other when
// read aloud, and no vowel, so that no word comes out.
const referenceAlphabet = "2346789CDFGHJKMNPQRTWXYZ"

// Reference is a chat's short name of six characters, the same for ever: the
// person reads it to an officer, and finds it in the mail that their request
// caused. It tells nothing of the account without DATA_KEY.
func (s *Store) Reference(a Account) string {
	sum := s.seal.sum("reference", a.Platform, a.ID)
	out := make([]byte, 6)
	for i := range out {
		out[i] = referenceAlphabet[int(sum[i])%len(referenceAlphabet)]
	}
	return string(out)
}

// alarmAgain is how long officers are not told of the same NIP again.
const alarmAgain = 24 * time.Hour

// alarmTx tells the officers of a danger, unless they were told of the NIP
// within a day; that nobody gets codes any more is told in any case.
func (s *Store) alarmTx(ctx context.Context, tx *sql.Tx, hash []byte, now time.Time, d Danger, job func(Danger) Job) error {
	if d == "" || job == nil {
		return nil
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO code_guards (nip_hash, told, changed) VALUES ($1, $2, $2)
		ON CONFLICT (nip_hash) DO UPDATE SET told = excluded.told, changed = excluded.changed WHERE code_guards.told < $3 OR code_guards.told > $4`,
		hash, ms(now), ms(now.Add(-alarmAgain)), ms(now.Add(clockSkew)))
	if err != nil {
		return fmt.Errorf("note alarm: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return s.enqueueTx(ctx, tx, []Job{job(d)})
}
