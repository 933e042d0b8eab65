package app

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"resetpin/store"
)

// refusalPause is between two lines, in the log and in the audit trail, about
// refusals of one kind: whoever sends a flood of them writes no flood there.
const refusalPause = time.Minute

// refusalBound is the most time for lines about refusals: whoever is refused may
// be gone by then, and need not wait for a database that is silent.
const refusalBound = 10 * time.Second

// refusals counts what did not come from whom it claims, and tells of it now
// and then.
type refusals struct {
	log   *slog.Logger
	count func(platform, what string)
	audit func(ctx context.Context, e store.Event) error
	now   func() time.Time

	mu    sync.Mutex
	kinds map[refusal]*refused
}

type refusal struct{ platform, what string }

type refused struct {
	untold int
	why    string // of the last; empty: whoever refuses logs it
	told   time.Time
}

// note takes one.
func (r *refusals) note(ctx context.Context, platform, what, why string) {
	r.count(platform, what)
	kind := refusal{platform, what}
	r.mu.Lock()
	if r.kinds == nil {
		r.kinds = make(map[refusal]*refused)
	}
	if r.kinds[kind] == nil {
		r.kinds[kind] = new(refused)
	}
	r.kinds[kind].untold++
	r.kinds[kind].why = why
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refusalBound)
	defer cancel()
	r.tell(ctx)
}

// tell tells of what nobody was told yet and is due.
func (r *refusals) tell(ctx context.Context) {
	for kind, k := range r.due() {
		if k.why != "" {
			r.log.WarnContext(ctx, "what did not come from whom it claims was refused", "platform", kind.platform, "what", k.why, "times", k.untold)
		}
		e := store.Event{At: r.now(), Account: store.Account{Platform: kind.platform}, Action: "refused", Outcome: kind.what, Detail: strconv.Itoa(k.untold)}
		if err := r.audit(ctx, e); err != nil {
			r.log.ErrorContext(ctx, "a refusal could not be written down", "error", err)
		}
	}
}

func (r *refusals) due() map[refusal]refused {
	now := r.now()
	out := make(map[refusal]refused)
	r.mu.Lock()
	defer r.mu.Unlock()
	for kind, k := range r.kinds {
		if k.untold > 0 && (k.told.IsZero() || now.Sub(k.told) >= refusalPause || now.Before(k.told)) {
			out[kind] = *k
			k.untold, k.told = 0, now
		}
	}
	return out
}

// of gives the note of one platform.
func (r *refusals) of(platform string) func(ctx context.Context, what, why string) {
	return func(ctx context.Context, what, why string) { r.note(ctx, platform, what, why) }
}
