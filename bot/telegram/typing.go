package telegram

import (
	"context"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"resetpin/bot"
	"resetpin/bot/platform"
)

// Telegram shows "typing …" for five seconds at most, so it is said again
// while the answer takes longer, up to a bound.
const (
	typingAgain = 4500 * time.Millisecond
	typingMost  = 45 * time.Second
	workingMost = 2 * time.Second // one call made for Working
	answerMost  = 5 * time.Second // answering a press; later it is no use
)

// typing keeps the chats in which the bot is seen to type.
type typing struct {
	again time.Duration

	mu    sync.Mutex
	chats map[place]*shown
}

// shown is one stretch of typing in a chat.
type shown struct{ end context.CancelFunc }

func newTyping() *typing { return &typing{again: typingAgain, chats: map[place]*shown{}} }

// start begins a stretch of typing: its context ends when the chat gets its
// answer. It gives nil when the bot is typing there already.
func (t *typing) start(ctx context.Context, at place) (context.Context, *shown) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.chats[at] != nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, typingMost)
	now := &shown{end: cancel}
	t.chats[at] = now
	return ctx, now
}

// stop ends the typing in the chat, or only the given stretch of it.
func (t *typing) stop(at place, only *shown) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := t.chats[at]; now != nil && (only == nil || only == now) {
		now.end()
		delete(t.chats, at)
	}
}

// Working answers a pressed button, so that it stops spinning, and shows that
// the bot types. It returns when Telegram was told, after at most a few
// seconds; the typing goes on until the answer is delivered, for at most 45 s.
func (a *Adapter) Working(ctx context.Context, to bot.Origin) {
	var answering sync.WaitGroup
	defer answering.Wait()
	if _, query := splitHandle(to.Handle); a.answers.claim(query) {
		answering.Go(func() { a.answerPress(ctx, query, "") })
	}
	at := a.at(to)
	typing, now := a.typing.start(context.WithoutCancel(ctx), at)
	if now == nil {
		return
	}
	a.showTyping(ctx, at)
	a.aside.Go(func(life context.Context) {
		defer a.typing.stop(at, now)
		defer context.AfterFunc(life, now.end)()
		for platform.Sleep(typing, a.typing.again) == nil {
			a.showTyping(typing, at)
		}
	})
}

// showTyping shows "typing …" once. What goes wrong is of no consequence.
func (a *Adapter) showTyping(ctx context.Context, at place) {
	ctx, cancel := context.WithTimeout(ctx, workingMost)
	defer cancel()
	err := a.api.call(ctx, "sendChatAction", &tg.SendChatActionParams{ChatID: at.id(), MessageThreadID: at.topic, Action: models.ChatActionTyping}, nil)
	if err != nil && ctx.Err() == nil {
		a.c.Logger.Debug("typing could not be shown", "error", err)
	}
}

// answerPress answers a callback query, with a notice or without. It gives
// whether the person got to see it.
func (a *Adapter) answerPress(ctx context.Context, query, notice string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerMost)
	defer cancel()
	err := a.try(ctx, query, func(ctx context.Context) error {
		return a.api.call(ctx, "answerCallbackQuery", &tg.AnswerCallbackQueryParams{CallbackQueryID: query, Text: notice}, nil)
	})
	switch e := refusal(err); {
	case err == nil:
		return true
	case e.says("query is too old", "query id is invalid"):
		a.c.Logger.Debug("a press was too old to be answered")
	default:
		a.c.Logger.Warn("a press could not be answered", "error", err)
	}
	return false
}

// answerLate answers a press that nobody answered in time.
func (a *Adapter) answerLate(query string) {
	a.aside.Go(func(ctx context.Context) { a.answerPress(ctx, query, "") })
}
