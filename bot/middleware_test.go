package bot

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestChainPutsTheFirstOutermost(t *testing.T) {
	var order []string
	mark := func(name string) Middleware {
		return func(next Handler) Handler {
			return func(ctx context.Context, u Update) (Reply, error) {
				order = append(order, name)
				return next(ctx, u)
			}
		}
	}
	_, err := Chain(echo, mark("one"), mark("two"))(t.Context(), Update{})
	want(t, "order", fmt.Sprint(order, err), "[one two] <nil>")
}

func TestACaughtPanicTellsWhereButNotWhat(t *testing.T) {
	cases := map[string]struct {
		panicked func()
		text     string
	}{
		"text":    {func() { panic("geheim") }, "panic: a value of type string"},
		"error":   {func() { panic(errors.New("geheim")) }, "panic: a value of type *errors.errorString"},
		"runtime": {func() { missing()["geheim"]++ }, "panic: assignment to entry in nil map"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e := NewEngine(EngineConfig{Handler: func(context.Context, Update) (Reply, error) { c.panicked(); return text("x"), nil }})
			r, err := e.askHandler(t.Context(), Update{})
			var p *PanicError
			if !errors.As(err, &p) || err.Error() != c.text || len(r.Messages) != 0 {
				t.Fatalf("got %v, %v", r, err)
			}
			if !strings.Contains(p.Stack, "middleware_test.go") || strings.Contains(p.Stack, "geheim") {
				t.Error(p.Stack)
			}
		})
	}
}

func TestLogNamesNothingTyped(t *testing.T) {
	log := &lines{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h := Chain(func(_ context.Context, u Update) (Reply, error) {
		switch u.Text {
		case "fail":
			return Reply{}, errDown
		case "panic":
			panic("geheim")
		}
		return Reply{}, nil
	}, Log(logger, "status", "link"))
	origin := Origin{Account: Account{Telegram, "1"}}
	for _, u := range []Update{
		{Origin: origin, Kind: KindCommand, Command: "link", Text: "geheim"},
		{Origin: origin, Kind: KindCommand, Command: "geheim"},
		{Origin: origin, Kind: KindText, Text: "geheim"},
		{Origin: origin, Kind: KindAction, Action: Action{Name: "reset.do", Arg: "geheim"}},
		{Origin: origin, Kind: KindText, Text: "fail"},
		{Origin: origin, Kind: KindText, Text: "panic"},
	} {
		func() {
			defer func() { _ = recover() }() // as the engine does
			_, _ = h(t.Context(), u)
		}()
	}
	got := log.String()
	for i, part := range []string{"kind=command name=link outcome=ok", "name=other", `kind=text name="" outcome=ok`,
		"name=reset.do", "outcome=error", "outcome=panic"} {
		line := strings.Split(got, "\n")[i]
		if !strings.Contains(line, part) || !strings.Contains(line, "platform=telegram") || !strings.Contains(line, "took=") {
			t.Errorf("line %d: %s, want %s", i, line, part)
		}
	}
	if strings.Contains(got, "geheim") {
		t.Error(got)
	}
	quiet := Log(slog.New(slog.NewTextHandler(log, nil)))(echo)
	if _, err := quiet(t.Context(), Update{}); err != nil || log.String() != got {
		t.Error("written though debug is off")
	}
}

func TestRateLimit(t *testing.T) {
	now := time.Unix(1, 0)
	h := RateLimit(Limit{Every: time.Second, Burst: 4, Keep: 3, Now: func() time.Time { return now }},
		func(context.Context, Update) Reply { return text("slow") })(echo)
	ask := func(account string) string {
		r, err := h(t.Context(), said(account, "1", "hi"))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Messages) == 0 {
			return "-"
		}
		return r.Messages[0].Text
	}
	asks := func(account string, n int) string {
		var all []string
		for range n {
			all = append(all, ask(account))
		}
		return strings.Join(all, " ")
	}
	want(t, "a burst", asks("a", 7), "hi hi hi hi slow - -")
	want(t, "another account", ask("b"), "hi")
	now = now.Add(1100 * time.Millisecond)
	want(t, "not calm yet", asks("a", 2), "- -")
	now = now.Add(time.Second)
	want(t, "calm again", asks("a", 4), "hi hi slow -")
	now = now.Add(time.Hour)
	want(t, "much later", asks("a", 5), "hi hi hi hi slow")
	for i := range 100 { // others come and go, and the one that floods is not forgotten
		want(t, "another", ask(named("u", i)), "hi")
		want(t, "the flood", ask("a"), "-")
	}
	want(t, "an account seen long ago is new again", asks("b", 4), "hi hi hi hi")
}

func TestRateLimitForgets(t *testing.T) {
	b := &buckets{limit: Limit{Every: time.Second, Burst: 1, Keep: 10, Now: time.Now}, byAccount: nil}
	b.byAccount = make(map[Account]*list.Element)
	for i := range 1000 {
		b.classify(Account{Telegram, strconv.Itoa(i)})
	}
	want(t, "remembered", fmt.Sprint(len(b.byAccount), b.recent.Len()), "10 10")
}

func missing() map[string]int { return nil }
