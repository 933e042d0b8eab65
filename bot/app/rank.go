package app

import (
	"context"
	"slices"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// rankBound is how long it is looked up whether an account is linked.
const rankBound = time.Second

// rank tells how soon an update is served when many wait. Officers in their
// rooms come with those who are linked.
func (a *App) rank(ctx context.Context, u bot.Update) bot.Rank {
	if u.Kind == bot.KindUnasked {
		return talk.Rank(u)
	}
	if slices.Contains(a.handlers.Settings.HelpdeskChats, talk.Room(u)) {
		return bot.RankAsked
	}
	ctx, cancel := context.WithTimeout(ctx, rankBound)
	defer cancel()
	if linked, err := a.store.Linked(ctx, store.Account(u.Account)); err == nil && !linked {
		return bot.RankStranger
	}
	return bot.RankAsked // the answer tells when the database cannot be read
}
