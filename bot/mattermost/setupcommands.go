package mattermost

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// commandPath is where slash commands arrive.
const commandPath = "/mattermost/command"

// commands makes a team's slash commands, or brings them up to date. A
// command keeps its token.
func (s *setup) commands(ctx context.Context, t *model.Team) error {
	there, r, err := s.admin.ListCommands(ctx, t.Id, true)
	if err != nil {
		e := explain("list the commands of team "+t.Name, r, err)
		if e.Status == http.StatusNotImplemented {
			return fmt.Errorf("%w; allow slash commands: System Console > Integrations > Integration Management > Enable Custom Slash Commands (ServiceSettings.EnableCommands)", e)
		}
		return e
	}
	for _, want := range s.c.Commands {
		if err := s.command(ctx, t, s.wanted(t, want), there); err != nil {
			return err
		}
	}
	return nil
}

// token keeps a command's token with the team that it is for.
func (s *setup) token(c *model.Command) {
	s.out.CommandTokens = append(s.out.CommandTokens, c.TeamId+":"+c.Token)
}

// keepTokens takes the tokens of the bot's commands in a team that is left as
// it is: the settings hold those of all teams.
func (s *setup) keepTokens(ctx context.Context, t *model.Team) error {
	there, r, err := s.admin.ListCommands(ctx, t.Id, true)
	if err != nil {
		return explain("list the commands of team "+t.Name, r, err)
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

// wanted is a command as the server is to have it. A server of 10.12 keeps no
// autocompletion tree of custom commands: hint and description are all.
func (s *setup) wanted(t *model.Team, c SetupCommand) *model.Command {
	return &model.Command{
		TeamId: t.Id, Trigger: c.Trigger, Method: model.CommandMethodPost, Username: s.bot.Username,
		AutoComplete: true, AutoCompleteDesc: c.Description, AutoCompleteHint: c.Hint,
		DisplayName: c.DisplayName, Description: c.Description, URL: strings.TrimRight(s.c.PublicURL, "/") + commandPath,
	}
}

func (s *setup) command(ctx context.Context, t *model.Team, want *model.Command, there []*model.Command) error {
	for _, c := range there {
		if c.Trigger == want.Trigger && c.TeamId == t.Id && c.DeleteAt == 0 {
			return s.update(ctx, t, want, c)
		}
	}
	c, r, err := s.admin.CreateCommand(ctx, want)
	if err != nil {
		e := explain(fmt.Sprintf("make /%s in team %s", want.Trigger, t.Name), r, err)
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
func (s *setup) update(ctx context.Context, t *model.Team, want, c *model.Command) error {
	if u, err := url.Parse(c.URL); err != nil || !strings.HasSuffix(u.Path, commandPath) {
		return fmt.Errorf("mattermost: /%s in team %s belongs to another integration; remove it under Integrations > Slash Commands, or choose another word in MATTERMOST_RESET_COMMAND or MATTERMOST_STATUS_COMMAND", c.Trigger, t.Name)
	}
	s.token(c)
	changed := *c
	changed.Method, changed.URL, changed.Username = want.Method, want.URL, want.Username
	changed.AutoComplete, changed.AutoCompleteDesc, changed.AutoCompleteHint = want.AutoComplete, want.AutoCompleteDesc, want.AutoCompleteHint
	changed.DisplayName, changed.Description = want.DisplayName, want.Description
	if changed == *c {
		return nil
	}
	if _, r, err := s.admin.UpdateCommand(ctx, &changed); err != nil {
		return explain(fmt.Sprintf("change /%s in team %s", c.Trigger, t.Name), r, err)
	}
	s.did("brought /%s in team %s up to date", c.Trigger, t.Name)
	return nil
}
