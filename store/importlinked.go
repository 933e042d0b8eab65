package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// linkedEmployees gives the employees who have linked an account, by NIP.
func (s *Store) linkedEmployees(ctx context.Context, tx *sql.Tx) (map[string]Employee, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+employeeColumns+` FROM employees WHERE nip_hash IN (SELECT nip_hash FROM accounts WHERE nip_hash IS NOT NULL)`)
	if err != nil {
		return nil, fmt.Errorf("read linked employees: %w", err)
	}
	defer closeRows(s, rows)
	out := make(map[string]Employee)
	for rows.Next() {
		e, err := s.scanEmployee(rows)
		if err != nil {
			return nil, err
		}
		out[e.NIP] = e
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read linked employees: %w", err)
	}
	return out, nil
}

// linkedChanges compares those who have linked an account with what they were:
// their address, whether they are active, and the NIP that stands for them.
func (im *importer) linkedChanges(ctx context.Context, tx *sql.Tx, before census, left []Departure) ([]LinkedChange, error) {
	if len(before.linked) == 0 {
		return nil, nil
	}
	now := make(map[string]string, len(left))
	for _, d := range left {
		now[d.NIP] = d.Now
	}
	after, err := im.s.linkedEmployees(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []LinkedChange
	for _, nip := range slices.Sorted(maps.Keys(before.linked)) {
		c := LinkedChange{Before: before.linked[nip], After: after[nip], Now: now[nip]}
		if strings.EqualFold(c.Before.Email, c.After.Email) && c.Before.Active == c.After.Active {
			continue
		}
		if c.Accounts, err = im.s.accountsTx(ctx, tx, nip); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// accountsTx gives an employee's accounts in a transaction.
func (s *Store) accountsTx(ctx context.Context, tx *sql.Tx, nip string) ([]Account, error) {
	rows, err := tx.QueryContext(ctx, `SELECT platform, account FROM accounts WHERE nip_hash = $1 ORDER BY platform`, s.seal.nipHash(nip))
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	defer closeRows(s, rows)
	var out []Account
	for rows.Next() {
		var a Account
		if err := rows.Scan(&a.Platform, &a.ID); err != nil {
			return nil, fmt.Errorf("read links: %w", err)
		}
		out = append(out, a)
	}
	return out, rows.Err()
}
