package bot

import (
	"context"
	"testing"
	"time"
)

// overtaken is an inbox at which somebody looks right after a commit, before
// Add has come back.
type overtaken struct {
	*memory
	look func(items []InboxItem)
}

func (o *overtaken) Add(ctx context.Context, items []InboxItem) ([]bool, error) {
	fresh, err := o.memory.Add(ctx, items)
	o.look(items)
	return fresh, err
}

// What a look at the inbox has taken up before its receiver came to it is
// answered once.
func TestWhatIsInMemoryIsTakenUpOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		answered := 0
		o := &overtaken{memory: newMemory()}
		o.alone = true // nobody else looks what is still open
		b := setUpOn(t, o.memory, &room{}, func(c *EngineConfig) {
			c.Inbox = o
			c.Handler = func(_ context.Context, u Update) (Reply, error) {
				answered++
				time.Sleep(time.Second)
				return text(u.Text), nil
			}
		})
		o.look = func(items []InboxItem) { b.Adopt(items...) }
		b.start(t)
		b.receive(t, said("a", "1", "one"), said("a", "2", "two"))
		pause(10 * time.Second)
		b.stop(t)
		want(t, "answers that were made", answered, 2)
		want(t, "heard", b.room.heard("a"), []string{"one", "two"})
	})
}
