package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Messages gives the transcript of the person's chat, oldest first.
func (p *Person) Messages() []Message { return p.s.Messages(p.chat.id) }

// Last gives the newest message of the bot's in the chat that is not deleted,
// or a zero Message.
func (p *Person) Last() Message {
	for _, m := range slices.Backward(p.Messages()) {
		if m.Bot && !m.Deleted {
			return m
		}
	}
	return Message{}
}

// Toasts gives the answers to the person's presses, oldest first.
func (p *Person) Toasts() []Toast {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.user.toasts)
}

// Wait waits until some message of the bot's in the chat that is not deleted
// satisfies ok, and gives the newest such; a nil ok takes any. It fails when
// ctx ends.
func (p *Person) Wait(ctx context.Context, ok func(Message) bool) (Message, error) {
	changes, cancel := p.s.Subscribe()
	defer func() { cancel() }()
	for {
		for _, m := range slices.Backward(p.Messages()) {
			if m.Bot && !m.Deleted && (ok == nil || ok(m)) {
				return m, nil
			}
		}
		select {
		case _, open := <-changes:
			if open {
				continue
			}
			changes, cancel = p.s.Subscribe() // lagged too far behind, or
		case <-p.s.closed:
			return Message{}, errors.New("telegramtest: the server closed while waiting for a message")
		case <-ctx.Done():
			return Message{}, fmt.Errorf("telegramtest: no such message of the bot's: %w", ctx.Err())
		}
	}
}
