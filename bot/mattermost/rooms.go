package mattermost

import (
	"context"
	"sync"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
	"resetpin/bot/platform"
)

// maxRooms bounds the remembered channels; beyond it all are asked for anew.
const maxRooms = 20000

// rooms remembers which channel is the direct message with whom.
type rooms struct {
	mu     sync.Mutex
	byUser map[string]string
	kinds  map[string]model.ChannelType
}

func (r *rooms) get(user string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byUser[user]
}

func (r *rooms) put(user, channel string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byUser == nil || len(r.byUser) >= maxRooms {
		r.byUser = make(map[string]string)
	}
	r.byUser[user] = channel
}

func (r *rooms) kind(channel string) model.ChannelType {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kinds[channel]
}

func (r *rooms) putKind(channel string, kind model.ChannelType) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kinds == nil || len(r.kinds) >= maxRooms {
		r.kinds = make(map[string]model.ChannelType)
	}
	r.kinds[channel] = kind
}

// roomOf gives the channel that an origin means: the one it names, or the
// direct message with the account. An account may also be a channel's id: a
// group of officers has no other address. It gives bot.ErrGone when there is
// neither.
func (a *Adapter) roomOf(ctx context.Context, to bot.Origin) (string, error) {
	if to.Chat != "" {
		return to.Chat, nil
	}
	if a.isRoom(to.Account.ID) {
		return to.Account.ID, nil
	}
	if id := a.rooms.get(to.Account.ID); id != "" {
		return id, nil
	}
	me, err := a.Me(ctx)
	if err != nil {
		return "", err
	}
	var c *model.Channel
	err = a.once(ctx, "open the direct message", func(ctx context.Context) (r *model.Response, err error) {
		c, r, err = a.api.CreateDirectChannel(ctx, me.ID, to.Account.ID)
		return r, err
	})
	if server.Refused(err) {
		refusal := err
		err = a.once(ctx, "look for the channel", func(ctx context.Context) (r *model.Response, err error) {
			c, r, err = a.api.GetChannel(ctx, to.Account.ID)
			return r, err
		})
		if server.Refused(err) {
			return "", platform.Gone(refusal)
		}
	}
	if err != nil {
		return "", err
	}
	a.rooms.put(to.Account.ID, c.Id)
	return c.Id, nil
}

// kindOf tells what kind a channel is; it is asked for once.
func (a *Adapter) kindOf(ctx context.Context, channel string) (model.ChannelType, error) {
	if k := a.rooms.kind(channel); k != "" {
		return k, nil
	}
	var c *model.Channel
	err := a.once(ctx, "look at a channel", func(ctx context.Context) (r *model.Response, err error) {
		c, r, err = a.api.GetChannel(ctx, channel)
		return r, err
	})
	if err != nil {
		return "", err
	}
	a.rooms.putKind(channel, c.Type)
	return c.Type, nil
}
