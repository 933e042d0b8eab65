package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"resetpin/bot/mattermost/server"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// Health is what Check found.
type Health struct {
	Bot   string   // its username
	Teams []string // where it serves
	// Called tells that the server reached the bot. It is false while the bot
	// does not run: then nobody could have been reached.
	Called bool
	Advice []string // what would be nicer
}

// skewWorth is from when on a clock that goes wrong is worth a word.
const skewWorth = 10 * time.Second

// Check tries the server as it is configured: the bot's token, its teams and
// the slash commands there, what proves who acts, the websocket, and the way
// from the server back to the bot, by each command in each team. sites are the
// hosts of the reset links. The error says what is wrong and how to mend it,
// and holds no secret.
func (a *Adapter) Check(ctx context.Context, sites []string) (Health, error) {
	if len(a.tokens) == 0 {
		return Health{}, errors.New("MATTERMOST_COMMAND_TOKENS is empty: run resetpin mattermost setup, and put there what it prints")
	}
	c, r, err := server.AskClientConfig(ctx, a.api)
	if err != nil {
		return Health{}, server.Explain("ask for the server's settings", r, err)
	}
	if err := c.Conditions().WrongPath(a.c.URL); err != nil {
		return Health{}, err
	}
	u, r, err := a.api.GetMe(ctx, "")
	if err != nil {
		return Health{}, tokenError(server.Explain("ask who the bot is", r, err))
	}
	if !u.IsBot {
		return Health{}, fmt.Errorf("MATTERMOST_BOT_TOKEN is the person @%s's: run resetpin mattermost setup, which makes a bot account", u.Username)
	}
	h := Health{Bot: u.Username, Advice: c.Conditions().Advice(sites)}
	teams, err := a.checkTeams(ctx, u, &h)
	if err != nil {
		return h, err
	}
	if err := a.checkProof(c, r, &h); err != nil {
		return h, err
	}
	if err := a.checkSocket(ctx); err != nil {
		return h, err
	}
	h.Called, err = a.checkWayBack(ctx, u, teams)
	return h, err
}

// checkTeams looks at the bot's teams and their commands, and names those that
// the bot sees and is not in.
func (a *Adapter) checkTeams(ctx context.Context, u *model.User, h *Health) ([]*model.Team, error) {
	teams, r, err := a.api.GetTeamsForUser(ctx, u.Id, "")
	if err != nil {
		return nil, server.Explain("list the bot's teams", r, err)
	}
	if len(teams) == 0 {
		return nil, fmt.Errorf("@%s is in no team: run resetpin mattermost setup", u.Username)
	}
	var wrong []error
	for _, t := range teams {
		if err := a.checkCommands(ctx, t, len(teams)); err != nil {
			wrong = append(wrong, err)
		}
		h.Teams = append(h.Teams, t.Name)
	}
	if all, _, err := a.api.GetAllTeams(ctx, "", 0, 200); err == nil { // a bot is told of the open ones, or of none
		all = slices.DeleteFunc(all, func(t *model.Team) bool { return t.DeleteAt != 0 || slices.Contains(h.Teams, t.Name) })
		if len(all) > 0 {
			h.Advice = append(h.Advice, "teams without the bot: "+server.NamesOf(all)+": nobody has its commands there (resetpin mattermost setup --team NAME)")
		}
	}
	return teams, errors.Join(wrong...)
}

// checkProof looks whether it can be proven who acts.
func (a *Adapter) checkProof(c server.ClientConfig, r *model.Response, h *Health) error {
	a.authority.learn(c)
	a.authority.hear(r.Header, a.c.Now())
	if !a.authority.knows() {
		return errors.New("the server does not tell the key that it signs with (AsymmetricSigningPublicKey in its client configuration), so nobody can prove who types a command or presses a button, and all are turned away: look whether a proxy changes /api/v4/config/client")
	}
	if skew := a.authority.skew().Round(time.Second); skew.Abs() > skewWorth {
		which := "behind"
		if skew < 0 {
			which = "ahead of"
		}
		h.Advice = append(h.Advice, fmt.Sprintf("this machine's clock is %s %s the server's: set it by NTP (what proves who acts is judged by the server's)", skew.Abs(), which))
	}
	return nil
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
	e := server.Explain("look for the bot in the channel", r, err)
	if server.Refused(e) {
		return fmt.Errorf("%w: there is no channel with this id, or the bot is not in it: write /invite @%s there (the id stands under View Info in the channel's menu)", e, me.Username)
	}
	return e
}

