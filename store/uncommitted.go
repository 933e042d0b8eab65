package store

import (
	"database/sql"
	"sync"
)

// effects are what is told of a transaction when it has happened.
type effects struct {
	lines []Event      // of the audit trail, to be counted
	words []InboxEntry // to be said
	jobs  []Job        // to be done
}

// uncommitted are the effects of transactions that are not committed yet.
type uncommitted struct {
	mu sync.Mutex
	of map[*sql.Tx]*effects
}

func (u *uncommitted) add(tx *sql.Tx, add func(*effects)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.of == nil {
		u.of = make(map[*sql.Tx]*effects)
	}
	if u.of[tx] == nil {
		u.of[tx] = &effects{}
	}
	add(u.of[tx])
}

// take gives the effects of a transaction that has ended.
func (u *uncommitted) take(tx *sql.Tx) effects {
	u.mu.Lock()
	defer u.mu.Unlock()
	e := u.of[tx]
	if e == nil {
		return effects{}
	}
	delete(u.of, tx)
	return *e
}
