package setup

import (
	"context"
	_ "embed" // the bot's face
	"errors"
	"fmt"
	"net/http"
	"resetpin/bot/mattermost/server"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// tokenNote is what the token's list in the system console shows.
const tokenNote = "resetpin"

// account finds the bot's account, or makes one.
func (s *run) account(ctx context.Context) error {
	if s.c.BotToken != "" && !s.c.NewToken {
		return s.accountOfToken(ctx)
	}
	u, r, err := s.admin.GetUserByUsername(ctx, s.c.BotUsername, "")
	switch {
	case err != nil && r != nil && r.StatusCode == http.StatusNotFound:
		return s.makeAccount(ctx)
	case err != nil:
		return server.Explain("look for the bot's account", r, err)
	case !u.IsBot:
		return fmt.Errorf("mattermost: @%s is a person's account; make a bot account of another name under Integrations > Bot Accounts and put its token into MATTERMOST_BOT_TOKEN", u.Username)
	case u.DeleteAt != 0:
		return fmt.Errorf("mattermost: the bot account @%s is disabled, most likely because its owner's account is; enable it under Integrations > Bot Accounts", u.Username)
	case !s.c.NewToken:
		return fmt.Errorf("mattermost: the bot account @%s exists; put its token into MATTERMOST_BOT_TOKEN, or let --new-token make another one", u.Username)
	}
	s.bot, s.out.Bot = u, u.Username
	return s.makeToken(ctx)
}

// accountOfToken asks who the configured token is.
func (s *run) accountOfToken(ctx context.Context) error {
	u, r, err := server.NewClient(s.c.URL, s.c.BotToken, s.c.HTTPClient).GetMe(ctx, "")
	if err != nil {
		e := server.Explain("log in with MATTERMOST_BOT_TOKEN", r, err)
		if e.Status == http.StatusUnauthorized {
			return errors.New("mattermost: the server refuses MATTERMOST_BOT_TOKEN: it was revoked, or the bot's account is disabled (look under Integrations > Bot Accounts); --new-token makes another one")
		}
		return e
	}
	if !u.IsBot {
		return fmt.Errorf("mattermost: MATTERMOST_BOT_TOKEN is the person @%s's; leave it empty, and a bot account is made", u.Username)
	}
	s.bot, s.out.Bot = u, u.Username
	return nil
}

func (s *run) makeAccount(ctx context.Context) error {
	b, r, err := s.admin.CreateBot(ctx, &model.Bot{Username: s.c.BotUsername, DisplayName: s.c.BotName, Description: s.c.BotAbout})
	if err != nil {
		e := server.Explain("make the bot's account", r, err)
		if e.Status == http.StatusForbidden || e.Status == http.StatusNotImplemented {
			return fmt.Errorf("%w; allow bot accounts: System Console > Integrations > Bot Accounts > Enable Bot Account Creation (ServiceSettings.EnableBotAccountCreation)", e)
		}
		return e
	}
	s.bot, s.out.Bot = &model.User{Id: b.UserId, Username: b.Username, IsBot: true}, b.Username
	s.did("made the bot account @%s", b.Username)
	return s.makeToken(ctx)
}

func (s *run) makeToken(ctx context.Context) error {
	t, r, err := s.admin.CreateUserAccessToken(ctx, s.bot.Id, tokenNote)
	if err != nil {
		e := server.Explain("make the bot's token", r, err)
		if e.Status == http.StatusNotImplemented {
			return fmt.Errorf("%w; allow access tokens while the bot's is made: System Console > Integrations > Integration Management > Enable Personal Access Tokens (ServiceSettings.EnableUserAccessTokens)", e)
		}
		return e
	}
	s.out.BotToken = t.Token
	s.did("made a token for @%s", s.bot.Username)
	s.advise("personal access tokens and the making of bot accounts may be switched off again: the bot needs neither to run")
	return nil
}

// owner looks whose the bot is, and gives it to who is named. With the account
// of the one who ran this the bot would end, where the server is set so, and
// not come back with it.
func (s *run) owner(ctx context.Context) error {
	b, r, err := s.admin.GetBot(ctx, s.bot.Id, "")
	if err != nil {
		return server.Explain("look whose the bot is", r, err)
	}
	owner, r, err := s.admin.GetUser(ctx, b.OwnerId, "")
	if err != nil && (r == nil || r.StatusCode != http.StatusNotFound) { // a plugin may own it
		return server.Explain("look who owns the bot", r, err)
	}
	if s.c.Owner != "" {
		return s.assign(ctx, owner)
	}
	if owner != nil && slices.Contains(strings.Fields(owner.Roles), model.SystemAdminRoleId) && server.IsTrue(s.config.ServiceSettings.DisableBotsWhenOwnerIsDeactivated) {
		s.advise(fmt.Sprintf("@%s belongs to @%s, and the server disables it together with that account, for good (ServiceSettings.DisableBotsWhenOwnerIsDeactivated): give it to an account that no person has, with --owner NAME", s.bot.Username, owner.Username))
	}
	return nil
}

// assign gives the bot to who is named.
func (s *run) assign(ctx context.Context, now *model.User) error {
	if now != nil && strings.EqualFold(now.Username, s.c.Owner) {
		return nil
	}
	u, r, err := s.admin.GetUserByUsername(ctx, strings.ToLower(s.c.Owner), "")
	if err != nil {
		return server.Explain("look for the new owner @"+s.c.Owner, r, err)
	}
	if _, r, err := s.admin.AssignBot(ctx, s.bot.Id, u.Id); err != nil {
		return server.Explain("give the bot to @"+u.Username, r, err)
	}
	s.did("gave @%s to @%s", s.bot.Username, u.Username)
	return nil
}

// picture is the bot's face.
//
//go:embed face.png
var picture []byte

// face gives the bot a face, unless somebody has given it one.
func (s *run) face(ctx context.Context) error {
	u, r, err := s.admin.GetUser(ctx, s.bot.Id, "")
	if err != nil {
		return server.Explain("look at the bot's account", r, err)
	}
	if u.LastPictureUpdate != 0 {
		return nil
	}
	if r, err := s.admin.SetProfileImage(ctx, s.bot.Id, picture); err != nil {
		if e := server.Explain("give the bot a face", r, err); server.Refused(e) {
			s.advise(e.Error())
			return nil
		}
		return server.Explain("give the bot a face", r, err)
	}
	s.did("gave @%s a face", s.bot.Username)
	return nil
}

// join makes the bot a member of a team: otherwise it sees nothing of it.
func (s *run) join(ctx context.Context, t *model.Team) error {
	m, r, err := s.admin.GetTeamMember(ctx, t.Id, s.bot.Id, "")
	if err == nil && m.DeleteAt == 0 {
		return nil
	}
	if err != nil && (r == nil || r.StatusCode != http.StatusNotFound) {
		return server.Explain("look whether the bot is in team "+t.Name, r, err)
	}
	if _, r, err := s.admin.AddTeamMember(ctx, t.Id, s.bot.Id); err != nil {
		return server.Explain("join the bot to team "+t.Name, r, err)
	}
	s.did("joined @%s to team %s", s.bot.Username, t.Name)
	return nil
}
