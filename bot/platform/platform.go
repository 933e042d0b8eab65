// Package platform is what the adapters of platforms share: how they wait and
// try again, and how a reply is brought in parts.
package platform

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sethvargo/go-retry"

	"resetpin/bot"
)

// Sleep waits, at most until ctx ends, whose error it gives then.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Backoff gives growing pauses with jitter, from first up to longest. They
// never end.
func Backoff(first, longest time.Duration) func() time.Duration {
	pauses := retry.WithJitterPercent(25, retry.WithCappedDuration(longest, retry.NewExponential(first)))
	return func() time.Duration {
		pause, _ := pauses.Next()
		return pause
	}
}

// Within makes a call that may take as long as most.
func Within(ctx context.Context, most time.Duration, call func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	return call(ctx)
}

// Gone marks an error as that of a chat in which nobody can be reached any
// more (bot.ErrGone).
func Gone(err error) error { return fmt.Errorf("%w: %w", bot.ErrGone, err) }

// Or sets what is not set to a default.
func Or[T comparable](v *T, usual T) {
	var zero T
	if *v == zero {
		*v = usual
	}
}

// Escape makes plain words neutral Markdown that shows them as they are.
func Escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]()<>#+-.!&~|=", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Reply is a reply on its way: what is done with its parts. Remove takes a
// message away and tells whether that is allowed there, Write brings a message
// and tells how many of the parts that it is brought in are there, and Replaces
// tells whether the origin's message is yet to be replaced by one.
type Reply struct {
	Remove   func(ctx context.Context, message string) (bool, error)
	Write    func(ctx context.Context, i int, m bot.Message) (said int, err error) // i counts from 0 what is written
	Replaces func() bool
}

// Bring takes away what a reply removes and writes its messages. When the first
// of them fails and nothing was done, the error is that of Write or Remove; later
// it is a *bot.Undelivered with the rest, in which what was replaced is not
// replaced a second time.
func (d Reply) Bring(ctx context.Context, r bot.Reply) error {
	queue := r.Messages
	if r.Remove != nil {
		said := r.Remove.Failed
		removed, err := d.Remove(ctx, r.Remove.Message)
		if err != nil {
			return err
		}
		if removed {
			said = r.Remove.Done
		}
		queue = append([]bot.Message{said}, queue...)
	}
	for i, m := range queue {
		said, err := d.Write(ctx, i, m)
		switch {
		case err == nil:
		case i == 0 && said == m.Said && r.Remove == nil:
			return err
		default:
			rest := slices.Clone(queue[i:])
			rest[0].Said = said
			for j := range rest {
				rest[j].Replace = rest[j].Replace && d.Replaces()
			}
			return &bot.Undelivered{Rest: bot.Reply{Notice: r.Notice, Messages: rest, Form: r.Form, Thread: r.Thread, Said: r.Said + i}, Err: err}
		}
	}
	return nil
}
