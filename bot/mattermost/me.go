package mattermost

import (
	"context"
	"resetpin/bot/mattermost/server"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// Me is the bot account as the server knows it.
type Me struct {
	ID       string
	Username string
	SiteURL  string // how people reach the server; empty: not set there
}

// identity keeps who the bot is; it is asked for once.
type identity struct {
	asking chan struct{} // holds one while somebody asks; who waits for it may give up
	known  atomic.Pointer[Me]
}

// get gives who the bot is, or nobody while the server has not told.
func (i *identity) get() Me {
	if m := i.known.Load(); m != nil {
		return *m
	}
	return Me{}
}

// Me tells who the bot is. The server is asked until it has answered once.
func (a *Adapter) Me(ctx context.Context) (Me, error) {
	if m := a.me.known.Load(); m != nil {
		return *m, nil
	}
	select {
	case a.me.asking <- struct{}{}:
		defer func() { <-a.me.asking }()
	case <-ctx.Done():
		return Me{}, &server.Error{What: "ask who the bot is", Err: ctx.Err()}
	}
	if m := a.me.known.Load(); m != nil {
		return *m, nil
	}
	m, _, err := a.askMe(ctx)
	if err != nil {
		return Me{}, err
	}
	a.me.known.Store(&m)
	return m, nil
}

// meBound is how long a command waits to learn who the bot is.
const meBound = 2 * time.Second

// meNow is who the bot is, asked for when that is not known yet: a command may
// come before the first connection. It is nobody when the server does not tell
// soon.
func (a *Adapter) meNow(ctx context.Context) Me {
	ctx, cancel := context.WithTimeout(ctx, meBound)
	defer cancel()
	if _, err := a.Me(ctx); err != nil {
		a.c.Logger.DebugContext(ctx, "mattermost does not tell who the bot is yet", "error", err)
	}
	return a.me.get()
}

// askMe asks the server who the bot is. The response tells the server's time.
func (a *Adapter) askMe(ctx context.Context) (Me, *model.Response, error) {
	var user *model.User
	var last *model.Response
	err := a.once(ctx, "ask who the bot is", func(ctx context.Context) (r *model.Response, err error) {
		user, last, err = a.api.GetMe(ctx, "")
		return last, err
	})
	if err != nil {
		return Me{}, last, err
	}
	m := Me{ID: user.Id, Username: user.Username}
	site := ""
	err = a.once(ctx, "ask the server's address", func(ctx context.Context) (*model.Response, error) {
		c, r, err := server.AskClientConfig(ctx, a.api)
		if err == nil {
			site = c.SiteURL
			a.authority.learn(c)
		}
		return r, err
	})
	if err != nil {
		return Me{}, last, err
	}
	m.SiteURL = strings.TrimRight(site, "/")
	return m, last, nil
}

// DMLink gives the address that opens the direct message with the bot in a
// team (its name in addresses), or an empty one while the bot does not know
// its own name.
func (a *Adapter) DMLink(team string) string {
	me := a.me.get()
	if me.ID == "" || team == "" {
		return ""
	}
	base := me.SiteURL
	if base == "" {
		base = a.c.URL
	}
	return base + "/" + team + "/messages/@" + me.Username
}
