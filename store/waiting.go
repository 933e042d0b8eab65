package store

import (
	"context"
	"fmt"
)

// WaitingJobs counts the jobs of a kind that nobody does yet, in all processes.
func (s *Store) WaitingJobs(ctx context.Context, kind string) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM river_job WHERE queue = $1 AND state IN ('available', 'retryable')`, kind).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count jobs: %w", err)
	}
	return n, nil
}

// ResetsBefore counts the resets that were written down before this one and
// are not at their end yet.
func (s *Store) ResetsBefore(ctx context.Context, id int64) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM resets WHERE state IN ('requested', 'asking') AND id < $1`, id).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count resets: %w", err)
	}
	return n, nil
}
