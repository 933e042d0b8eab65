package mattermost

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
)

// isRoom tells whether a channel is one where officers work.
func (a *Adapter) isRoom(channel string) bool { return slices.Contains(a.c.Rooms, channel) }

// heardInRoom makes an update of a post in the officers' channel: of what is
// written in a thread, and of what names the bot. All else there is talk among
// officers and not heard.
func (a *Adapter) heardInRoom(p *model.Post, me Me) (bot.Update, bool) {
	u, ok := a.called(p, me)
	if !ok && p.RootId == "" {
		return bot.Update{}, false
	}
	if !ok {
		u = a.from(p)
		u.Private, u.Kind, u.Text = false, bot.KindText, strings.TrimSpace(p.Message)
		if u.Text == "" {
			u.Kind = bot.KindOther
		}
	}
	u.Thread = p.RootId
	return u, true
}

// commandWords are the words that are commands in a channel.
func (a *Adapter) commandWords(channel string) []string {
	if a.isRoom(channel) {
		return slices.Concat(a.c.CommandWords, a.c.RoomWords)
	}
	return a.c.CommandWords
}

// pressedInRoom makes the origin of a press in the officers' channel. What
// answers it stands in the thread of the pressed post, which is the thread's
// root when it stands in none.
func pressedInRoom(p model.PostActionIntegrationRequest, exchange, root string) bot.Origin {
	if root == "" {
		root = p.PostId
	}
	return bot.Origin{
		Account: bot.Account{Platform: bot.Mattermost, ID: p.UserId}, Chat: p.ChannelId, Message: p.PostId,
		Thread: root, Handle: inThread(exchange, root),
	}
}

// Member tells whether a person is in a room; see bot.Members. Of a channel
// that the server tells nothing of, nobody is a member: buttons there do
// nothing.
func (a *Adapter) Member(ctx context.Context, room, person bot.Account) (bool, error) {
	if person.Platform != bot.Mattermost {
		return false, nil
	}
	err := a.try(ctx, "look for a member", func(ctx context.Context) (*model.Response, error) {
		_, r, err := a.api.GetChannelMember(ctx, room.ID, person.ID, "")
		return r, err
	})
	if server.Refused(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for a member: %w", err)
	}
	return true, nil
}

// left reads that somebody has left a room, or was put out of it. The event
// goes to the channel's members with user_id, and to who has left, without it
// (app/channel.go, removeUserFromChannel).
func (a *Adapter) left(f frame) (bot.Update, bool) {
	who, ok := f.removed()
	me := a.me.get()
	if !ok || !a.isRoom(f.Broadcast.ChannelID) || who == me.ID {
		return bot.Update{}, false
	}
	now := a.c.Now()
	return bot.Update{
		Origin: bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: who}, Chat: f.Broadcast.ChannelID},
		ID:     fmt.Sprintf("left %s %s %d", f.Broadcast.ChannelID, who, now.UnixMilli()), Kind: bot.KindLeft, At: now,
	}, true
}
