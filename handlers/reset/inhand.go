package reset

import "sync"

// inHand are the resets that this process asks BSrE for at the moment.
type inHand struct {
	mu  sync.Mutex
	ids map[int64]bool
}

func (h *inHand) take(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids[id] = true
}

func (h *inHand) leave(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.ids, id)
}

func (h *inHand) has(id int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ids[id]
}
