package telegram

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/telegram/telegramtest"
)

// TestTypingGoesOn: the sign of life is repeated until the answer comes.
func TestTypingGoesOn(t *testing.T) {
	t.Parallel()
	tg, err := telegramtest.New("4242:x", telegramtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tg.Close() })
	a, err := New(Config{Token: "4242:x", APIURL: tg.URL(), Signer: bot.NewSigner(nil), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	a.typing.again = 20 * time.Millisecond
	tg.User(77, "Sari", "id").Type("halo")
	to := bot.Origin{Account: account(77)}
	ctx, cancel := context.WithCancel(t.Context())
	a.Working(ctx, to)
	cancel()
	a.Working(ctx, to) // a second update of the same chat
	count := func() int { return len(tg.Calls()) }
	for end := time.Now().Add(time.Minute); count() < 4; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("only %d calls", count())
		}
	}
	if err := a.Deliver(t.Context(), to, bot.Reply{Messages: []bot.Message{{Text: "selesai"}}}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // one may have been under way
	after := count()
	time.Sleep(100 * time.Millisecond)
	if count() != after {
		t.Error("still typing after the answer")
	}
}
