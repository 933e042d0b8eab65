package bot

// align puts a queue into the order of the inbox, which other processes write
// into as well, and tells how many items may be answered under this lock. An
// update that another process has received before one of ours is taken in:
// who holds the account's lock answers for all. One that was answered
// elsewhere is dropped. before is how many items the queue had before the
// lock was asked for: of those that came since, only the next lock tells.
func (e *Engine) align(q *queue, lock Lock, before int) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	mine := make(map[row]*item)
	behind := make(map[*item][]*item) // what is said unasked stays behind the update it waited for
	var last *item
	for _, it := range q.items {
		if it.push != nil {
			behind[last] = append(behind[last], it)
			continue
		}
		mine[it.row()] = it
		last = it
	}
	items := behind[nil]
	take := func(it *item) {
		items = append(append(items, it), behind[it]...)
		delete(mine, it.row())
	}
	open := lock.Open
	for len(mine) > 0 && len(open) > 0 {
		it := mine[row{open[0].Source, open[0].ID}]
		if it == nil {
			it = e.takeIn(q, open[0])
		}
		if it != nil {
			take(it)
		}
		open = open[1:]
	}
	shown := len(items)
	for i, it := range q.items { // in their order
		switch {
		case it.push != nil || mine[it.row()] != it:
		case lock.More || i >= before: // newer than what was shown, or answered: a later lock tells
			take(it)
		default: // another process answered it
			items = append(items, behind[it]...)
			e.forget(it, false)
			shown = len(items)
		}
	}
	q.items = items
	return shown
}

// takeIn reads what another process has received. It gives nil for what is
// answered, cannot be read, or has to wait for the next start. It runs under
// the lock.
func (e *Engine) takeIn(q *queue, r InboxItem) *item {
	if _, shut := e.shut[row{r.Source, r.ID}]; shut {
		return nil
	}
	u, received, err := decodeUpdate(r.Payload)
	if err != nil || u.ID != r.ID || u.Account != q.account {
		return nil // the look at the inbox tells of it
	}
	it := &item{update: u, received: received, since: e.c.Now()}
	if !e.know(it) {
		return nil
	}
	e.waiting++
	return it
}
