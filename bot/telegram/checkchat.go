package telegram

import (
	"context"
	"errors"
	"fmt"
	"resetpin/bot/platform"
	"strconv"
)

// ErrRoom says what is wrong with a chat that the bot knows, and how that is
// mended.
var ErrRoom = errors.New("the chat is there")

// CheckChat looks whether the bot can work in a chat: whether it knows it, may
// write there, and may make topics where there are some. An error that wraps
// ErrRoom tells itself what to do. People there see the bot typing for a moment.
func (a *Adapter) CheckChat(ctx context.Context, chat string) error {
	var found struct {
		Forum bool `json:"is_forum"`
	}
	if err := a.ask(ctx, "getChat", map[string]any{paramChat: chat}, &found); err != nil {
		return fmt.Errorf("look for the chat: %w", err)
	}
	err := a.ask(ctx, "sendChatAction", map[string]any{paramChat: chat, "action": "typing"}, nil)
	if e := refusal(err); e != nil && e.MigratedTo != 0 {
		return fmt.Errorf("%w, but the group became a supergroup, whose id is %d: set that", ErrRoom, e.MigratedTo)
	}
	if err != nil {
		return fmt.Errorf("write into the chat: %w", err)
	}
	if !found.Forum {
		return nil
	}
	me, err := a.Me(ctx)
	if err != nil {
		return err
	}
	var mine struct {
		Topics bool `json:"can_manage_topics"`
	}
	if err := a.ask(ctx, "getChatMember", map[string]any{paramChat: chat, "user_id": strconv.FormatInt(me.ID, 10)}, &mine); err != nil {
		return fmt.Errorf("look for the bot's rights: %w", err)
	}
	if !mine.Topics {
		return fmt.Errorf("%w and has topics, but the bot may not make any: make it an administrator with the right \"Manage topics\"", ErrRoom)
	}
	return nil
}

// ask makes one call, without trying again.
func (a *Adapter) ask(ctx context.Context, method string, params, out any) error {
	return platform.Within(ctx, a.c.Limits.Call, func(ctx context.Context) error { return a.api.call(ctx, method, params, out) })
}
