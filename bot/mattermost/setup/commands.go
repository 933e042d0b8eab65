package setup

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"resetpin/bot/mattermost/server"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// commandPath is where slash commands arrive.
const commandPath = "/mattermost/command"

// commands makes a team's slash commands, or brings them up to date. A
// command keeps its token.
func (s *run) commands(ctx context.Context, t *model.Team) error {
	there, r, err := s.admin.ListCommands(ctx, t.Id, true)
	if err != nil {
		e := server.Explain("list the commands of team "+t.Name, r, err)
		if e.Status == http.StatusNotImplemented {
			return fmt.Errorf("%w; allow slash commands: System Console > Integrations > Integration Management > Enable Custom Slash Commands (ServiceSettings.EnableCommands)", e)
		}
		return e
	}
	there = slices.DeleteFunc(there, func(c *model.Command) bool { return c.TeamId != t.Id || c.DeleteAt != 0 })
	for _, want := range s.c.Commands {
		if err := s.command(ctx, t, s.wanted(t, want), there); err != nil {
			return err
		}
	}
	for _, c := range s.leftOver(there) {
		s.advise(fmt.Sprintf("/%s in team %s leads to the bot too and is no word of it any more: remove it under Integrations > Slash Commands", c.Trigger, t.Name))
	}
	return nil
}

// isOurs tells whether a command leads to a bot of this kind.
func isOurs(c *model.Command) bool {
	u, err := url.Parse(c.URL)
	return err == nil && strings.HasSuffix(u.Path, commandPath)
}

// leftOver gives the commands that lead to the bot under words that it has no
// more.
func (s *run) leftOver(there []*model.Command) []*model.Command {
	var out []*model.Command
	for _, c := range there {
		wanted := slices.ContainsFunc(s.c.Commands, func(w Command) bool { return w.Trigger == c.Trigger })
		if isOurs(c) && !wanted {
			out = append(out, c)
		}
	}
	return out
}

// renamed gives the command that a missing one is to be made of: of the bot's
// that have a word no more, the one that says the same, or the only one.
func (s *run) renamed(want *model.Command, there []*model.Command) *model.Command {
	left := s.leftOver(there)
	for _, c := range left {
		if c.Description == want.Description {
			return c
		}
	}
	missing := 0
	for _, w := range s.c.Commands {
		if !slices.ContainsFunc(there, func(c *model.Command) bool { return c.Trigger == w.Trigger }) {
			missing++
		}
	}
	if len(left) == 1 && missing == 1 {
		return left[0]
	}
	return nil
}

// token keeps a command's token with the team that it is for.
func (s *run) token(c *model.Command) {
	s.out.CommandTokens = append(s.out.CommandTokens, c.TeamId+":"+c.Token)
}

// keepTokens takes the tokens of the bot's commands in a team that is left as
// it is: the settings hold those of all teams.
func (s *run) keepTokens(ctx context.Context, t *model.Team) error {
	there, r, err := s.admin.ListCommands(ctx, t.Id, true)
	if err != nil {
		return server.Explain("list the commands of team "+t.Name, r, err)
	}
	for _, c := range there {
		for _, want := range s.c.Commands {
			if c.Trigger == want.Trigger && c.TeamId == t.Id && c.DeleteAt == 0 && c.URL == s.wanted(t, want).URL {
				s.token(c)
			}
		}
	}
	return nil
}

// wanted is a command as the server is to have it. Custom commands have no tree
// for autocompletion: the hint, which is gone after the blank, and the
// description are all. The picture is the bot's own on the server, which every
// client reaches.
func (s *run) wanted(t *model.Team, c Command) *model.Command {
	return &model.Command{
		TeamId: t.Id, Trigger: c.Trigger, Method: model.CommandMethodPost, Username: s.bot.Username,
		AutoComplete: true, AutoCompleteDesc: c.Description, AutoCompleteHint: c.Hint,
		IconURL:     s.site() + model.APIURLSuffix + "/users/" + s.bot.Id + "/image",
		DisplayName: c.DisplayName, Description: c.Description, URL: strings.TrimRight(s.c.PublicURL, "/") + commandPath,
	}
}

// site is the address that people's clients reach the server at.
func (s *run) site() string {
	if site := s.config.ServiceSettings.SiteURL; site != nil && *site != "" {
		return strings.TrimRight(*site, "/")
	}
	return strings.TrimRight(s.c.URL, "/")
}

func (s *run) command(ctx context.Context, t *model.Team, want *model.Command, there []*model.Command) error {
	for _, c := range there {
		if c.Trigger == want.Trigger {
			return s.update(ctx, t, want, c)
		}
	}
	if c := s.renamed(want, there); c != nil {
		return s.update(ctx, t, want, c)
	}
	c, r, err := s.admin.CreateCommand(ctx, want)
	if err != nil {
		e := server.Explain(fmt.Sprintf("make /%s in team %s", want.Trigger, t.Name), r, err)
		if e.ID == "api.command.duplicate_trigger.app_error" {
			return fmt.Errorf("%w: something else has this word (Mattermost itself or a plugin); choose another in MATTERMOST_RESET_COMMAND or MATTERMOST_STATUS_COMMAND", e)
		}
		return e
	}
	s.token(c)
	s.did("made /%s in team %s", want.Trigger, t.Name)
	return nil
}

// update changes what differs of a command that is the bot's.
func (s *run) update(ctx context.Context, t *model.Team, want, c *model.Command) error {
	if !isOurs(c) {
		return fmt.Errorf("mattermost: /%s in team %s belongs to another integration; remove it under Integrations > Slash Commands, or choose another word in MATTERMOST_RESET_COMMAND or MATTERMOST_STATUS_COMMAND", c.Trigger, t.Name)
	}
	s.token(c)
	changed := *c
	changed.Method, changed.URL, changed.Username = want.Method, want.URL, want.Username
	changed.AutoComplete, changed.AutoCompleteDesc, changed.AutoCompleteHint = want.AutoComplete, want.AutoCompleteDesc, want.AutoCompleteHint
	changed.DisplayName, changed.Description, changed.IconURL = want.DisplayName, want.Description, want.IconURL
	changed.Trigger = want.Trigger
	if changed == *c {
		return nil
	}
	if _, r, err := s.admin.UpdateCommand(ctx, &changed); err != nil {
		return server.Explain(fmt.Sprintf("change /%s in team %s", c.Trigger, t.Name), r, err)
	}
	if changed.Trigger != c.Trigger {
		s.did("renamed /%s to /%s in team %s", c.Trigger, changed.Trigger, t.Name)
		c.Trigger = changed.Trigger // for those that come after
		return nil
	}
	s.did("brought /%s in team %s up to date", c.Trigger, t.Name)
	return nil
}
