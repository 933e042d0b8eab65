package store_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// Two transactions that take two rows in opposite orders wait for each other
// on PostgreSQL, which ends one of them: it is run again, and both succeed.
func TestADeadlockIsTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		names := []string{"one", "two"}
		for _, name := range names {
			if err := s.PutKV(t.Context(), name, []byte("0")); err != nil {
				t.Fatal(err)
			}
		}
		var met, all sync.WaitGroup
		met.Add(2)
		meet := func() { // the first tries of both hold a row each, where rows are held one by one
			met.Done()
			both := make(chan struct{})
			go func() { met.Wait(); close(both) }()
			select {
			case <-both:
			case <-time.After(300 * time.Millisecond): // SQLite lets in only one
			}
		}
		errs := make([]error, 2)
		for i := range 2 {
			all.Go(func() {
				var once sync.Once
				errs[i] = store.InTx(context.Background(), s, func(tx *sql.Tx) error {
					_, err := tx.Exec(`UPDATE kv SET value = value WHERE name = $1`, names[i])
					once.Do(meet)
					if err != nil {
						return err
					}
					_, err = tx.Exec(`UPDATE kv SET value = value WHERE name = $1`, names[1-i])
					return err
				})
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	})
}
