package store

import (
	"context"
	"fmt"
	"time"
)

// How long things are kept whatever the retention: an update's id, to know it
// when it comes again, and a one-time code, for the hourly limit.
const (
	keepSeen  = 7 * 24 * time.Hour
	keepCodes = 24 * time.Hour
)

// Purge deletes finished resets, ended walks and audit lines from before a
// time, and at any rate old codes and the ids of answered updates. It tells
// how many rows went.
func (s *Store) Purge(ctx context.Context, before time.Time) (int64, error) {
	now := s.now()
	var sum int64
	for _, d := range []struct {
		query string
		limit int64
	}{
		{`DELETE FROM resets WHERE state NOT IN ('requested', 'asking') AND updated < $1`, ms(before)},
		{`DELETE FROM walks WHERE moved < $1`, ms(before)},
		{`DELETE FROM audit WHERE at < $1`, ms(before)},
		{`DELETE FROM codes WHERE created < $1`, ms(now.Add(-keepCodes))},
		{`DELETE FROM inbox WHERE payload IS NULL AND received < $1`, now.Add(-keepSeen).UnixMicro()},
	} {
		res, err := s.write.ExecContext(ctx, d.query, d.limit)
		if err != nil {
			return sum, fmt.Errorf("purge: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return sum, fmt.Errorf("purge: %w", err)
		}
		sum += n
	}
	return sum, nil
}
