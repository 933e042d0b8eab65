package telegram

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"resetpin/bot"
	"resetpin/bot/platform"
)

// pace keeps the bot's messages under Telegram's limits, overall and per
// chat, and holds a chat for as long as Telegram asked. What it may send to all
// chats together is shared out by rank, see platform.Turns.
// https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
type pace struct {
	limits  Limits
	overall *platform.Turns

	mu    sync.Mutex
	chats map[string]*chatPace
	swept time.Time
}

type chatPace struct {
	limiter *rate.Limiter
	held    time.Time // nothing is sent before
	used    time.Time
}

// groupBurst is how many messages a group gets at once, as many as a new ticket
// and its being taken: with the 15 of the minute after they are the 20 that
// Telegram allows in any minute.
const groupBurst = 5

// paceKept is how long an idle chat is remembered, longer than its burst
// takes to refill.
const paceKept = 2 * time.Minute

func newPace(l Limits) *pace {
	return &pace{limits: l, overall: platform.NewPace(rate.NewLimiter(l.Overall, l.OverallBurst)), chats: map[string]*chatPace{}}
}

// wait waits until the chat may get one more message.
func (p *pace) wait(ctx context.Context, chat string) error {
	if err := p.mayCall(chat); err != nil {
		return err
	}
	p.mu.Lock()
	own := p.get(chat).limiter
	p.mu.Unlock()
	if !own.Allow() {
		back := bot.Away(ctx)
		err := own.Wait(ctx)
		back()
		if err != nil {
			return fmt.Errorf("wait for a turn to send: %w", err)
		}
	}
	if _, err := p.overall.Wait(ctx); err != nil {
		return fmt.Errorf("wait for a turn to send: %w", err)
	}
	return nil
}

// errHeld says that Telegram asked to wait with what concerns a chat.
var errHeld = errors.New("telegram asked to wait with this chat")

// mayCall gives errHeld, in a *bot.Later, while the chat is held.
func (p *pace) mayCall(chat string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if left := time.Until(p.get(chat).held); left > 0 {
		return &bot.Later{After: left, Err: errHeld}
	}
	return nil
}

// hold keeps everything back from the chat for d.
func (p *pace) hold(chat string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.get(chat).held = time.Now().Add(d)
}

// get gives the chat's entry; it runs under the lock.
func (p *pace) get(chat string) *chatPace {
	now := time.Now()
	c := p.chats[chat]
	if c == nil {
		p.sweep(now)
		limit, burst := p.limits.PerChat, p.limits.PerChatBurst
		if strings.HasPrefix(chat, "-") || strings.HasPrefix(chat, "@") {
			limit, burst = limit/4, min(burst, groupBurst)
		}
		c = &chatPace{limiter: rate.NewLimiter(limit, burst)}
		p.chats[chat] = c
	}
	c.used = now
	return c
}

// sweep forgets idle chats now and then; it runs under the lock.
func (p *pace) sweep(now time.Time) {
	if now.Sub(p.swept) < paceKept/2 {
		return
	}
	p.swept = now
	for chat, c := range p.chats {
		if now.Sub(c.used) > paceKept && now.After(c.held) {
			delete(p.chats, chat)
		}
	}
}
