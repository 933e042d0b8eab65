package mattermost

import (
	"context"
	"path"
	"strings"

	"resetpin/bot"
	"resetpin/bot/platform"
)

// commandSign stands in a slash command's handle before what another process,
// or this one after a restart, needs to tell the channel where it goes on.
const commandSign = "~"

// handleOfCommand gives the handle of a slash command: the exchange's id, the
// id of its response_url and the team's name. In the direct message nobody is
// to be told.
func handleOfCommand(e *exchange) string {
	if e.direct || e.response == "" {
		return e.id
	}
	return strings.Join([]string{e.id, path.Base(e.response), e.team}, commandSign)
}

// leadElsewhere tells the channel of a slash command where it goes on, when the
// process that took the command is not this one. That one told it to wait, or
// is about to: what is said before would stand above those words.
func (a *Adapter) leadElsewhere(ctx context.Context, to bot.Origin, r bot.Reply, err error) {
	parts := strings.Split(to.Handle, commandSign)
	if len(parts) != 3 {
		return
	}
	e := &exchange{source: fromCommand, born: a.c.Now(), user: to.Account.ID, team: parts[2], response: a.c.URL + responsePath + parts[1]}
	body, ok := a.wayOn(ctx, e, r, false, err)
	if !ok {
		return
	}
	back := bot.Away(ctx)
	defer back()
	if platform.Sleep(ctx, a.c.Timing.Answer) == nil {
		a.respond(ctx, e, body)
	}
}
