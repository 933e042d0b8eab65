package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// The outcomes that an Observer hears of.
const (
	OutcomeAnswered    = "answered"
	OutcomeOutage      = "outage"      // answered that BSrE cannot be reached, or lets the bot not in
	OutcomeFailed      = "failed"      // the handler gave an error; the person got the kind sentence
	OutcomeGone        = "gone"        // the person cannot be reached any more
	OutcomeUndelivered = "undelivered" // given up
	OutcomeOverrun     = "overrun"     // a stranger's, not heard while more is asked than can be answered
)

// Observer counts what the engine does.
type Observer interface {
	// Handled hears of an update that was answered or given up, and how long
	// after its receipt.
	Handled(platform, kind, outcome string, took time.Duration)
	// Delayed hears of an answer that could not be delivered at the first try.
	Delayed(platform string)
}

// nobody is an Observer that does not count.
type nobody struct{}

func (nobody) Handled(string, string, string, time.Duration) {}
func (nobody) Delayed(string)                                {}

// EngineConfig is all that NewEngine needs.
type EngineConfig struct {
	Inbox    Inbox
	Channels map[string]Channel // by platform
	Handler  Handler            // middleware included
	Unasked  Handler            // composes what is said unasked; nil: nothing is
	Sorry    func(ctx context.Context, u Update, errorID string) Reply
	Rank     func(ctx context.Context, u Update) Rank        // how soon an update is served when many wait; nil: what is asked before what is unasked
	Lost     func(ctx context.Context, to Origin, err error) // told of unasked words that nobody will get; nil: nobody is told
	Logger   *slog.Logger
	Observer Observer         // nil: nobody counts
	Now      func() time.Time // nil: time.Now

	Concurrency   int             // accounts answered at the same time, shared out evenly to the platforms; 0: 64
	Waiting       int             // updates that may wait in memory; 0: 10000
	Patience      time.Duration   // until a person is shown that the answer takes longer; 0: 400 ms
	Turn          time.Duration   // most time for one try at an update; 0: 2 minutes
	Retry         []time.Duration // waits between tries to deliver, the last one again and again; nil: 300 ms to 1 minute
	GiveUp        time.Duration   // until an answer that cannot be delivered is given up; 0: 10 minutes
	GiveUpUnasked time.Duration   // the same for what is said unasked; 0: a day
	Look          time.Duration   // between looks for updates that a dead process left; 0: 5 s
	Adopt         time.Duration   // age from which such an update is taken over; 0: 15 s
	Grace         time.Duration   // most time that Stop takes; 0: 10 s
}

// Engine carries updates to the handler and replies back: each account's in
// order, different accounts side by side, none lost. After a crash an update
// may be handled a second time, so handlers key their effects.
type Engine struct {
	c     EngineConfig
	life  context.Context //nolint:containedctx // the engine's own life, ended by Stop
	end   context.CancelFunc
	ready chan struct{} // closed when Start has taken up the inbox
	drain chan struct{} // closed when Stop begins
	idle  chan struct{} // closed when Stop has begun and nothing is at work any more

	mu       sync.Mutex
	started  bool
	stopping bool
	active   int // goroutines at work
	lanes    map[string]*lane
	queues   map[Account]*queue // of accounts that have something to do
	known    map[row]bool       // updates in memory; true: answered, but the inbox could not be told
	acked    map[row]time.Time  // slow updates that were closed lately, and when
	waiting  int                // updates that take up room
	room     chan struct{}      // closed when there is room again; nil: nobody waits for it
}

// errStopping says that the engine takes nothing more: the platform brings
// the update again later.
var errStopping = errors.New("the engine is stopping")

