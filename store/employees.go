package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
)

const employeeColumns = `nip_hash, person, active`

// Employee gives the employee with a NIP, or ErrNotFound.
func (s *Store) Employee(ctx context.Context, nip string) (Employee, error) {
	return s.employee(ctx, `SELECT `+employeeColumns+` FROM employees WHERE nip_hash = $1`, s.seal.nipHash(nip))
}

// EmployeeByOldNIP gives the employee with an old number of 9 digits, or
// ErrNotFound, or ErrAmbiguous.
func (s *Store) EmployeeByOldNIP(ctx context.Context, old string) (Employee, error) {
	return s.employee(ctx, `SELECT `+employeeColumns+` FROM employees WHERE old_nip_hash = $1 LIMIT 2`, s.seal.newSummer().oldNIP(old))
}

// EmployeeByEmail gives the employee with an official address, in whatever
// case it is written, or ErrNotFound, or ErrAmbiguous.
func (s *Store) EmployeeByEmail(ctx context.Context, email string) (Employee, error) {
	return s.employee(ctx, `SELECT `+employeeColumns+` FROM employees WHERE email_hash = $1 LIMIT 2`, s.seal.newSummer().email(email))
}

func (s *Store) employee(ctx context.Context, query string, arg any) (Employee, error) {
	rows, err := s.read.QueryContext(ctx, query, arg)
	if err != nil {
		return Employee{}, fmt.Errorf("read employee: %w", err)
	}
	defer closeRows(s, rows)
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return Employee{}, fmt.Errorf("read employee: %w", err)
		}
		return Employee{}, ErrNotFound
	}
	e, err := s.scanEmployee(rows)
	if err != nil {
		return Employee{}, err
	}
	if rows.Next() {
		return Employee{}, ErrAmbiguous
	}
	return e, rows.Err()
}

type scanner interface{ Scan(dest ...any) error }

func (s *Store) scanEmployee(row scanner) (Employee, error) {
	var hash, sealed []byte
	var active int64
	if err := row.Scan(&hash, &sealed, &active); err != nil {
		return Employee{}, fmt.Errorf("read employee: %w", err)
	}
	return s.openEmployee(hash, sealed, active)
}

func closeRows(s *Store, rows *sql.Rows) {
	if err := rows.Close(); err != nil {
		s.log.Warn("close rows", "error", err)
	}
}

// notFound turns the driver's word into ours.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

func ignoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Employees gives everybody in the directory, in no order. The sequence ends
// after its first error.
func (s *Store) Employees(ctx context.Context) iter.Seq2[Employee, error] {
	return func(yield func(Employee, error) bool) {
		rows, err := s.read.QueryContext(ctx, `SELECT `+employeeColumns+` FROM employees`)
		if err != nil {
			yield(Employee{}, fmt.Errorf("read employees: %w", err))
			return
		}
		defer closeRows(s, rows)
		for rows.Next() {
			e, err := s.scanEmployee(rows)
			if !yield(e, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Employee{}, fmt.Errorf("read employees: %w", err))
		}
	}
}

// CountEmployees tells how many employees the directory has.
func (s *Store) CountEmployees(ctx context.Context) (int, error) {
	var n int
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM employees`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count employees: %w", err)
	}
	return n, nil
}

// HasEmployees tells whether anybody is in the directory.
func (s *Store) HasEmployees(ctx context.Context) (bool, error) {
	var n int
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM employees LIMIT 1) first`).Scan(&n); err != nil {
		return false, fmt.Errorf("look for employees: %w", err)
	}
	return n > 0, nil
}
