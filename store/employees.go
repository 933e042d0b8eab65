package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
)

// number turns a NIP or old NIP into the database's form; what is no number
// finds nothing.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// digits turns a number of exactly n digits into the database's form.
func digits(s string, n int) (int64, error) {
	v, err := strconv.ParseUint(s, 10, 63)
	if err != nil || len(s) != n {
		return 0, fmt.Errorf("want %d digits", n)
	}
	return int64(v), nil
}

// nipText is the other way round.
func nipText(n int64) string { return fmt.Sprintf("%018d", n) }

const employeeColumns = `nip, nik, name, email, position, unit, grade, coalesce(old_nip, 0), active`

// Employee gives the employee with a NIP, or ErrNotFound.
func (s *Store) Employee(ctx context.Context, nip string) (Employee, error) {
	return s.employee(ctx, `SELECT `+employeeColumns+` FROM employees WHERE nip = $1 LIMIT 2`, number(nip))
}

// EmployeeByOldNIP gives the employee with an old number of 9 digits, or
// ErrNotFound, or ErrAmbiguous.
func (s *Store) EmployeeByOldNIP(ctx context.Context, old string) (Employee, error) {
	return s.employee(ctx, `SELECT `+employeeColumns+` FROM employees WHERE old_nip = $1 LIMIT 2`, number(old))
}

// EmployeeByEmail gives the employee with an official address, in whatever
// case it is written, or ErrNotFound, or ErrAmbiguous.
func (s *Store) EmployeeByEmail(ctx context.Context, email string) (Employee, error) {
	return s.employee(ctx, `SELECT `+employeeColumns+` FROM employees WHERE lower(email) = lower($1) LIMIT 2`, email)
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
	var e Employee
	var nip, old, active int64
	var nik []byte
	if err := row.Scan(&nip, &nik, &e.Name, &e.Email, &e.Position, &e.Unit, &e.Grade, &old, &active); err != nil {
		return Employee{}, fmt.Errorf("read employee: %w", err)
	}
	return e, s.fillEmployee(&e, nip, nik, old, active)
}

// fillEmployee turns the database's forms into the employee's.
func (s *Store) fillEmployee(e *Employee, nip int64, nik []byte, old, active int64) error {
	e.NIP, e.Active = nipText(nip), active != 0
	if old != 0 {
		e.OldNIP = fmt.Sprintf("%09d", old)
	}
	opened, err := s.seal.open("nik "+e.NIP, nik)
	if err != nil {
		return err
	}
	e.NIK = string(opened)
	return nil
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

// CountEmployees tells how many employees the directory has.
func (s *Store) CountEmployees(ctx context.Context) (int, error) {
	var n int
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM employees`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count employees: %w", err)
	}
	return n, nil
}
