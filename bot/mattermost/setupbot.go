package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"
)

// tokenNote is what the token's list in the system console shows.
const tokenNote = "resetpin"

// account finds the bot's account, or makes one.
func (s *setup) account(ctx context.Context) error {
	if s.c.BotToken != "" && !s.c.NewToken {
		return s.accountOfToken(ctx)
	}
	u, r, err := s.admin.GetUserByUsername(ctx, s.c.BotUsername, "")
	switch {
	case err != nil && r != nil && r.StatusCode == http.StatusNotFound:
		return s.makeAccount(ctx)
	case err != nil:
		return explain("look for the bot's account", r, err)
	case !u.IsBot:
		return fmt.Errorf("mattermost: @%s is a person's account; make a bot account of another name under Integrations > Bot Accounts and put its token into MATTERMOST_BOT_TOKEN", u.Username)
	case u.DeleteAt != 0:
		return fmt.Errorf("mattermost: the bot account @%s is disabled; enable it under Integrations > Bot Accounts", u.Username)
	case !s.c.NewToken:
		return fmt.Errorf("mattermost: the bot account @%s exists; put its token into MATTERMOST_BOT_TOKEN, or let --new-token make another one", u.Username)
	}
	s.bot, s.out.Bot = u, u.Username
	return s.makeToken(ctx)
}

// accountOfToken asks who the configured token is.
func (s *setup) accountOfToken(ctx context.Context) error {
	u, r, err := newClient(s.c.URL, s.c.BotToken, s.c.HTTPClient).GetMe(ctx, "")
	if err != nil {
		e := explain("log in with MATTERMOST_BOT_TOKEN", r, err)
		if e.Status == http.StatusUnauthorized {
			return errors.New("mattermost: the server refuses MATTERMOST_BOT_TOKEN; --new-token makes another one")
		}
		return e
	}
	if !u.IsBot {
		return fmt.Errorf("mattermost: MATTERMOST_BOT_TOKEN is the person @%s's; leave it empty, and a bot account is made", u.Username)
	}
	s.bot, s.out.Bot = u, u.Username
	return nil
}

func (s *setup) makeAccount(ctx context.Context) error {
	b, r, err := s.admin.CreateBot(ctx, &model.Bot{Username: s.c.BotUsername, DisplayName: s.c.BotName, Description: s.c.BotAbout})
	if err != nil {
		e := explain("make the bot's account", r, err)
		if e.Status == http.StatusForbidden || e.Status == http.StatusNotImplemented {
			return fmt.Errorf("%w; allow bot accounts: System Console > Integrations > Bot Accounts > Enable Bot Account Creation (ServiceSettings.EnableBotAccountCreation)", e)
		}
		return e
	}
	s.bot, s.out.Bot = &model.User{Id: b.UserId, Username: b.Username, IsBot: true}, b.Username
	s.did("made the bot account @%s", b.Username)
	return s.makeToken(ctx)
}

func (s *setup) makeToken(ctx context.Context) error {
	t, r, err := s.admin.CreateUserAccessToken(ctx, s.bot.Id, tokenNote)
	if err != nil {
		return explain("make the bot's token", r, err)
	}
	s.out.BotToken = t.Token
	s.did("made a token for @%s", s.bot.Username)
	return nil
}

// join makes the bot a member of a team: otherwise it sees nothing of it.
func (s *setup) join(ctx context.Context, t *model.Team) error {
	m, r, err := s.admin.GetTeamMember(ctx, t.Id, s.bot.Id, "")
	if err == nil && m.DeleteAt == 0 {
		return nil
	}
	if err != nil && (r == nil || r.StatusCode != http.StatusNotFound) {
		return explain("look whether the bot is in team "+t.Name, r, err)
	}
	if _, r, err := s.admin.AddTeamMember(ctx, t.Id, s.bot.Id); err != nil {
		return explain("join the bot to team "+t.Name, r, err)
	}
	s.did("joined @%s to team %s", s.bot.Username, t.Name)
	return nil
}