// checkCommands looks whether a team offers both commands, and whether there
// are tokens for it.
func (a *Adapter) checkCommands(ctx context.Context, t *model.Team, teams int) error {
	offered, r, err := a.api.ListCommands(ctx, t.Id, false)
	if err != nil {
		return server.Explain("list the commands of team "+t.Name, r, err)
	}
	for _, want := range []string{a.c.ResetCommand, a.c.StatusCommand} {
		if !slices.ContainsFunc(offered, func(c *model.Command) bool { return c.Trigger == want }) {
			return fmt.Errorf("team %s has no command /%s: run resetpin mattermost setup, and see that slash commands are allowed there", t.Name, want)
		}
	}
	if !slices.ContainsFunc(a.tokens, func(k commandToken) bool { return k.team == t.Id || k.team == "" && teams == 1 }) {
		return fmt.Errorf("MATTERMOST_COMMAND_TOKENS holds no token of team %s (each is TEAM_ID:TOKEN; one without its team counts while the bot is in one team only): run resetpin mattermost setup, put there what it prints, and start the bot anew", t.Name)
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

// checkWayBack has the server call the bot, by each command in each team, in
// the bot's direct message with itself, and names all whose tokens the bot does
// not know. While the bot does not run it cannot be tried.
func (a *Adapter) checkWayBack(ctx context.Context, me *model.User, teams []*model.Team) (bool, error) {
	if !a.runs(ctx) {
		return false, nil
	}
	c, r, err := a.api.CreateDirectChannel(ctx, me.Id, me.Id)
	if err != nil {
		return false, server.Explain("open the bot's own direct message", r, err)
	}
	var unknown []string
	for _, t := range teams {
		for _, command := range []string{a.c.ResetCommand, a.c.StatusCommand} {
			err := a.callBack(ctx, c.Id, t, command)
			switch {
			case errors.Is(err, errUnknownToken):
				unknown = append(unknown, fmt.Sprintf("/%s in team %s", command, t.Name))
			case err != nil:
				return false, err
			}
		}
	}
	if len(unknown) > 0 {
		return false, fmt.Errorf("%w: %s; whoever types that reads \"401 Unauthorized\": run resetpin mattermost setup, put what it prints into MATTERMOST_COMMAND_TOKENS, and start the bot anew", errUnknownToken, strings.Join(unknown, ", "))
	}
	return true, nil
}

// errUnknownToken is a command that the server calls the bot by in vain.
var errUnknownToken = errors.New("the bot that runs does not know the token of")

// callBack has the server call the bot by one command of a team.
func (a *Adapter) callBack(ctx context.Context, channel string, t *model.Team, command string) error {
	answer, r, err := a.api.ExecuteCommandWithTeam(ctx, channel, t.Id, "/"+command+" help")
	if err == nil {
		if answer.Text != wayWorks {
			return fmt.Errorf("/%s in team %s reaches the bot, which cannot tell who types it: %s; look whether a proxy changes what the server sends, and whether two servers answer at MATTERMOST_URL", command, t.Name, answer.Text)
		}
		return nil
	}
	e := server.Explain(fmt.Sprintf("have the server call the bot by /%s in team %s", command, t.Name), r, err)
	switch {
	case strings.Contains(e.Detail, "AllowedUntrustedInternalConnections") || strings.Contains(e.Detail, "address forbidden"):
		return fmt.Errorf("%w: the server may not call %s: add its host under System Console > Environment > Developer > Allow untrusted internal connections", e, a.c.PublicURL)
	case strings.Contains(e.ID, "site_url_required"):
		return fmt.Errorf("%w: %s", e, server.NoSiteURL)
	case strings.Contains(e.Words+e.Detail, http.StatusText(http.StatusUnauthorized)):
		return errUnknownToken
	}
	return fmt.Errorf("%w: the server cannot reach PUBLIC_URL, or the bot's host is missing under System Console > Environment > Developer > Allow untrusted internal connections", e)
}

// runs asks at PUBLIC_URL whether the bot runs.
func (a *Adapter) runs(ctx context.Context) bool {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, a.c.PublicURL+"/healthz", http.NoBody)
	if err != nil {
		return false
	}
	q.Header.Set("User-Agent", a.c.Agent)
	r, err := a.c.HTTPClient.Do(q)
	if err != nil {
		return false
	}
	_ = r.Body.Close() // only the code is looked at
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
