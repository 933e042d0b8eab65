package bot

import (
	"context"
	"time"
)

// showWorking tells the person, once, that the answer takes longer.
func (e *Engine) showWorking(it *item) {
	e.mu.Lock()
	over := it.answered || e.life.Err() != nil || e.stopping && e.active == 0
	if !over {
		it.answered = true
		e.active++
	}
	e.mu.Unlock()
	if over {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			e.c.Logger.Error("the sign of life panicked", "platform", it.update.Account.Platform, "error", caught(p))
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.finish()
	}()
	ctx, cancel := context.WithTimeout(e.life, workingBound)
	defer cancel()
	e.c.Channels[it.update.Account.Platform].Working(ctx, it.update.Origin)
}

// workingBound is the most time for one sign of life.
const workingBound = 5 * time.Second
