package platform

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
)

// chat is where a reply is brought, with what happens to it.
type chat struct {
	written  []string
	failAt   int // the message that cannot be written, from 1; 0: none
	parts    int // of it are written before that
	refuses  bool
	replaced bool
}

func (c *chat) bring(t *testing.T, r bot.Reply) error {
	t.Helper()
	return Reply{
		Remove: func(context.Context, string) (bool, error) {
			if c.refuses {
				return false, nil
			}
			c.written = append(c.written, "-")
			return true, nil
		},
		Write: func(_ context.Context, i int, m bot.Message) (int, error) {
			if i+1 == c.failAt {
				return m.Said + c.parts, errors.New("cut off")
			}
			c.replaced = c.replaced || m.Replace
			c.written = append(c.written, m.Text)
			return 1, nil
		},
		Replaces: func() bool { return !c.replaced },
	}.Bring(t.Context(), r)
}

func TestAReplyIsBroughtInItsOrder(t *testing.T) {
	r := bot.Reply{Messages: []bot.Message{{Text: "a", Replace: true}, {Text: "b", Replace: true}, {Text: "c"}},
		Remove: &bot.Removal{Done: bot.Message{Text: "done"}, Failed: bot.Message{Text: "failed"}}}
	for refuses, want := range map[bool]string{false: "- done a b c", true: "failed a b c"} {
		c := &chat{refuses: refuses}
		if err := c.bring(t, r); err != nil || strings.Join(c.written, " ") != want {
			t.Errorf("written %q, %v; want %q", c.written, err, want)
		}
	}
}

// What was said is not said again, and what was replaced not replaced again.
func TestOnlyTheRestIsTriedAgain(t *testing.T) {
	r := bot.Reply{Messages: []bot.Message{{Text: "a", Replace: true}, {Text: "b", Replace: true}, {Text: "c"}}, Form: &bot.Form{}, Said: 4}
	if err := (&chat{failAt: 1}).bring(t, r); err == nil || errors.As(err, new(*bot.Undelivered)) {
		t.Errorf("nothing was said, and the error is %v", err)
	}
	var left *bot.Undelivered
	if err := (&chat{failAt: 2}).bring(t, r); !errors.As(err, &left) || len(left.Rest.Messages) != 2 ||
		left.Rest.Messages[0].Text != "b" || left.Rest.Messages[0].Replace || left.Rest.Said != 5 || left.Rest.Form == nil {
		t.Errorf("left %+v", left)
	}
	if !r.Messages[1].Replace {
		t.Error("the reply itself was changed")
	}
	if err := (&chat{failAt: 1, parts: 2}).bring(t, r); !errors.As(err, &left) || len(left.Rest.Messages) != 3 || left.Rest.Messages[0].Said != 2 || left.Rest.Said != 4 {
		t.Errorf("two parts of the first message were said, and left is %+v", left)
	}
	r.Remove = &bot.Removal{}
	if err := (&chat{failAt: 1}).bring(t, r); !errors.As(err, &left) || len(left.Rest.Messages) != 4 || left.Rest.Remove != nil || !left.Rest.Messages[1].Replace {
		t.Errorf("a message was taken away, and left is %+v", left)
	}
}

func TestPausesGrowToTheirBound(t *testing.T) {
	next := Backoff(100*time.Millisecond, time.Second)
	for _, ms := range []int{100, 200, 400, 800, 1000, 1000, 1000} {
		want := time.Duration(ms) * time.Millisecond
		if got := next(); got < want*3/4 || got > want*5/4 {
			t.Errorf("a pause of %s, want about %s", got, want)
		}
	}
}

func TestSleepEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := Sleep(t.Context(), time.Nanosecond); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestDefaultsAndWords(t *testing.T) {
	n, s := 0, "mine"
	Or(&n, 7)
	Or(&s, "usual")
	if n != 7 || s != "mine" {
		t.Errorf("%d, %q", n, s)
	}
	if got := Escape("a_b *c* (d)"); got != `a\_b \*c\* \(d\)` {
		t.Errorf("escaped %s", got)
	}
	if !errors.Is(Gone(errors.New("x")), bot.ErrGone) {
		t.Error("nobody is gone")
	}
}
