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

	keepClaims = 90 * 24 * time.Hour // who got a code for a NIP once, and never typed it
)

// purgeRows is how many rows one transaction deletes, so that others need not
// wait long for their turn.
const purgeRows = 2000

// Purge deletes finished resets and audit lines of before a time and walks
// that nobody moved since, what the portal told before that, and at any rate
// old codes, old budgets and the ids of answered updates. It tells how many rows went.
func (s *Store) Purge(ctx context.Context, before time.Time) (int64, error) {
	now := s.now()
	var sum int64
	for _, d := range []struct {
		query string
		limit int64
	}{
		{`DELETE FROM resets WHERE id IN (SELECT id FROM resets WHERE state NOT IN ('requested', 'asking') AND updated < $1 LIMIT $2)`, ms(before)},
		{`DELETE FROM walks WHERE id IN (SELECT id FROM walks WHERE moved < $1 LIMIT $2)`, ms(before)},
		{`DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 LIMIT $2)`, ms(before)},
		{`DELETE FROM codes WHERE id IN (SELECT id FROM codes WHERE created < $1 LIMIT $2)`, ms(now.Add(-keepCodes))},
		{`DELETE FROM claims WHERE (platform, account, nip_hash) IN (SELECT platform, account, nip_hash FROM claims WHERE trusted = 0 AND asked < $1 LIMIT $2)`, ms(now.Add(-keepClaims))},
		{`DELETE FROM claims WHERE (platform, account, nip_hash) IN (SELECT platform, account, nip_hash FROM claims WHERE asked < $1 LIMIT $2)`, ms(before)},
		{`DELETE FROM code_guards WHERE nip_hash IN (SELECT nip_hash FROM code_guards WHERE changed < $1 LIMIT $2)`, ms(before)},
		{`DELETE FROM spent WHERE id IN (SELECT id FROM spent WHERE at < $1 LIMIT $2)`, ms(now.Add(-keepSpent))},
		{`DELETE FROM oddities WHERE (field, shape) IN (SELECT field, shape FROM oddities WHERE last < $1 LIMIT $2)`, ms(now.Add(-keepOddities))},
		{`DELETE FROM certificates WHERE nip_hash IN (SELECT nip_hash FROM certificates WHERE looked < $1 LIMIT $2)`, ms(before)},
		{`DELETE FROM inbox WHERE (source, id) IN (SELECT source, id FROM inbox WHERE payload IS NULL AND received < $1 LIMIT $2)`, now.Add(-keepSeen).UnixMicro()},
		{`DELETE FROM tickets WHERE id IN (SELECT id FROM tickets WHERE state = 'closed' AND closed < $1 LIMIT $2)`, ms(before)},
		{`DELETE FROM phone_checks WHERE id IN (SELECT id FROM phone_checks WHERE asked < $1 LIMIT $2)`, ms(now.Add(-keepChecks))},
		{`DELETE FROM room_threads WHERE id IN (SELECT id FROM room_threads WHERE at < $1 LIMIT $2)`, ms(now.Add(-keepThreads))},
		// Words for a platform that is not connected any more wait for nobody.
		{`DELETE FROM inbox WHERE (source, id) IN (SELECT source, id FROM inbox WHERE id LIKE 'say %' AND received < $1 LIMIT $2)`, now.Add(-keepSeen).UnixMicro()},
		{`DELETE FROM fake_links WHERE id IN (SELECT id FROM fake_links WHERE at < $1 LIMIT $2)`, ms(now.Add(-keepFakes))},
		{`DELETE FROM recovery_waits WHERE (platform, account) IN (SELECT platform, account FROM recovery_waits WHERE asked < $1 LIMIT $2)`, ms(now.Add(-keepWaits))},
		{`DELETE FROM failures WHERE (what, who) IN (SELECT what, who FROM failures WHERE at < $1 LIMIT $2)`, ms(now.Add(-keepFailures))},
		{`DELETE FROM disturbances WHERE id IN (SELECT id FROM disturbances WHERE ended > 0 AND ended < $1 LIMIT $2)`, ms(before)},
		{`DELETE FROM spent_triggers WHERE id IN (SELECT id FROM spent_triggers WHERE until < $1 LIMIT $2)`, ms(now)},
	} {
		n, err := s.purge(ctx, d.query, d.limit)
		sum += n
		if err != nil {
			return sum, fmt.Errorf("purge: %w", err)
		}
	}
	return sum, nil
}

// purge deletes what a query means, bit by bit.
func (s *Store) purge(ctx context.Context, query string, limit int64) (int64, error) {
	var sum int64
	for {
		res, err := s.write.ExecContext(ctx, query, limit, purgeRows)
		if err != nil {
			return sum, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return sum, err
		}
		sum += n
		if n < purgeRows {
			return sum, nil
		}
	}
}
