package bot

import "slices"

// reconcile makes a queue what the inbox shows of the account, which other
// processes write into as well, and tells how many items may be answered under
// this lock. What another process has received before one of ours is taken in:
// who holds the account's lock answers for all. What was answered elsewhere is
// dropped. before is how many items the queue had before the lock was asked
// for: of those that came since, only the next lock tells.
func (e *Engine) reconcile(q *queue, lock Lock, before int) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	mine := make(map[row]*item, len(q.items))
	for _, it := range q.items {
		mine[it.row()] = it
	}
	var items []*item
	for _, r := range lock.Open {
		if len(mine) == 0 {
			break // the rest is behind ours
		}
		id := row{r.Source, r.ID}
		it := mine[id]
		if delete(mine, id); it == nil {
			it = e.claim(q, r)
		}
		if it != nil {
			items = append(items, it)
		}
	}
	stepBack(items)
	shown := len(items)
	for i, it := range q.items {
		switch {
		case mine[it.row()] != it:
		case lock.More || i >= before: // newer than what was shown, or answered: a later lock tells
			items = append(items, it)
		default: // another process answered it
			e.evict(it, false)
		}
	}
	q.items = items
	return shown
}

// claim reads what another process has received. It gives nil for what is
// answered, cannot be read, or has to wait for the next start. It runs under
// the lock.
func (e *Engine) claim(q *queue, r InboxItem) *item {
	if _, acked := e.acked[row{r.Source, r.ID}]; acked {
		return nil
	}
	u, received, err := decodeRow(r)
	if err != nil || u.Account != q.account {
		return nil // the look at the inbox tells of it
	}
	it := newItem(u, q.turn, received, e.c.Now())
	if !e.admit(it) {
		return nil
	}
	e.waiting++
	return it
}

// stepBack lets what the account asked go before words that could not be said
// at a first try: who waits for an answer does not wait for these.
func stepBack(items []*item) {
	slices.SortStableFunc(items, func(a, b *item) int { return a.behind() - b.behind() })
}
