package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// Health is what Check found to be right.
type Health struct {
	Bot   string   // its username
	Teams []string // where it serves
	// Called tells that the server reached the bot. It is false while the bot
	// does not run: then nobody could have been reached.
	Called bool
}

// Check tries the server as it is configured: the bot's token, its teams and
// the slash commands there, the websocket, and the way from the server back to
// the bot. The error says what is wrong and how to mend it, and holds no
// secret.
func (a *Adapter) Check(ctx context.Context) (Health, error) {
	if len(a.tokens) == 0 {
		return Health{}, errors.New("MATTERMOST_COMMAND_TOKENS is empty: run resetpin mattermost setup, and put there what it prints")
	}
	u, r, err := a.api.GetMe(ctx, "")
	if err != nil {
		return Health{}, tokenError(explain("ask who the bot is", r, err))
	}
	if !u.IsBot {
		return Health{}, fmt.Errorf("MATTERMOST_BOT_TOKEN is the person @%s's: run resetpin mattermost setup, which makes a bot account", u.Username)
	}
	h := Health{Bot: u.Username}
	teams, r, err := a.api.GetTeamsForUser(ctx, u.Id, "")
	if err != nil {
		return h, explain("list the bot's teams", r, err)
	}
	if len(teams) == 0 {
		return h, fmt.Errorf("@%s is in no team: run resetpin mattermost setup", u.Username)
	}
	for _, t := range teams {
		if err := a.checkCommands(ctx, t); err != nil {
			return h, err
		}
		h.Teams = append(h.Teams, t.Name)
	}
	if err := a.checkSocket(ctx); err != nil {
		return h, err
	}
	h.Called, err = a.checkWayBack(ctx, u, teams[0])
	return h, err
}

// CheckChannel looks whether the bot may write in a channel where officers
// are. The error says how to mend it.
func (a *Adapter) CheckChannel(ctx context.Context, channel string) error {
	me, err := a.Me(ctx)
	if err != nil {
		return err
	}
	_, r, err := a.api.GetChannelMember(ctx, channel, me.ID, "")
	if err == nil {
		return nil
	}
	e := explain("look for the bot in the channel", r, err)
	if refused(e) {
		return fmt.Errorf("%w: there is no channel with this id, or the bot is not in it: write /invite @%s there (the id stands under View Info in the channel's menu)", e, me.Username)
	}
	return e
}

// checkCommands looks whether a team offers both commands.
func (a *Adapter) checkCommands(ctx context.Context, t *model.Team) error {
	offered, r, err := a.api.ListCommands(ctx, t.Id, false)
	if err != nil {
		return explain("list the commands of team "+t.Name, r, err)
	}
	for _, want := range []string{a.c.ResetCommand, a.c.StatusCommand} {
		if !slices.ContainsFunc(offered, func(c *model.Command) bool { return c.Trigger == want }) {
			return fmt.Errorf("team %s has no command /%s: run resetpin mattermost setup, and see that slash commands are allowed there", t.Name, want)
		}
	}
	return nil
}

// checkSocket waits for the websocket's first word.
func (a *Adapter) checkSocket(ctx context.Context) error {
	s := &stream{a: a}
	conn, err := s.dial(ctx)
	if err != nil {
		return fmt.Errorf("%w; a proxy before the server must pass websockets on", err)
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithTimeout(ctx, a.c.Timing.Hello)
	defer cancel()
	frames := make(chan frame, 1)
	failed := make(chan error, 1)
	go func() { failed <- s.read(ctx, conn, frames) }()
	select {
	case f := <-frames:
		if f.Event != model.WebsocketEventHello {
			return fmt.Errorf("the websocket began with %q and not with hello", f.Event)
		}
		return nil
	case err := <-failed:
		return fmt.Errorf("the websocket stays silent: %w", err)
	}
}

// checkWayBack has the server call the bot, by a command for help in the
// bot's direct message with itself. While the bot does not run it cannot be
// tried.
func (a *Adapter) checkWayBack(ctx context.Context, me *model.User, t *model.Team) (bool, error) {
	if !a.runs(ctx) {
		return false, nil
	}
	c, r, err := a.api.CreateDirectChannel(ctx, me.Id, me.Id)
	if err != nil {
		return false, explain("open the bot's own direct message", r, err)
	}
	_, r, err = a.api.ExecuteCommandWithTeam(ctx, c.Id, t.Id, "/"+a.c.ResetCommand+" help")
	if err == nil {
		return true, nil
	}
	e := explain("have the server call the bot", r, err)
	if strings.Contains(e.Detail, "AllowedUntrustedInternalConnections") || strings.Contains(e.Detail, "address forbidden") {
		return false, fmt.Errorf("%w: the server may not call %s: add its host under System Console > Environment > Developer > Allow untrusted internal connections", e, a.c.PublicURL)
	}
	return false, fmt.Errorf("%w: the server cannot reach PUBLIC_URL, or MATTERMOST_COMMAND_TOKENS is not what resetpin mattermost setup printed, or the bot's host is missing under System Console > Environment > Developer > Allow untrusted internal connections", e)
}

// runs asks at PUBLIC_URL whether the bot runs.
func (a *Adapter) runs(ctx context.Context) bool {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, a.c.PublicURL+"/healthz", http.NoBody)
	if err != nil {
		return false
	}
	r, err := a.c.HTTPClient.Do(q)
	if err != nil {
		return false
	}
	closeBody(r)
	return r.StatusCode == http.StatusOK
}

// wayWorks is what the bot answers the doctor when the server reached it and
// proves who acts.
const wayWorks = "ok"

// wayBack answers the doctor.
func wayBack(err error) string {
	if err != nil {
		return err.Error()
	}
	return wayWorks
}