// NewEngine gives an engine that does nothing before Start.
func NewEngine(c EngineConfig) *Engine {
	setDefault(&c.Concurrency, 64)
	setDefault(&c.Waiting, 10_000)
	setDefault(&c.Patience, 400*time.Millisecond)
	setDefault(&c.Turn, 2*time.Minute)
	setDefault(&c.GiveUp, 10*time.Minute)
	setDefault(&c.GiveUpUnasked, 24*time.Hour)
	setDefault(&c.Look, 5*time.Second)
	setDefault(&c.Adopt, 15*time.Second)
	setDefault(&c.Grace, 10*time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger != nil {
		c.Logger = WithIDs(c.Logger)
	}
	if c.Observer == nil {
		c.Observer = nobody{}
	}
	if c.Unasked == nil {
		c.Unasked = func(context.Context, Update) (Reply, error) { return Reply{}, ErrGone }
	}
	if c.Rank == nil {
		c.Rank = func(_ context.Context, u Update) Rank {
			if u.Kind == KindUnasked {
				return RankUnasked
			}
			return RankAsked
		}
	}
	if c.Retry == nil {
		c.Retry = []time.Duration{300 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second,
			10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute}
	}
	life, end := context.WithCancel(context.Background())
	e := &Engine{
		c: c, life: life, end: end,
		ready: make(chan struct{}), drain: make(chan struct{}), idle: make(chan struct{}),
		lanes: make(map[string]*lane), queues: make(map[Account]*queue), known: make(map[row]bool),
		acked: make(map[row]time.Time),
	}
	for platform := range c.Channels {
		e.lanes[platform] = &lane{limit: max(1, c.Concurrency/len(c.Channels)), wake: make(chan struct{})}
	}
	return e
}

func setDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}

// Receive stores updates durably and queues those that are new. Before Start
// has taken up the inbox, and while too much waits already, it waits as long
// as ctx allows; then, and when the engine stops, it gives an error and the
// platform brings the updates again. What strangers write in a flood is left
// out, see spared.
func (e *Engine) Receive(ctx context.Context, updates ...Update) error {
	if updates = e.spared(ctx, updates); len(updates) == 0 {
		return nil
	}
	received := e.c.Now()
	items := make([]InboxItem, len(updates))
	for i, u := range updates {
		if e.lanes[u.Account.Platform] == nil {
			return fmt.Errorf("receive update: platform %q is not connected", u.Account.Platform)
		}
		payload, err := encodeUpdate(u, received)
		if err != nil {
			return err
		}
		items[i] = InboxItem{Source: u.Account.Platform, ID: u.ID, Account: u.Account.String(), Payload: payload}
	}
	if err := e.reserve(ctx, len(updates)); err != nil {
		return err
	}
	fresh, err := e.c.Inbox.Add(ctx, items)
	if err == nil && len(fresh) != len(items) {
		err = fmt.Errorf("%d answers for %d updates", len(fresh), len(items))
	}
	if err != nil {
		e.release(len(updates))
		return fmt.Errorf("store updates: %w", err)
	}
	ranks := make([]Rank, len(updates))
	for i, u := range updates {
		if fresh[i] {
			ranks[i] = e.rank(ctx, u)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, u := range updates {
		if !fresh[i] || !e.enqueue(newItem(u, ranks[i], received, received)) {
			e.giveRoom(1)
		}
	}
	return nil
}

// reserve waits for room for n updates. A batch may overshoot the bound, so
// that two batches never wait for each other's half.
func (e *Engine) reserve(ctx context.Context, n int) error {
	select {
	case <-e.ready:
	case <-e.drain:
		return errStopping
	case <-ctx.Done():
		return fmt.Errorf("the engine has not started: %w", ctx.Err())
	}
	for {
		e.mu.Lock()
		if e.stopping {
			e.mu.Unlock()
			return errStopping
		}
		if e.waiting < e.c.Waiting {
			e.waiting += n
			e.mu.Unlock()
			return nil
		}
		if e.room == nil {
			e.room = make(chan struct{})
		}
		room := e.room
		e.mu.Unlock()
		select {
		case <-room:
		case <-e.drain:
			return errStopping
		case <-ctx.Done():
			return fmt.Errorf("too many updates wait: %w", ctx.Err())
		}
	}
}

func (e *Engine) release(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.giveRoom(n)
}

// giveRoom runs under the lock.
func (e *Engine) giveRoom(n int) {
	e.waiting -= n
	if e.room != nil && e.waiting < e.c.Waiting {
		close(e.room)
		e.room = nil
	}
}

// Waiting tells how many updates are in memory, queued or at work.
func (e *Engine) Waiting() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.waiting
}
